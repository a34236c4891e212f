"""The cells of the interop matrix: what must hold for every library, each a function of its own.

A cell returns a short text for the table, raises Missing to be skipped, and anything else to fail.
"""

import gc
import struct
import time

from libraries.base import Missing

SHAPE = (64, 33)
COUNT = SHAPE[0] * SHAPE[1]
# Floats of four equal bytes, which any library can fill memory with.
FIRST, SECOND = (struct.unpack("<f", bytes([byte] * 4))[0] for byte in (0x3F, 0x40))


def single(value):
    """The float32 next to a number."""
    return struct.unpack("<f", struct.pack("<f", value))[0]


def expect(seen, expected, what):
    if seen != expected:
        raise AssertionError(f"{what}: expected {str(expected)[:200]}, got {str(seen)[:200]}")


def expect_all(values, expected, what):
    wrong = [index for index, value in enumerate(values) if value != expected]
    if wrong or not values:
        raise AssertionError(f"{what}: {len(wrong)} of {len(values)} elements are not {expected}, element {wrong[0] if wrong else 0} is {values[wrong[0]] if wrong else 'missing'}")


def raises(error, words, call):
    try:
        call()
    except error as raised:
        if words not in str(raised):
            raise AssertionError(f"the refusal does not say '{words}': {raised}") from None
        return str(raised)
    raise AssertionError(f"nothing was refused; expected {error.__name__} with '{words}'")


def judge(values, ordered, fresh, stale):
    """With ordering every element is fresh; without it some must be stale, or the race shows nothing."""
    if ordered:
        expect_all(values, fresh, "values (stale data: nothing waited)" if stale in values else "values")
        return ""
    if stale not in values:
        raise AssertionError("without ordering the stale value was not seen: this race proves nothing here")
    return f"{values.count(stale)} of {len(values)} elements stale"


class WithoutOrder:
    """A tensor as an exporter would give it that orders nothing: no stream in the interface, -1 for every consumer."""

    def __init__(self, tensor):
        self.tensor = tensor

    @property
    def __cuda_array_interface__(self):
        return {**self.tensor.__cuda_array_interface__, "stream": None}

    def __dlpack_device__(self):
        return self.tensor.__dlpack_device__()

    def __dlpack__(self, *, stream=None, **rest):
        return self.tensor.__dlpack__(stream=-1, **rest)


class Cells:
    """The matrix of one library."""

    def __init__(self, tb, library, kernels):
        self.tb, self.library, self.driver = tb, library, library.driver
        self.copy_kernel = kernels.kernel("BridgeKernels.Copy")  # y = x; reads x only
        self.saxpy = kernels.kernel("MyKernels.Saxpy")
        self.saxpy2d = kernels.kernel("MyKernels.Saxpy2D")
        self.slow = kernels.kernel("MyKernels.Slow")
        self.waste = tb.asarray(WithoutOrder(tb.zeros((1,), "float64", device="cuda:0")), via="cuda_array_interface")
        self.rounds = None

    def all(self):
        """(row, column, function) of every cell, in the order in which they run."""
        for via in self.library.protocols:
            yield "in: same address", via, lambda via=via: self.address_in(via)
            yield "in: strided view", via, lambda via=via: self.strided_in(via)
            yield "copy: strided made dense on the device", via, lambda via=via: self.made_dense(via)
            if self.library.read_only:
                yield "in: read-only is refused for writing", via, lambda via=via: self.read_only_in(via)
            else:
                yield "in: kernel in place, the owner sees it", via, lambda via=via: self.kernel_in_place(via)
            yield "in: owner deleted, memory stays", via, lambda via=via: self.owner_deleted(via)
            yield "stream in: ordered", via, lambda via=via: self.race_in(via, ordered=True)
            yield "stream in: ordering off shows stale data", via, lambda via=via: self.race_in(via, ordered=False)
            yield "stream in: later writes wait for the kernel", via, lambda via=via: self.write_after_read(via, ordered=True)
            yield "stream in: later writes, ordering off", via, lambda via=via: self.write_after_read(via, ordered=False)
            yield "memory: managed", via, lambda via=via: self.special_memory(self.library.managed, via)
            yield "memory: page-locked", via, lambda via=via: self.special_memory(self.library.pinned, via)
        for taker in self.library.takers:
            yield "out: same address, both see writes", taker.name, lambda taker=taker: self.address_out(taker)
            yield "out: tensor released, memory stays", taker.name, lambda taker=taker: self.tensor_released(taker)
            yield "stream out: ordered", taker.name, lambda taker=taker: self.race_out(taker, ordered=True)
            yield "stream out: ordering off shows stale data", taker.name, lambda taker=taker: self.race_out(taker, ordered=False)

    # ---- arrays in ---------------------------------------------------------------------------------------

    def into(self, array, via):
        tensor = self.tb.asarray(array, via=via)
        expect(tensor.ptr, self.library.pointer(array), "address")
        return tensor

    def ours(self, value, shape=SHAPE):
        """A tensor in device memory of TensorBridge; its values are there, whatever stream it names."""
        tensor = self.tb.empty(shape, "float32", device="cuda:0")
        self.driver.synchronize()
        self.driver.write(tensor.ptr, [value] * COUNT)
        return tensor

    def unbound(self, value):
        """The same without a stream, so that in a race nothing is ordered by this tensor. (The default stream would wait for
        all streams that a library made without saying otherwise.)"""
        return self.tb.asarray(WithoutOrder(self.ours(value)), via="cuda_array_interface")

    def read(self, tensor):
        """What lies at a dense tensor's address, read by the driver after all work."""
        return self.driver.floats(tensor.ptr, tensor.size)

    def address_in(self, via):
        tensor = self.into(self.library.full(SHAPE, FIRST), via)
        expect(tensor.shape, SHAPE, "shape")
        expect(tensor.typestr, "<f4", "type")
        expect(tensor.device, "cuda:0", "device")
        expect(tensor.readonly, self.library.read_only, "read-only")
        expect_all(self.read(tensor), FIRST, "values")
        return f"0x{tensor.ptr:x}"

    def strided_in(self, via):
        tensor, expected = self.numbered(via)
        expect((tensor.shape, tensor.strides), (SHAPE[::-1], (4, 4 * SHAPE[1])), "shape and strides")
        target = self.ours(0.0, SHAPE[::-1])
        self.saxpy2d(1.0, tensor, target)
        expect(self.read(target), expected, "sum")
        return f"strides {tensor.strides}"

    def made_dense(self, via):
        tensor, expected = self.numbered(via)
        dense = self.tb.ascontiguousarray(tensor)
        expect((dense.device, dense.c_contiguous, dense.shape), ("cuda:0", True, SHAPE[::-1]), "device, order and shape")
        expect(self.read(dense), expected, "values")
        (taker, *_) = self.library.takers
        expect(self.library.values(taker.take(dense)), expected, f"values by {taker.name}")
        return ""

    def numbered(self, via):
        """A transposed array of the library with elements numbered as they lie, and its values in C order."""
        array = self.library.full(SHAPE, FIRST)
        turned = self.library.transposed(array)
        self.driver.write(self.library.pointer(array), list(range(COUNT)))
        rows, columns = SHAPE
        return self.into(turned, via), [float(row * columns + column) for column in range(columns) for row in range(rows)]

    def kernel_in_place(self, via):
        x, y = self.library.full(SHAPE, FIRST), self.library.full(SHAPE, SECOND)
        self.saxpy(2.0, self.into(x, via), self.into(y, via))
        expect_all(self.library.values(y), single(2 * FIRST + SECOND), "what the owner reads")
        return ""

    def read_only_in(self, via):
        array = self.library.full(SHAPE, FIRST)
        tensor, target = self.into(array, via), self.ours(0.0)
        said = raises(ValueError, "read-only", lambda: self.saxpy(1.0, target, tensor))
        self.copy_kernel(tensor, target)
        expect_all(self.read(target), FIRST, "read through a read-only view")
        expect_all(self.library.values(array), FIRST, "the owner's values")
        return said

    def owner_deleted(self, via):
        array = self.library.full(SHAPE, FIRST)
        tensor = self.into(array, via)
        address = tensor.ptr
        del array
        gc.collect()
        others = [self.library.full(SHAPE, SECOND) for _ in range(8)]  # a pool would give a free block out again
        reused = [other for other in others if self.library.pointer(other) == address]
        expect(len(reused), 0, "arrays that got the same block")
        expect_all(self.read(tensor), FIRST, "values")
        tensor.release()
        del tensor, others
        gc.collect()
        return ""

    # ---- streams in --------------------------------------------------------------------------------------

    def importable(self, array, stream, via, ordered):
        """The tensor that a user would make while work on the array is pending on a stream."""
        if not ordered:
            return self.tb.asarray({**self.interface_of(array), "stream": None}, via="cuda_array_interface")
        with self.library.on(stream):
            return self.tb.asarray(self.library.offer(array, stream), via=via)

    def interface_of(self, array):
        return {"shape": SHAPE, "typestr": "<f4", "data": (self.library.pointer(array), False), "strides": None, "version": 3}

    def race_in(self, via, ordered):
        """The producer's value comes 0.2 s late; the kernel is launched at once, on another stream."""
        library = self.library
        if via in library.no_stream_in:
            raise Missing(library.no_stream_in[via])
        array, target = library.full(SHAPE, FIRST), self.unbound(0.0)
        producer, own = self.streams(ordered)
        number = library.number(own)
        self.copy_kernel(self.importable(array, producer, via, ordered), target, stream=number)  # all is compiled and loaded
        library.pending(library.full(SHAPE, FIRST), SECOND, producer)
        self.driver.synchronize()
        late = library.pending(array, SECOND, producer)
        self.copy_kernel(self.importable(late, producer, via, ordered), target, stream=number)
        self.finish(number)
        return judge(self.read(target), ordered, fresh=SECOND, stale=FIRST)

    def write_after_read(self, via, ordered):
        """The kernel comes 0.2 s late, on a stream of its own; the producer writes again at once."""
        library = self.library
        for reasons in (library.no_stream_in, library.pending_only_on_legacy):
            if via in reasons:
                raise Missing(reasons[via])
        array, target = library.full(SHAPE, FIRST), self.unbound(0.0)
        producer, own = self.streams(ordered)
        number = library.number(own)
        self.copy_kernel(self.importable(array, producer, via, ordered), target, stream=number)
        library.fill(array, FIRST, producer)
        self.driver.synchronize()
        library.delay(own)
        self.copy_kernel(self.importable(array, producer, via, ordered), target, stream=number)
        library.fill(array, SECOND, producer)
        self.finish(library.number(producer))
        return judge(self.read(target), ordered, fresh=FIRST, stale=SECOND)

    def streams(self, ordered):
        """A stream for the producer and one for us. A library without streams can show the ordered half only."""
        try:
            return self.library.stream(), self.library.stream()
        except Missing:
            if ordered:
                return None, None
            raise

    def stream_or_none(self):
        try:
            return self.library.stream()
        except Missing:
            return None

    def delay(self, stream):
        """Enqueues about 0.2 s of our own work on a stream of the driver."""
        if self.rounds is None:
            self.rounds = 1 if self.driver.is_stand_in else self.rounds_of(0.2)
        self.slow(self.rounds, self.waste, stream=stream)

    def rounds_of(self, seconds):
        """How long a loop of the slow kernel has to be."""
        rounds = 1000
        self.slow(rounds, self.waste)  # compiled, which takes longer than what is measured
        while rounds < 1 << 30:
            start = time.perf_counter()
            self.slow(rounds, self.waste)
            self.driver.synchronize()
            taken = time.perf_counter() - start
            if taken > seconds / 10:
                return max(1, int(rounds * seconds / taken))
            rounds *= 4
        return rounds

    def finish(self, number):
        """Waits for one stream first, so that what it did not wait for is still undone, then for all."""
        if number is not None:
            self.driver.wait(number)
        self.driver.synchronize()

    # ---- memory ------------------------------------------------------------------------------------------

    def special_memory(self, make, via):
        array = make(SHAPE, FIRST)
        try:
            tensor = self.tb.asarray(array, via=via)
        except TypeError as error:
            raise Missing(f"{self.library.name} does not offer this memory by {via} ({error})") from None
        if tensor.device == "cpu":
            raise Missing(f"{self.library.name} calls it plain host memory by {via}")
        expect(tensor.ptr, self.library.pointer(array), "address")
        target = self.ours(SECOND)
        self.saxpy(1.0, tensor, target)  # on the device, where the other one is
        expect_all(self.read(target), single(FIRST + SECOND), "what the device reads")
        self.saxpy(2.0, tensor, tensor)
        self.driver.synchronize()
        expect_all(self.library.values(array), single(3 * FIRST), "what the owner reads")
        return tensor.device

    # ---- tensors out -------------------------------------------------------------------------------------

    def address_out(self, taker):
        tensor = self.ours(FIRST)
        array = taker.take(tensor)
        expect(self.library.pointer(array), tensor.ptr, "address")
        expect_all(self.library.values(array), FIRST, "what the library reads")
        self.saxpy(1.0, tensor, tensor)
        expect_all(self.library.values(array), 2 * FIRST, "what the library reads after our kernel")
        if not self.library.read_only:
            self.library.fill(array, SECOND, self.library.stream())
            expect_all(self.read(tensor), SECOND, "what we read after its write")
        return f"0x{tensor.ptr:x}"

    def tensor_released(self, taker):
        if taker.unordered is not None and self.library.read_only:
            raise Missing(taker.unordered)
        tensor = self.ours(FIRST)
        address = tensor.ptr
        array = taker.take(tensor)
        del tensor
        gc.collect()
        others = [self.ours(SECOND) for _ in range(8)]
        expect([other.ptr == address for other in others].count(True), 0, "tensors that got the same block")
        expect_all(self.library.values(array), FIRST, "what the library reads")
        del array, others
        gc.collect()
        self.driver.synchronize()
        return ""

    def race_out(self, taker, ordered):
        """Our kernel comes 0.2 s late on a stream; the library takes its result at once and works on another."""
        library = self.library
        if taker.unordered is not None:
            raise Missing(taker.unordered)
        spare = library.full(SHAPE, 0.0)
        source, target = self.unbound(SECOND), self.unbound(FIRST)
        own, consumer = self.driver.stream(), self.stream_or_none()
        self.copy_kernel(target, target, stream=own)
        self.delay(own)
        pending = self.tb.asarray({**target.__cuda_array_interface__, "stream": own}, via="cuda_array_interface")
        given = pending if ordered else WithoutOrder(pending)
        with library.on(consumer):  # all is compiled and loaded
            library.settle(library.copied(taker.take(given), spare, consumer), consumer)
        self.driver.synchronize()
        self.delay(own)
        self.copy_kernel(source, target, stream=own)
        with library.on(consumer):
            array = taker.take(given)
        copied = library.copied(array, spare, consumer)
        library.settle(copied, consumer)
        self.driver.synchronize()
        return judge(library.values(copied), ordered, fresh=SECOND, stale=FIRST)
