"""What the evaluator computes with.

Numbers, strings, None and tuples are Python's own; lists, dicts and sets are those of `holders`. A symbolic integer is an
`Expr`; what is not known is an `Unknown`; a truth that depends on either is a `Condition`. Everything else is one of the
classes below. Identity is Python's identity: one module used twice is one `Instance`.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import EllipsisType, NoneType
from typing import TYPE_CHECKING, Union

from padlint.arithmetic.dims import Expr, Unknown
from padlint.evaluate.holders import DictValue as DictValue
from padlint.evaluate.holders import IteratorValue as IteratorValue
from padlint.evaluate.holders import ListValue as ListValue
from padlint.evaluate.holders import SetValue as SetValue
from padlint.evaluate.holders import ViewValue as ViewValue
from padlint.finding import Place
from padlint.layers.base import Arguments, Layer, Refusal, Shape
from padlint.layers.base import Tensor as Tensor
from padlint.layers.base import Value as LayerValue
from padlint.layers.keras.base import KerasLayer
from padlint.syntax import ir

if TYPE_CHECKING:
    from padlint.evaluate.machine import Machine
    from padlint.evaluate.record import Record
    from padlint.syntax.index import Header
    from padlint.syntax.source import Source


PLAIN = (bool, int, float, str, NoneType)


@dataclass(frozen=True, slots=True)
class Many:
    """Any number, also none, of values like this one: what a loop of unknown length appends."""

    value: Value


@dataclass(frozen=True, slots=True)
class Condition:
    """A truth that depends on what is not known. `op` is "==", "<", "is", "in", "isinstance", "truth" or "not"."""

    op: str
    left: Value
    right: Value = None


@dataclass(eq=False, slots=True, repr=False)
class PythonModule:
    """One module of the project while it is evaluated. Its statements run when a name that they bind is asked for.

    `done` are those that ran, `running` those that run now (what stands behind them does not exist yet). `binding` has for
    each name the statements that bind, fill or change it, `settled` how many of them need no longer be looked at; `stars`
    are the modules of its star imports (`binding` and `stars` are made on demand), `absent` the names that none of them has,
    `promised` the imported names that nobody asked for yet, each with its module, its name there, and the place.
    `root` is the folder below which its dotted name begins. `marked` are the constructs of which something is declared.
    """

    path: str
    name: str
    source: Source
    names: dict[str, Value]
    record: Record
    root: Path
    is_package: bool = False
    done: set[int] = field(default_factory=set)
    running: list[int] = field(default_factory=list)
    settled: dict[str, int] = field(default_factory=dict)
    binding: Mapping[str, Sequence[Header]] | None = None
    stars: list[PythonModule] | None = None
    absent: set[str] = field(default_factory=set)
    promised: dict[str, tuple[str, str, Place]] = field(default_factory=dict)
    marked: Collection[Place] = ()


@dataclass(eq=False, slots=True, repr=False)
class Scope:
    """The names of one activation: of a function, a class body, a comprehension or a module (then `parent` is None).

    `owner` and `receiver` are what `super()` needs. `yields` collects what a generator gives, `resume` is what
    runs at its `yield` if it is that of a `with`. `uncertain` is set when the
    function may have returned early, on a condition that is not known. `annotations` keeps those of a class body.
    """

    module: PythonModule
    statement: int
    names: dict[str, Value]
    parent: Scope | None = None
    qualname: str = ""
    globals: frozenset[str] = frozenset()
    nonlocals: frozenset[str] = frozenset()
    owner: ClassValue | None = None
    receiver: Value = None
    is_class: bool = False
    is_comprehension: bool = False
    yields: ListValue | None = None
    resume: Callable[[Value], None] | None = None
    uncertain: Unknown | None = None
    annotations: dict[str, ir.Expression] = field(default_factory=dict)

    def place(self, node: ir.Node) -> Place:
        return Place(self.module.path, self.statement, node.at)


@dataclass(eq=False, slots=True, repr=False)
class Function:
    """A function or lambda with the scope it closes over, made at the moment `born`. `owner` is the class whose body
    defined it."""

    node: ir.Function | ir.Lambda
    scope: Scope
    qualname: str
    defaults: dict[str, Value]
    born: int
    owner: ClassValue | None = None
    attrs: dict[str, Value] = field(default_factory=dict)

    @property
    def name(self) -> str:
        return self.node.name if isinstance(self.node, ir.Function) else "<lambda>"


@dataclass(eq=False, slots=True)
class BoundMethod:
    function: Function | Builtin
    receiver: Value


@dataclass(frozen=True, slots=True)
class Descriptor:
    """`property`, `classmethod` or `staticmethod` around a function; a property may have a `setter`."""

    kind: str
    function: Value
    setter: Value = None


@dataclass(eq=False, slots=True, repr=False)
class ClassValue:
    """A class of the program. `mro` lists it and its bases, most derived first; bases outside the project are `TorchClass`
    or `External`, `torch` is the first of the former. `kind` is "class", "data", "tuple" or "enum"; `fields` is set for the
    second and third: (name, default or MISSING). `annotations` are the names that its body annotates, in order."""

    name: str
    qualname: str
    module: PythonModule
    bases: tuple[Value, ...]
    namespace: dict[str, Value]
    place: Place
    mro: tuple[Value, ...] = ()
    torch: TorchClass | None = None
    fields: tuple[tuple[str, Value], ...] | None = None
    kind: str = "class"
    annotations: tuple[str, ...] = ()
    local: bool = False

    @property
    def dotted(self) -> str:
        return f"{self.module.name}.{self.qualname}"


@dataclass(frozen=True, slots=True)
class TorchClass:
    """A class of torch.nn. `layer` is its declaration; None for containers, losses and what is left out.

    `home`: where it lies; a module of another library that needs no more than a declaration is such a class too.
    """

    name: str
    layer: Layer | None = field(default=None, compare=False)
    home: str = "torch.nn"

    @property
    def dotted(self) -> str:
        return f"{self.home}.{self.name}"


@dataclass(frozen=True, slots=True)
class External:
    """Something outside the project, known by its dotted name only."""

    dotted: str


CONTEXT = External("contextlib.contextmanager")
"""Stands before a generator and its arguments, in a `Partial`, until a `with` runs it."""
DEVICE = External("torch.Tensor.device")
"""The device that all tensors of a run are on, whichever it is: equal to itself, and to nothing else for sure."""


@dataclass(frozen=True, slots=True)
class Number(Unknown):
    """A number that is not known: an operation with it keeps a tensor's shape."""


@dataclass(frozen=True, slots=True)
class Part(Unknown):
    """Something of what is not known, such as an attribute of it: `path` tells it from all else of the same."""

    path: str = ""


def part(whole: Unknown, text: str) -> Unknown:
    """What a `text` such as ".width" behind something unknown means."""
    path = (whole.path if isinstance(whole, Part) else "") + text
    return Part(whole.reason, whole.place, path) if type(whole) in (Unknown, Part) and len(path) < PATH else whole


PATH = 120


def is_brief(value: Value) -> bool:
    """Is this a number or a text that a path can say?"""
    return isinstance(value, PLAIN) and not (isinstance(value, str) and len(value) > PATH)


class _Missing:
    """The mark of a field without a default."""

    __slots__ = ()


MISSING = _Missing()


@dataclass(frozen=True, slots=True)
class Builtin:
    """A function of Python, its library or torch that the evaluator knows."""

    name: str
    run: Callable[[Machine, Call], Value] = field(compare=False)


@dataclass(frozen=True, slots=True)
class Partial:
    func: Value
    args: tuple[Value, ...]
    keywords: tuple[tuple[str, Value], ...]


@dataclass(eq=False, slots=True)
class Instance:
    """An object of a class of the program, or a torch module.

    `children` are the registered submodules, in order; `args` the bound arguments of the torch layer it is or derives from;
    `place` the call that made it; `born` the clock; `refusal` what torch would have raised in building it.
    `open` is set when something unknown may have been done to its children, with the reason. `said` are the constructs
    with a comment that it was the value of, the last one first, `among` those that gave it with others.
    """

    cls: ClassValue | TorchClass
    place: Place
    born: int
    attrs: dict[str, Value] = field(default_factory=dict)
    children: dict[str, Value] = field(default_factory=dict)
    args: dict[str, LayerValue] | None = None
    refusal: Refusal | None = None
    open: Unknown | None = None
    fields: tuple[Value, ...] | None = None
    said: tuple[Place, ...] = ()
    among: tuple[Place, ...] = ()


@dataclass(frozen=True, slots=True)
class Derived:
    """What an argument of a layer would be as `text`, an expression that its other arguments are written with."""

    text: str
    of: Callable[[Mapping[str, LayerValue]], LayerValue]

    def __str__(self) -> str:
        return self.text


@dataclass(eq=False, slots=True)
class Namespace:
    """A plain object of Python's library that only carries attributes: SimpleNamespace, a signature, `object()`."""

    name: str
    attrs: dict[str, Value] = field(default_factory=dict)
    born: int = 0


@dataclass(eq=False, slots=True)
class ModuleValue:
    """A Python module of the project as a value."""

    module: PythonModule


@dataclass(frozen=True, slots=True)
class Super:
    """`super()` in a method of `cls`, for `receiver`."""

    cls: ClassValue
    receiver: Value


@dataclass(eq=False, slots=True)
class Fresh:
    """An input of which not even the rank is known yet: the first layer that takes it says what it must be.

    `suffix` keeps the symbols of several inputs apart (H, H2).
    """

    name: str
    suffix: str = ""
    tensor: Tensor | None = None


@dataclass(frozen=True, slots=True)
class Whole(Tensor):
    """A tensor of integers, not of truths: as an index it takes as many items as it has."""


@dataclass(frozen=True, slots=True)
class Data:
    """A tensor with one axis whose numbers are known. `whole`: of an integer type."""

    numbers: tuple[float, ...]
    whole: bool = False


@dataclass(frozen=True, slots=True)
class ShapeOf:
    """`x.shape` of an input whose rank is not known yet: unpacking it into four names says that it has four axes."""

    fresh: Fresh


class MissingArgument(Exception):
    """A function that the evaluator knows is called without an argument that it needs, a method on something else."""


@dataclass(eq=False, slots=True)
class KerasObject:
    """A layer of Keras or a model, as the program built it.

    `kind` is Keras's name of the class, `layer` its declaration (None for a model). `parts`: layers given as arguments.
    A model has `layers` in their order, the `shape` it takes as far as it is told, and is `open` where something unknown
    belongs to it, with the reason.
    """

    kind: str
    name: str
    place: Place
    born: int
    layer: KerasLayer | None = None
    args: Arguments = field(default_factory=dict)
    refusal: Refusal | None = None
    parts: dict[str, KerasObject] = field(default_factory=dict)
    layers: list[Value] = field(default_factory=list)
    shape: Shape | None = None
    open: Unknown | None = None
    attrs: dict[str, Value] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class KerasTensor:
    """What a layer of Keras gives in a functional model; `before` is what it was given (None for an input)."""

    shape: Shape | Unknown
    maker: KerasObject
    before: KerasTensor | None = None


@dataclass(eq=False, slots=True)
class Call:
    """The arguments of one call, with its place. `rest` tells that unknown positional or keyword arguments may follow."""

    args: tuple[Value, ...]
    keywords: dict[str, Value]
    place: Place
    rest: Unknown | None = None

    def arg(self, index: int) -> Value:
        """The argument at a position. Raises MissingArgument."""
        if index >= len(self.args):
            raise MissingArgument
        return self.args[index]

    def get(self, index: int, name: str, default: Value = None) -> Value:
        """The argument at a position or of a name, else the default."""
        return self.args[index] if index < len(self.args) else self.keywords.get(name, default)


Value = Union[
    bool, int, float, complex, str, bytes, None, EllipsisType, range, slice, tuple["Value", ...], Expr, Unknown, Condition,
    ListValue, DictValue, SetValue, Many, Function, BoundMethod, Descriptor, ClassValue, TorchClass, External, Builtin,
    Partial, Instance, Namespace, ModuleValue, Super, Tensor, Fresh, Data, ShapeOf, KerasObject, KerasTensor, _Missing,
    Derived,
]  # fmt: skip


def is_module(value: Value) -> bool:
    """Is this an instance of nn.Module, as far as its classes tell?"""
    return isinstance(value, Instance) and torch_base(value.cls) is not None


def linearised(cls: Value) -> tuple[Value, ...]:
    return cls.mro if isinstance(cls, ClassValue) else (cls,)


def in_mro(mro: tuple[Value, ...], name: str) -> Value:
    """What the first class of the program that has this name has under it, else MISSING."""
    for base in mro:
        if isinstance(base, ClassValue) and name in base.namespace:
            return base.namespace[name]
    return MISSING


def initialiser(cls: ClassValue) -> Function | None:
    """The `__init__` that an instance of a class of the program is made with, where the program defines it."""
    for base in cls.mro:
        init = base.namespace.get("__init__") if isinstance(base, ClassValue) else None
        if isinstance(init, Function):
            return init
    return None


def torch_base(cls: Value) -> TorchClass | None:
    """The first class of torch.nn in the order of method resolution, `Module` itself included."""
    if isinstance(cls, ClassValue):
        return cls.torch
    return cls if isinstance(cls, TorchClass) else None
