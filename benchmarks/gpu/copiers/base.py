"""One case by one library: blocks, views, the copy, its check, its time."""

import statistics
import time

from libraries.base import Missing

CHUNK = 1 << 24  # elements compared at once
MOST_PAIRS = 64


class Copier:
    """A library's way to copy a strided view into dense memory. Sub-classes say how; bytes and positions are ints."""

    def __init__(self, launches, rounds):
        self.launches, self.rounds = max(1, launches), max(1, rounds)

    version = ""
    """As text."""
    cache_bytes = 50 << 20
    """The second-level cache, where the library does not tell."""

    # ---- what a library says ------------------------------------------------------------------------------

    def block(self, size):
        """A new block of bytes: a flat uint8 array."""
        raise NotImplementedError

    def randomize(self, block):
        """Writes bytes of which no four make the exponent of an infinity or a NaN, whatever the type."""
        for start in range(0, len(block), CHUNK):
            part = block[start : start + CHUNK]
            part[:] = (self.positions(start, start + len(part)) * 2654435761 >> 13) & 0x3B

    def poison(self, block):
        """Writes 0xA5 everywhere."""
        raise NotImplementedError

    def view(self, block, typestr, shape, strides, offset):
        """A strided view; strides and offset in bytes. Raises Missing for what the library cannot say."""
        raise NotImplementedError

    def prepare(self, case, source, target):
        """A function without arguments that enqueues the copy. Raises Missing for cases that are not for this library."""
        raise NotImplementedError

    def memcpy(self, target, source):
        """Enqueues a copy of a whole block."""
        raise NotImplementedError

    def synchronize(self):
        raise NotImplementedError

    def milliseconds(self, work):
        """Time between events around ``work()`` on the device."""
        raise NotImplementedError

    def positions(self, start, stop):
        """The integers from start to stop as an array of the library."""
        raise NotImplementedError

    def backwards(self, rows):
        """Rows of bytes, each from its end."""
        raise Missing(f"{type(self).__name__} has no byte order but this machine's")

    def cast(self, rows, source, target):
        """Rows of bytes of one type as rows of another, by the library's conversion of dense arrays."""
        raise NotImplementedError

    def release(self):
        """Gives memory back that the library keeps for later."""

    # ---- what follows from it -----------------------------------------------------------------------------

    def measure(self, case):
        """Milliseconds, fraction of memcpy, and whether the result is right."""
        try:
            return self.measured(case)
        finally:
            self.release()

    def measured(self, case):
        size = case["movedBytes"] // 2
        pairs = self.pairs_of(case)
        copies = [self.prepare(case, source_view, target_view) for _, source_view, _, target_view in pairs]
        copies[0]()
        correct = self.is_correct(case, pairs[0][0], pairs[0][2])
        before = self.memcpy_time(size)
        milliseconds = self.median(copies)
        after = self.memcpy_time(size)
        return {"milliseconds": milliseconds, "memcpyFraction": (before + after) / 2 / milliseconds, "memcpyBefore": before, "memcpyAfter": after, "correct": correct}

    def pairs_of(self, case):
        """(block, view, block, view) as often as it takes to leave the cache."""
        target_bytes = case["movedBytes"] - case["itemSize"] * elements(case["shape"])
        count = self.pair_count(case["sourceBytes"] + target_bytes)
        pairs = []
        for _ in range(count):
            source, target = self.block(case["sourceBytes"]), self.block(target_bytes)
            self.randomize(source)
            self.poison(target)
            source_view = self.view(source, case["sourceType"], case["shape"], case["strides"], case["offset"])
            target_size = target_bytes // max(1, elements(case["shape"]))
            target_view = self.view(target, case["destinationType"], case["shape"], dense(case["shape"], target_size), 0)
            pairs.append((source, source_view, target, target_view))
        self.synchronize()
        return pairs

    def pair_count(self, pair_bytes):
        return max(1, min(MOST_PAIRS, -(-4 * self.cache_bytes // max(1, pair_bytes))))

    def is_correct(self, case, source, target):
        """Every element against the one that index arithmetic finds."""
        count = elements(case["shape"])
        size = (case["movedBytes"] - case["itemSize"] * count) // max(1, count)
        for start in range(0, count, CHUNK):
            index = self.positions(start, min(count, start + CHUNK))
            expected = self.rows_at(source, case["itemSize"], self.addresses(index, case))
            if case["sourceType"][1:] != case["destinationType"][1:]:
                expected = self.cast(expected, case["sourceType"], case["destinationType"])
            elif case["sourceType"][0] == ">":
                expected = self.backwards(expected)
            if int((self.rows_at(target, size, index * size) != expected).sum()) != 0:
                return False
        return True

    @staticmethod
    def rows_at(block, size, positions):
        """The bytes of elements, a row each. Positions in bytes are multiples of the size in every case."""
        return block.reshape(-1, size)[positions // size]

    @staticmethod
    def addresses(index, case):
        """Byte positions in the source's block of elements counted in C order."""
        address = index * 0 + case["offset"]
        for length, stride in zip(reversed(case["shape"]), reversed(case["strides"])):
            address = address + index % length * stride
            index = index // length
        return address

    def memcpy_time(self, size):
        pairs = [(self.block(size), self.block(size)) for _ in range(self.pair_count(2 * size))]
        return self.median([lambda pair=pair: self.memcpy(*pair) for pair in pairs])

    def median(self, copies):
        """Milliseconds of one launch; the copies take turns."""
        for copy in copies[:2]:
            copy()
        self.synchronize()
        turn = 0

        def launch():
            nonlocal turn
            for _ in range(self.launches):
                copies[turn % len(copies)]()
                turn += 1

        return statistics.median(self.milliseconds(launch) / self.launches for _ in range(self.rounds))

    def latency(self, side):
        """Microseconds to enqueue a transpose of side x side floats, and until it is done."""
        size = 4 * side * side
        case = {"case": "transpose", "type": "float32", "itemSize": 4, "sourceType": "<f4", "destinationType": "<f4", "shape": [side, side], "strides": [4, 4 * side], "offset": 0}
        source, target = self.block(size), self.block(size)
        copy = self.prepare(case, self.view(source, "<f4", case["shape"], case["strides"], 0), self.view(target, "<f4", case["shape"], [4 * side, 4], 0))
        copy()
        calls = 10 * self.launches

        def once(wait):
            self.synchronize()
            start = time.perf_counter()
            for _ in range(calls):
                copy()
                if wait:
                    self.synchronize()
            return 1e6 * (time.perf_counter() - start) / calls

        return min(once(False) for _ in range(self.rounds)), min(once(True) for _ in range(self.rounds))


def elements(shape):
    count = 1
    for length in shape:
        count *= length
    return count


def dense(shape, size):
    """C-order strides in bytes."""
    strides, step = [], size
    for length in reversed(shape):
        strides.insert(0, step)
        step *= length
    return strides


__all__ = ["Copier", "Missing", "dense", "elements"]
