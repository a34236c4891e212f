"""Elements as Python values, where the managed side gives ticks and flat lists."""

import datetime as _datetime
import functools as _functools

_EPOCH = _datetime.datetime(1970, 1, 1)
_MICROSECOND = _datetime.timedelta(microseconds=1)
_NOT_A_TIME = -(1 << 63)
_MICROSECONDS = {"W": 604_800_000_000, "D": 86_400_000_000, "h": 3_600_000_000, "m": 60_000_000, "s": 1_000_000, "ms": 1000, "us": 1}
_PER_MICROSECOND = {"ns": 10**3, "ps": 10**6, "fs": 10**9, "as": 10**12}


def nest(values, shape):
    """Values in C order as nested lists of a shape; the value itself without axes."""
    if not shape:
        return values[0]
    if 0 in shape:
        return [] if shape[0] == 0 else [nest(values, shape[1:]) for _ in range(shape[0])]
    for length in reversed(shape[1:]):
        values = [values[i : i + length] for i in range(0, len(values), length)]
    return values


def converter(tensor):
    """The function that turns what the managed side gives for an element into Python's value; None where it is that already."""
    typestr = tensor.typestr
    if typestr[1] in "Mm":
        return _tick_converter(typestr)
    return _record_converter(tensor._descr) if typestr[1] == "V" else None


def ticks(value, typestr):
    """A value on its way into a tensor: dates and durations as ticks of the element type's unit."""
    if typestr[1] not in "Mm":
        return value
    if isinstance(value, (list, tuple)):
        return [ticks(item, typestr) for item in value]
    if value == "NaT" if isinstance(value, str) else value is None:
        return None
    if isinstance(value, _datetime.timedelta if typestr[1] == "m" else _datetime.date):
        return _whole(_count(value, *_unit(typestr)), value, typestr)
    return value


# ---- from ticks


@_functools.lru_cache(maxsize=None)
def _tick_converter(typestr):
    read = _date if typestr[1] == "M" else _duration
    return _functools.partial(read, *_unit(typestr))


def _unit(typestr):
    """('s', 25) of '<M8[25s]'; ('', 1) without a unit."""
    text = typestr[4:-1]
    symbol = text.lstrip("0123456789")
    return symbol, int(text[: len(text) - len(symbol)] or 1)


def _date(symbol, multiple, count):
    if count == _NOT_A_TIME or symbol == "":
        return None
    if symbol in ("Y", "M"):
        year, month = divmod(count * multiple * (12 if symbol == "Y" else 1), 12)
        return _datetime.date(1970 + year, month + 1, 1) if 1 <= 1970 + year <= 9999 else count
    if symbol not in _MICROSECONDS:
        return count
    try:
        value = _EPOCH + _datetime.timedelta(microseconds=count * multiple * _MICROSECONDS[symbol])
    except OverflowError:
        return count
    return value.date() if symbol in ("W", "D") else value


def _duration(symbol, multiple, count):
    if count == _NOT_A_TIME:
        return None
    if symbol not in _MICROSECONDS:
        return count
    try:
        return _datetime.timedelta(microseconds=count * multiple * _MICROSECONDS[symbol])
    except OverflowError:
        return count


def _record_converter(descr):
    """For the tuple of a record; None where no field needs one."""
    fields = [_field_converter(*entry[1:]) for entry in descr if entry[0] != ""]
    if not any(fields):
        return None
    return lambda record: tuple(value if convert is None else convert(value) for convert, value in zip(fields, record))


def _field_converter(kind, shape=()):
    if isinstance(kind, list):
        convert = _record_converter(kind)
    else:
        convert = _tick_converter(kind) if kind[1] in "Mm" else None
    return convert if convert is None or not shape else _functools.partial(_deep, convert, len(shape))


def _deep(convert, depth, values):
    return [convert(value) if depth == 1 else _deep(convert, depth - 1, value) for value in values]


# ---- to ticks


def _count(value, symbol, multiple):
    """(numerator, denominator) of the ticks."""
    if symbol in ("Y", "M") and isinstance(value, _datetime.date):
        start = _datetime.datetime(value.year, 1 if symbol == "Y" else value.month, 1)
        months = (value.year - 1970) * 12 + value.month - 1
        # What lies inside the month or year is a fraction of it, whatever its size.
        return (months, multiple * (12 if symbol == "Y" else 1)) if _as_datetime(value) == start else (1, 2)
    duration = value if isinstance(value, _datetime.timedelta) else _as_datetime(value) - _EPOCH
    microseconds = duration // _MICROSECOND
    if symbol in _PER_MICROSECOND:
        return microseconds * _PER_MICROSECOND[symbol], multiple
    if symbol in _MICROSECONDS:
        return microseconds, multiple * _MICROSECONDS[symbol]
    raise TypeError(f"{value!r} has no length in the unit {symbol!r}; store ticks as an int")


def _as_datetime(date):
    return date if isinstance(date, _datetime.datetime) else _datetime.datetime(date.year, date.month, date.day)


def _whole(fraction, value, typestr):
    count, rest = divmod(*fraction)
    if rest:
        raise ValueError(f"{value!r} is no whole number of ticks of {typestr}; round it first")
    return count
