"""Calls that give the same whichever way an unknown condition goes: no reason to follow two paths of the program.

`if self.training` and `if H % 8 != 0` decide in many layers what is computed, and not which shape comes out. A call that
asked such a question is evaluated for the other answers too. Where all ways give the same, call the same layers with the
same inputs and change nothing outside, the question counts as not asked, and the program goes on once.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from padlint.arithmetic.dims import Expr, Unknown
from padlint.errors import BoundExceeded
from padlint.evaluate.machine import Decisions, Infeasible, Machine, Raised, Sealed
from padlint.evaluate.record import Op
from padlint.evaluate.values import DictValue, ListValue, Tensor, Value
from padlint.finding import Place

WAYS = 8
"""How many ways through one call are compared."""
VAIN = 2
"""How often a line is looked at in vain."""
_SCALARS = (type(None), bool, int, float, str, bytes)
_Deed = tuple[object, ...]


@dataclass(frozen=True, slots=True)
class Moment:
    """Where the record and the decisions of a machine stood when a call began."""

    clock: int
    built: int
    ops: int
    keras: int
    asked: int
    walked: int
    supposed: int
    taken: int
    assumed: int


def now(machine: Machine) -> Moment:
    record, decisions = machine.record, machine.decisions
    return Moment(
        machine.world.clock,
        len(record.built),
        len(record.ops),
        len(record.keras),
        len(machine.asked),
        len(machine.walked),
        len(machine.supposed),
        len(decisions.taken),
        len(decisions.assumed),
    )


def undecide(machine: Machine, before: Moment, place: Place, run: Callable[[], Value], result: Value) -> None:
    """Take back what was decided since `before` in a call that changed nothing outside, if it does not matter."""
    decisions, vain = machine.decisions, machine.world.memory.vain
    taken = decisions.taken
    if len(taken) == before.taken or before.taken < len(decisions.prefix) or vain.get(place, 0) >= VAIN:
        return
    if len(taken) - before.taken > 3 or not _comparable(result):
        return
    first = _done(machine, before)
    if first is None:
        return
    asked = machine.asked[before.asked :]
    known = dict(list(decisions.assumed.items())[: before.assumed])
    pending, ways = _others(taken, before.taken), 1
    while pending:
        ways += 1
        other = Decisions(pending.pop(), decisions.room, taken[: before.taken], dict(known), decisions.built)
        more = _asked_in_vain(machine, before, other, run, result, first)
        if more is None or ways + len(pending) > WAYS:
            vain[place] = vain.get(place, 0) + 1
            return
        asked += more
        pending += _others(other.taken, len(other.prefix))
    del taken[before.taken :]
    decisions.assumed = known
    for op in machine.record.ops[before.ops :]:
        op.decided = before.taken
    machine.asked[before.asked :] = [each for each in asked if each[0] in known]


def _others(taken: list[bool], start: int) -> list[tuple[bool, ...]]:
    return [(*taken[:index], not taken[index]) for index in range(start, len(taken))]


def _asked_in_vain(
    machine: Machine,
    before: Moment,
    other: Decisions,
    run: Callable[[], Value],
    result: Value,
    first: frozenset[_Deed],
) -> list[tuple[Value, bool]] | None:
    """What is asked on another way that comes to the same; None where it does not. What it did is taken back."""
    record, kept = machine.record, (machine.decisions, machine.sealed, machine.loops[:], machine.oldest)
    ops, asked, walked = len(record.ops), len(machine.asked), len(machine.walked)
    steps = machine.steps
    machine.decisions, machine.sealed, machine.steps = other, before.clock + 1, steps // 2
    here = replace(before, ops=ops, walked=walked)
    try:
        way = run()
        done = _done(machine, here)
        alike = done is not None and _within(done, first) and _alike(result, way, before.clock)
        return machine.asked[asked:] if alike else None
    except (Sealed, Raised, Infeasible, BoundExceeded, RecursionError):
        return None
    finally:
        machine.steps += steps - steps // 2
        machine.decisions, machine.sealed, machine.loops, machine.oldest = kept
        del record.built[before.built :], record.ops[ops:], record.keras[before.keras :]
        del machine.asked[asked:], machine.walked[walked:], machine.supposed[before.supposed :]


def _done(machine: Machine, since: Moment) -> frozenset[_Deed] | None:
    """The modules and functions that were called, each with its inputs and what it gave, and the Sequentials that were
    walked; None where something was built or supposed, or would raise."""
    record = machine.record
    ops = record.ops[since.ops :]
    if len(record.built) > since.built or len(record.keras) > since.keras or len(machine.supposed) > since.supposed:
        return None
    if any(op.refusal for op in ops):
        return None
    return frozenset([*map(_deed, ops), *[(id(module),) for module in machine.walked[since.walked :]]])


def _within(other: frozenset[_Deed], first: frozenset[_Deed]) -> bool:
    """Does the other way do nothing but what the first does, and functions of torch where the first comes to none?"""
    more = other - first
    places = {deed[0] for deed in first} if more else set()
    return all(isinstance(deed[0], Place) and deed[0] not in places for deed in more)


def _deed(op: Op) -> _Deed:
    what = op.place if op.instance is None else id(op.instance)
    return what, *[value.shape if isinstance(value, Tensor) else None for value in (*op.inputs, op.output)]


def _comparable(value: Value) -> bool:
    if isinstance(value, (tuple, ListValue)):
        return all(map(_comparable, value))
    if isinstance(value, DictValue):
        return value.rest is None and value.default is None and all(map(_comparable, value.values()))
    return isinstance(value, (Tensor, Unknown, Expr, *_SCALARS))


def _alike(one: Value, other: Value, clock: int) -> bool:
    """Are these the same to all that comes after? Lists and dicts are if both are new since `clock`."""
    if one is other:
        return True
    if type(one) is not type(other):
        return False
    if isinstance(one, Tensor) and isinstance(other, Tensor):
        return one.shape == other.shape
    if any(isinstance(each, (ListValue, DictValue)) and each.born <= clock for each in (one, other)):
        return False
    if isinstance(one, DictValue) and isinstance(other, DictValue):
        same = list(one) == list(other) and other.rest is None
        return same and all(_alike(one[key], other[key], clock) for key in one)
    if isinstance(one, (tuple, ListValue)) and isinstance(other, (tuple, ListValue)):
        return len(one) == len(other) and all(map(lambda a, b: _alike(a, b, clock), one, other))
    return isinstance(one, Unknown) or (isinstance(one, (Expr, *_SCALARS)) and one == other)
