"""Copies by libraries whose arrays behave as NumPy's: NumPy itself and CuPy."""

from .base import Copier


class ArrayCopier(Copier):
    """``xp`` is the module."""

    def __init__(self, xp, launches, rounds):
        super().__init__(launches, rounds)
        self.xp = xp
        self.version = xp.__version__

    def block(self, size):
        return self.xp.empty(size, dtype="uint8")

    def poison(self, block):
        block.fill(0xA5)

    def prepare(self, case, source, target):
        return lambda: self.xp.copyto(target, source, casting="unsafe")

    def positions(self, start, stop):
        return self.xp.arange(start, stop, dtype="int64")

    def backwards(self, rows):
        return rows[:, ::-1]

    def cast(self, rows, source, target):
        values = rows.reshape(-1).view(source).astype(target)
        return values.view("uint8").reshape(len(rows), -1)
