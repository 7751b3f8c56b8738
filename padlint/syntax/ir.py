"""The small language that the evaluator knows: Python without white space, lowered from LibCST.

Every node has `at`, its number within the top-level statement it was lowered from; `Source.span` makes it a position.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, fields
from functools import cache
from operator import attrgetter
from types import EllipsisType
from typing import Literal, Union, cast

ParameterKind = Literal["positional_only", "positional", "args", "keyword_only", "kwargs"]
Scalar = Union[bool, int, float, complex, str, bytes, None, EllipsisType]


@dataclass(frozen=True, slots=True)
class Node:
    at: int


# ---------------------------------------------------------------- expressions


@dataclass(frozen=True, slots=True)
class Constant(Node):
    value: Scalar


@dataclass(frozen=True, slots=True)
class Name(Node):
    id: str


@dataclass(frozen=True, slots=True)
class Attribute(Node):
    value: Expression
    attr: str


@dataclass(frozen=True, slots=True)
class Slice(Node):
    lower: Expression | None
    upper: Expression | None
    step: Expression | None


@dataclass(frozen=True, slots=True)
class Subscript(Node):
    """`value[index]`; several indices are a TupleDisplay, whose elements may be Slices."""

    value: Expression
    index: Expression


@dataclass(frozen=True, slots=True)
class Starred(Node):
    value: Expression


@dataclass(frozen=True, slots=True)
class Display(Node):
    """`(a, b)`, `[a, *b]` or `{a, b}`."""

    kind: Literal["tuple", "list", "set"]
    elements: tuple[Expression, ...]


@dataclass(frozen=True, slots=True)
class DictDisplay(Node):
    """`{k: v, **more}`: a key of None stands for `**`."""

    items: tuple[tuple[Expression | None, Expression], ...]


@dataclass(frozen=True, slots=True)
class Unary(Node):
    op: Literal["-", "+", "~", "not"]
    operand: Expression


@dataclass(frozen=True, slots=True)
class Binary(Node):
    """`op` as written: + - * / // % ** @ << >> & | ^"""

    op: str
    left: Expression
    right: Expression


@dataclass(frozen=True, slots=True)
class Boolean(Node):
    op: Literal["and", "or"]
    left: Expression
    right: Expression


@dataclass(frozen=True, slots=True)
class Compare(Node):
    """`left op1 c1 op2 c2 ...`; ops as written, "not in" and "is not" with one space."""

    left: Expression
    rest: tuple[tuple[str, Expression], ...]


@dataclass(frozen=True, slots=True)
class Conditional(Node):
    test: Expression
    body: Expression
    orelse: Expression


@dataclass(frozen=True, slots=True)
class Argument(Node):
    """One argument of a call or one base of a class. `star` is "", "*" or "**"."""

    value: Expression
    keyword: str | None = None
    star: Literal["", "*", "**"] = ""


@dataclass(frozen=True, slots=True)
class Call(Node):
    func: Expression
    args: tuple[Argument, ...]


@dataclass(frozen=True, slots=True)
class Clause(Node):
    """`for target in iterable if c1 if c2` of a comprehension."""

    target: Expression
    iterable: Expression
    conditions: tuple[Expression, ...]


@dataclass(frozen=True, slots=True)
class Comprehension(Node):
    """`value` is set for a dict comprehension only (then `element` is the key)."""

    kind: Literal["list", "set", "dict", "generator"]
    element: Expression
    value: Expression | None
    clauses: tuple[Clause, ...]


@dataclass(frozen=True, slots=True)
class FormatField(Node):
    value: Expression
    conversion: str | None
    spec: FormatString | None


@dataclass(frozen=True, slots=True)
class FormatString(Node):
    parts: tuple[str | FormatField, ...]


@dataclass(frozen=True, slots=True)
class Walrus(Node):
    name: str
    value: Expression


@dataclass(frozen=True, slots=True)
class Yield(Node):
    """`yield value`, or `yield from value` where `delegate`."""

    value: Expression | None
    delegate: bool = False


@dataclass(frozen=True, slots=True)
class Await(Node):
    value: Expression


@dataclass(frozen=True, slots=True)
class Opaque(Node):
    """An expression that the lowering does not carry; `reason` says which."""

    reason: str


@dataclass(frozen=True, slots=True)
class Parameter(Node):
    """`kind`: "positional_only", "positional", "args" (*args), "keyword_only", "kwargs" (**kwargs)."""

    name: str
    kind: ParameterKind
    default: Expression | None
    annotation: Expression | None


@dataclass(frozen=True, slots=True)
class Lambda(Node):
    parameters: tuple[Parameter, ...]
    body: Expression


Expression = Union[
    Constant, Name, Attribute, Slice, Subscript, Starred, Display, DictDisplay, Unary, Binary, Boolean, Compare,
    Conditional, Call, Comprehension, FormatString, Walrus, Yield, Await, Lambda, Opaque,
]  # fmt: skip

# ---------------------------------------------------------------- statements


@dataclass(frozen=True, slots=True)
class Evaluate(Node):
    """An expression that stands alone."""

    value: Expression


@dataclass(frozen=True, slots=True)
class Assign(Node):
    targets: tuple[Expression, ...]
    value: Expression


@dataclass(frozen=True, slots=True)
class AugmentedAssign(Node):
    """`target op= value`; `op` without the equals sign."""

    target: Expression
    op: str
    value: Expression


@dataclass(frozen=True, slots=True)
class AnnotatedAssign(Node):
    target: Expression
    annotation: Expression
    value: Expression | None


@dataclass(frozen=True, slots=True)
class Return(Node):
    value: Expression | None


@dataclass(frozen=True, slots=True)
class Raise(Node):
    value: Expression | None


@dataclass(frozen=True, slots=True)
class Assert(Node):
    test: Expression


@dataclass(frozen=True, slots=True)
class Delete(Node):
    targets: tuple[Expression, ...]


@dataclass(frozen=True, slots=True)
class Jump(Node):
    kind: Literal["pass", "break", "continue"]


@dataclass(frozen=True, slots=True)
class Scope(Node):
    kind: Literal["global", "nonlocal"]
    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class If(Node):
    test: Expression
    body: Block
    orelse: Block


@dataclass(frozen=True, slots=True)
class While(Node):
    test: Expression
    body: Block
    orelse: Block


@dataclass(frozen=True, slots=True)
class For(Node):
    target: Expression
    iterable: Expression
    body: Block
    orelse: Block


@dataclass(frozen=True, slots=True)
class With(Node):
    items: tuple[tuple[Expression, Expression | None], ...]
    body: Block


@dataclass(frozen=True, slots=True)
class Handler(Node):
    type: Expression | None
    name: str | None
    body: Block


@dataclass(frozen=True, slots=True)
class Try(Node):
    body: Block
    handlers: tuple[Handler, ...]
    orelse: Block
    final: Block


@dataclass(frozen=True, slots=True)
class Function(Node):
    name: str
    parameters: tuple[Parameter, ...]
    body: Block
    decorators: tuple[Expression, ...]
    returns: Expression | None
    is_async: bool
    is_generator: bool
    doc: str | None


@dataclass(frozen=True, slots=True)
class Class(Node):
    name: str
    bases: tuple[Argument, ...]
    body: Block
    decorators: tuple[Expression, ...]


@dataclass(frozen=True, slots=True)
class Import(Node):
    """`import a.b as c`: pairs of dotted name and alias."""

    names: tuple[tuple[str, str | None], ...]


@dataclass(frozen=True, slots=True)
class ImportFrom(Node):
    """`from ..module import a as b`; a single name "*" for a star import; `level` counts the leading dots."""

    module: str
    level: int
    names: tuple[tuple[str, str | None], ...]


@dataclass(frozen=True, slots=True)
class Case(Node):
    """One `case pattern if guard:`. Patterns are lowered to a Pattern."""

    pattern: Pattern
    guard: Expression | None
    body: Block


@dataclass(frozen=True, slots=True)
class Match(Node):
    subject: Expression
    cases: tuple[Case, ...]


@dataclass(frozen=True, slots=True)
class Pattern(Node):
    """A match pattern.

    kind       value: equals `value` · singleton: is `value` · capture: binds `name` (None is `_`) · or: any of `parts`
               · sequence: `parts`, a "star" part takes the rest · mapping, class, star: as in Python's grammar
    """

    kind: Literal["value", "singleton", "capture", "or", "sequence", "star", "mapping", "class"]
    value: Expression | None = None
    name: str | None = None
    parts: tuple[Pattern, ...] = ()
    keys: tuple[Expression | str, ...] = ()


Statement = Union[
    Evaluate, Assign, AugmentedAssign, AnnotatedAssign, Return, Raise, Assert, Delete, Jump, Scope, If, While, For,
    With, Try, Function, Class, Import, ImportFrom, Match,
]  # fmt: skip
Block = tuple[Statement, ...]


def children(node: Node) -> list[Node]:
    """The nodes directly below, in the order of their fields."""
    found: list[Node] = []
    _gather(_values(cast(type, type(node)))(node), found)
    return found


@cache
def _values(kind: type) -> Callable[[Node], tuple[object, ...]]:
    """What gives the values of the fields of such a node."""
    names = [each.name for each in fields(kind) if each.name != "at"]
    if len(names) > 1:
        return attrgetter(*names)
    return lambda node: tuple([getattr(node, name) for name in names])


def _gather(values: tuple[object, ...], found: list[Node]) -> None:
    for value in values:
        if isinstance(value, Node):
            found.append(value)
        elif isinstance(value, tuple):
            _gather(value, found)


def spelt(node: Expression) -> str | None:
    """`self.conv.weight`: a name with its attributes as it is written; None for any other expression."""
    if isinstance(node, Name):
        return node.id
    if isinstance(node, Attribute):
        inner = spelt(node.value)
        return f"{inner}.{node.attr}" if inner is not None else None
    return None


def last_name(node: Expression) -> str | None:
    """`Conv2d` of `Conv2d` and of `torch.nn.Conv2d`; None for what is neither a name nor an attribute."""
    return node.id if isinstance(node, Name) else node.attr if isinstance(node, Attribute) else None
