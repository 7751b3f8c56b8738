"""Python's `re` on known texts, where a pattern is sure to be matched in little time.

A match tries at most one position for each repetition of its pattern at each position of the text; with no repetition or
choice inside of another repetition that is a polynomial, and what exceeds `WORK` is not computed.
"""

from __future__ import annotations

import importlib
import re
import sys
import warnings
from collections.abc import Callable, Sequence

from padlint.arithmetic.dims import Unknown
from padlint.evaluate.machine import Machine
from padlint.evaluate.registry import Table
from padlint.evaluate.values import Builtin, Call, Namespace, Value
from padlint.evaluate.weight import LOOK, words

_known = Table()
WORK = 1_000_000
LONGEST = 400
PARSED = 8
"""What it costs to read a character of a pattern."""
_PARSER = importlib.import_module("re._parser" if sys.version_info >= (3, 11) else "sre_parse")
_PLAIN = frozenset({"LITERAL", "NOT_LITERAL", "ANY", "IN", "AT"})
_REPEATS = frozenset({"MAX_REPEAT", "MIN_REPEAT", "POSSESSIVE_REPEAT"})
Steps = Sequence[tuple[object, object]]


class TooMuch(Exception):
    """A pattern that might take long."""


def cost(steps: Steps, length: int, repeated: bool = False) -> int:
    """How many ways there are at most to match these steps of a parsed pattern at one position of a text.

    Raises:
        TooMuch: no bound is known
    """
    ways = 1
    for op, argument in steps:
        name = str(op)
        if name in _PLAIN:
            continue
        if name in _REPEATS and isinstance(argument, tuple):
            _low, high, inner = argument
            if repeated:
                raise TooMuch
            ways *= cost(inner, length, repeated=high > 1) * (2 if high == 1 else length + 1)
        elif name == "SUBPATTERN" and isinstance(argument, tuple):
            ways *= cost(argument[-1], length, repeated)
        elif name == "BRANCH" and isinstance(argument, tuple) and not repeated:
            ways *= sum(cost(each, length) for each in argument[1])
        else:
            raise TooMuch
        if ways > WORK:
            raise TooMuch
    return ways


def compiled(machine: Machine, pattern: Value, flags: Value, text: str) -> re.Pattern[str] | None:
    """The pattern, if it is a right one and its work on this text is bounded; it is paid for."""
    if not isinstance(pattern, str) or len(pattern) > LONGEST or len(text) > LONGEST:
        return None
    if not isinstance(flags, int) or not 0 <= flags <= 1 << 10:
        return None
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            machine.charge(PARSED * len(pattern))
            steps = _PARSER.parse(pattern, flags)
            work = cost(steps, len(text)) * (len(text) + 1)
            if work > WORK:
                return None
            machine.look(work // LOOK)
            return re.compile(pattern, flags)
    except (re.error, TooMuch, ValueError, OverflowError, RecursionError):
        return None


def _matched(found: re.Match[str] | None) -> Value:
    """A match object: what it found, not the text."""
    if found is None:
        return None
    names: dict[str, Callable[..., Value]] = {
        "group": found.group, "start": found.start, "end": found.end, "span": found.span, "groups": found.groups,
        "__getitem__": found.group,
    }  # fmt: skip
    attrs: dict[str, Value] = {name: _asked(name, ask) for name, ask in names.items()}
    attrs["groupdict"] = Builtin("groupdict", lambda machine, call: machine.dict(dict[str, Value](found.groupdict())))
    return Namespace("re.Match", {**attrs, "string": found.string, "lastindex": found.lastindex})


def _asked(name: str, ask: Callable[..., Value]) -> Builtin:
    def run(machine: Machine, call: Call) -> Value:
        given = [value for value in call.args if isinstance(value, (int, str)) or value is None]
        if len(given) < len(call.args) or call.keywords:
            return Unknown(f"{name}() of a group that is not known", call.place)
        try:
            return ask(*given)
        except (IndexError, TypeError):
            return Unknown("there is no such group", call.place)

    return Builtin(name, run)


def _run(machine: Machine, name: str, pattern: Value, flags: Value, call: Call) -> Value:
    """`name` of a pattern; the call has what follows it."""
    replacement = call.get(0, "repl") if name in ("sub", "subn") else None
    rest = Call(call.args[1:], call.keywords, call.place, call.rest) if name in ("sub", "subn") else call
    text, count = rest.get(0, "string"), rest.get(1, "maxsplit" if name == "split" else "count", 0)
    ready = compiled(machine, pattern, flags, text) if isinstance(text, str) else None
    if ready is None or not isinstance(text, str) or not isinstance(count, int) or rest.rest is not None:
        return Unknown(f"{name}() of a pattern or text that is not known, or too long", call.place)
    if name in ("match", "search", "fullmatch"):
        return _matched(getattr(ready, name)(text)) if len(rest.args) < 2 else Unknown("a part of a text", call.place)
    if name == "split":
        return machine.list(list[Value](ready.split(text, count)))
    if name == "findall":
        return machine.list(list[Value](ready.findall(text)))
    if name == "finditer":
        return machine.list([_matched(found) for found in ready.finditer(text)])
    return _replaced(machine, ready, replacement, text, count, call)


def _replaced(machine: Machine, ready: re.Pattern[str], replacement: Value, text: str, count: int, call: Call) -> Value:
    """`sub`: by a text with groups in it, or by what a function of the program gives for each match."""
    pieces: list[str] = []
    at = 0
    for turn, found in enumerate(ready.finditer(text)):
        if count and turn >= count:
            break
        try:
            new = found.expand(replacement) if isinstance(replacement, str) and len(replacement) <= LONGEST else None
        except (re.error, IndexError):
            return Unknown("a replacement that does not fit its pattern", call.place)
        if not isinstance(replacement, str):
            new_value = machine.call(replacement, _matched(found), place=call.place)
            new = new_value if isinstance(new_value, str) else None
        if new is None:
            return Unknown("a replacement that is not known", call.place)
        machine.charge(words(len(new)))
        pieces += [text[at : found.start()], new]
        at = found.end()
    return "".join([*pieces, text[at:]])


_NAMES = {"match": 2, "fullmatch": 2, "search": 2, "findall": 2, "finditer": 2, "split": 3, "sub": 4}
"""The functions that are known, and where their flags stand."""


def _function(name: str, place_of_flags: int) -> None:
    @_known.knows(f"re.{name}")
    def function(machine: Machine, call: Call) -> Value:
        keywords = {key: value for key, value in call.keywords.items() if key not in ("pattern", "flags")}
        rest = Call(call.args[1:place_of_flags], keywords, call.place, call.rest)
        return _run(machine, name, call.get(0, "pattern"), call.get(place_of_flags, "flags", 0), rest)


def _method(name: str, pattern: Value, flags: Value) -> Builtin:
    return Builtin(name, lambda machine, call: _run(machine, name, pattern, flags, call))


for _name, _place in _NAMES.items():
    _function(_name, _place)


@_known.knows("re.compile")
def compile_(machine: Machine, call: Call) -> Value:
    pattern, flags = call.get(0, "pattern"), call.get(1, "flags", 0)
    if not isinstance(pattern, str):
        return Unknown("a pattern that is not known", call.place)
    methods: dict[str, Value] = {name: _method(name, pattern, flags) for name in _NAMES}
    return Namespace("re.Pattern", {**methods, "pattern": pattern, "flags": flags}, machine.tick())


@_known.knows("re.escape")
def escape(machine: Machine, call: Call) -> Value:
    text = call.get(0, "pattern")
    return re.escape(text) if isinstance(text, str) else Unknown("the text of a pattern", call.place)


FUNCTIONS: dict[str, Value] = {
    **_known,
    **{f"re.{name}": int(flag) for name, flag in re.RegexFlag.__members__.items()},
}
