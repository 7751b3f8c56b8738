"""Classes of the program: their bodies, bases and order of method resolution, data classes, named tuples, enumerations."""

from __future__ import annotations

from padlint.arithmetic.dims import Unknown
from padlint.evaluate.machine import Machine
from padlint.evaluate.values import (
    MISSING,
    Builtin,
    ClassValue,
    Descriptor,
    External,
    Function,
    Instance,
    Scope,
    TorchClass,
    Value,
    linearised,
)
from padlint.syntax import ir

AUTO = External("enum.auto()")
_KINDS = {"enum.Enum": "enum", "enum.IntEnum": "enum", "enum.StrEnum": "enum", "typing.NamedTuple": "tuple"}


def define_class(machine: Machine, node: ir.Class, scope: Scope) -> ClassValue:
    """Run a class statement. A base that is not known becomes an `External`."""
    bases = tuple(
        _base(machine.evaluate(base.value, scope)) for base in node.bases if not base.keyword and not base.star
    )
    qualname = f"{scope.qualname}.{node.name}" if scope.qualname else node.name
    made = ClassValue(node.name, qualname, scope.module, bases, {}, scope.place(node))
    made.mro = (made, *merge([list(linearised(base)) for base in bases] + [list(bases)]))
    made.torch = next((base for base in made.mro if isinstance(base, TorchClass)), None)
    made.local = not machine.in_module_body
    machine.world.verdicts.classes.append(made)
    body = Scope(scope.module, scope.statement, made.namespace, scope, qualname, is_class=True)
    machine.execute(node.body, body)
    for value in made.namespace.values():
        function = value.function if isinstance(value, Descriptor) else value
        if isinstance(function, Function) and function.owner is None:
            function.owner = made
    made.kind = _kind(made)
    if made.kind == "tuple":
        made.fields = tuple((name, made.namespace.get(name, MISSING)) for name in body.annotations)
    elif made.kind == "enum":
        _members(machine, made)
    made.annotations = tuple(body.annotations)
    _tell_bases(machine, node, made, scope)
    return made


def _tell_bases(machine: Machine, node: ir.Class, made: ClassValue, scope: Scope) -> None:
    """Call the `__init_subclass__` of a base, with the keywords of the class statement."""
    own = [base.namespace for base in made.mro[1:] if isinstance(base, ClassValue)]
    method = next((names["__init_subclass__"] for names in own if "__init_subclass__" in names), None)
    if method is not None:
        function = method.function if isinstance(method, Descriptor) else method
        given = {base.keyword: machine.evaluate(base.value, scope) for base in node.bases if base.keyword}
        given.pop("metaclass", None)
        machine.call(function, made, place=made.place, **given)


def is_module_level(scope: Scope) -> bool:
    """Does what is defined here close over nothing but its module?"""
    while scope.is_class and scope.parent is not None:
        scope = scope.parent
    return scope.parent is None


def _base(value: Value) -> Value:
    if isinstance(value, (ClassValue, TorchClass, External)):
        return value
    if isinstance(value, Builtin):
        return External(value.name)
    return External(f"({value.reason})" if isinstance(value, Unknown) else "(an unknown base)")


def _kind(made: ClassValue) -> str:
    for base in made.mro[1:]:
        if isinstance(base, External) and base.dotted in _KINDS:
            return _KINDS[base.dotted]
        if isinstance(base, ClassValue) and base.kind in ("enum", "tuple"):
            return base.kind
    return "class"


def _members(machine: Machine, made: ClassValue) -> None:
    """Turn the plain values of an enumeration's body into its members."""
    members: dict[tuple[type, Value], Instance] = {}
    last: Value = 0
    counts = "_generate_next_value_" not in made.namespace and External("enum.StrEnum") not in made.mro
    for name, value in list(made.namespace.items()):
        if not name.startswith("_") and not isinstance(value, (Function, Descriptor)):
            if value is AUTO:
                value = last + 1 if counts and isinstance(last, int) else Unknown("what auto() gives", made.place)
            last = value
            plain = isinstance(value, (str, int, float))
            if plain and (type(value), value) in members:
                made.namespace[name] = members[type(value), value]
                continue
            member = Instance(made, made.place, machine.tick(), {"name": name, "value": value, "_value_": value})
            made.namespace[name] = member
            if plain:
                members[type(value), value] = member


def merge(sequences: list[list[Value]]) -> tuple[Value, ...]:
    """C3 linearisation of the bases' orders; in the order of appearance where there is none."""
    result: list[Value] = []
    pending = [sequence for sequence in sequences if sequence]
    while pending:
        head = next((s[0] for s in pending if not any(_among(s[0], other[1:]) for other in pending)), pending[0][0])
        result.append(head)
        pending = [rest for s in pending if (rest := [item for item in s if not _is(item, head)])]
    return tuple(result)


def _is(a: Value, b: Value) -> bool:
    return a is b or (isinstance(a, (TorchClass, External)) and a == b)


def _among(value: Value, others: list[Value]) -> bool:
    return any(_is(value, other) for other in others)


def make_dataclass(cls: ClassValue) -> ClassValue:
    """What `@dataclass` adds: the fields, those of the bases first."""
    fields: dict[str, Value] = {}
    for base in reversed(cls.mro):
        if isinstance(base, ClassValue) and (base is cls or base.kind == "data"):
            fields.update({name: base.namespace.get(name, MISSING) for name in base.annotations})
    cls.fields = tuple(fields.items())
    cls.kind = "data"
    return cls
