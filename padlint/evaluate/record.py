"""What the evaluator writes down while it runs: modules built, layers and modules called, tensors joined."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Literal

from padlint.evaluate.values import Call, ClassValue, Function, Instance, KerasObject, Tensor, Value
from padlint.finding import Place
from padlint.layers.base import Refusal

Kind = Literal["layer", "function", "module"]


@dataclass(eq=False, slots=True)
class Frame:
    """One activation on the call path: what was called, with which arguments, from where."""

    callee: Function | ClassValue
    arguments: tuple[tuple[str, Value], ...]
    place: Place


@dataclass(eq=False, slots=True)
class Built:
    """A module came into being: at the `__init__` of torch's layer or container, or at the call of a class of the program.
    `guarded`: in a `try` body or another place that expects errors. `decided`: how many unknown conditions had been decided
    on this path before."""

    instance: Instance
    place: Place
    frames: tuple[Frame, ...]
    qualname: str
    guarded: bool = False
    decided: int = 0


@dataclass(frozen=True, slots=True)
class KerasBuilt:
    """A layer or model of Keras came into being. `named`: by the program, not by Keras."""

    made: KerasObject
    frames: tuple[Frame, ...]
    qualname: str
    named: bool


@dataclass(eq=False, slots=True)
class Op:
    """One call: of a layer, of a function of torch that acts on shapes, of a module with a `forward`, of a container.

    `inputs` and `output` are values (tensors where known). `within` lists the numbers of the module calls around it,
    outermost first. `refusal` says that torch would raise here. `decided` as of `Built`.
    """

    number: int
    kind: Kind
    name: str
    instance: Instance | None
    inputs: tuple[Value, ...]
    place: Place
    within: tuple[int, ...]
    call: Call
    output: Value = None
    refusal: Refusal | None = None
    frames: tuple[Frame, ...] = ()
    guarded: bool = False
    decided: int = 0


@dataclass(eq=False, slots=True)
class Record:
    """Everything of one path through one root, in order. `given_up` says why the path ended early, if it did; `guarded`
    counts the `try` bodies around what runs now. From the op number `alone` on, Sequentials were called by themselves, only
    to see what they do. `passed` are the places of calls and operations that gave something unknown. `others` are those of
    the statements of all modules: a root calls what they built."""

    others: list[Record] = field(default_factory=list, repr=False)
    built: list[Built] = field(default_factory=list)
    ops: list[Op] = field(default_factory=list)
    keras: list[KerasBuilt] = field(default_factory=list)
    given_up: str | None = None
    guarded: int = 0
    alone: int | None = None
    passed: list[Place] = field(default_factory=list)
    users: dict[int, list[Op]] = field(default_factory=dict)  # who takes what a call gave; kept by `checks.flow`
    indexed: int = 0
    makings: dict[int, Built] = field(default_factory=dict)  # of each instance by its id; kept by `making`
    noted: int = 0

    def maker(self, value: Value) -> Op | None:
        """The call that gave a tensor, where it is one of this record."""
        origin = value.origin if isinstance(value, Tensor) else None
        return self.ops[origin] if origin is not None and origin < len(self.ops) else None

    def making(self, instance: Instance) -> Built | None:
        """Where an instance came into being: here, or in the statements of a module."""
        found = (record.own_making(instance) for record in (self, *self.others))
        return next((built for built in found if built is not None), None)

    def own_making(self, instance: Instance) -> Built | None:
        for built in self.built[self.noted :]:
            self.makings.setdefault(id(built.instance), built)
        self.noted = len(self.built)
        return self.makings.get(id(instance))

    def everything_built(self) -> Iterator[Built]:
        """What came into being here, and in the statements of the modules."""
        yield from self.built
        for record in self.others:
            if record is not self:
                yield from record.built
