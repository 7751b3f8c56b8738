"""What a rule is, what it sees and what it gives.

A rule is one file `padNNN.py` with its `RULE`; `padlint.checks.rules` finds it. It sees the trace of one run and gives
Problems: what is wrong, at which layer, and how it might be mended. It does not parse, print or edit.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property

from padlint.checks.calls import called
from padlint.evaluate.record import Op
from padlint.evaluate.roots import Run
from padlint.evaluate.values import Value
from padlint.finding import Place, Reason, Severity
from padlint.intent import Declarations
from padlint.layers.base import Shape


@dataclass(frozen=True)
class Trace:
    """One run with what is declared about it."""

    run: Run
    declarations: Declarations

    @cached_property
    def calls(self) -> tuple[Op, ...]:
        """The calls of layers and functions that the program makes."""
        return tuple(called(self.run))


@dataclass(frozen=True, slots=True)
class Change:
    """Another value for one argument of a call, by torch's name; by its position where the call is no layer's."""

    place: Place
    argument: str | int
    value: Value


@dataclass(frozen=True, slots=True)
class Insertion:
    """A layer put in front of the one built at a place: its class in torch.nn and its arguments as text."""

    place: Place
    layer: str
    arguments: str


@dataclass(frozen=True, slots=True)
class Repair:
    """Changes that together would mend a problem. `keeps_state`: names and shapes of saved parameters stay."""

    changes: tuple[Change, ...]
    keeps_state: bool = True
    insertions: tuple[Insertion, ...] = ()


@dataclass(frozen=True, slots=True)
class Problem:
    """What a rule found in one run.

    `place` is the call of the layer at fault (of the operation, where tensors do not fit), `argument` the argument that
    is wrong, `op` the call in which it showed. `repairs` are proposals, best first. `declared`: the intent was
    declared, not inferred. `elsewhere`: the cause may lie in any layer before; `blame` looks for it. `too`: where the very
    same is wrong as well.
    """

    code: str
    message: str
    place: Place
    op: Op | None = None
    argument: str | None = None
    expected: Shape | None = None
    evidence: tuple[Reason, ...] = ()
    repairs: tuple[Repair, ...] = ()
    declared: bool = False
    elsewhere: bool = False
    picture: str | None = None
    too: tuple[Place, ...] = ()

    @property
    def key(self) -> tuple[str, Place]:
        return self.code, self.place


@dataclass(frozen=True, slots=True)
class Rule:
    """`find` gives what is wrong in a run; None for rules on comments and files, which have no run."""

    code: str
    name: str
    severity: Severity
    summary: str
    find: Callable[[Trace], Iterable[Problem]] | None


Rules = Mapping[str, Rule]
