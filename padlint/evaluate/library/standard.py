"""math, functools, collections, copy, dataclasses, operator, typing."""

from __future__ import annotations

import math

from padlint.arithmetic.dims import Unknown
from padlint.evaluate.classes import make_dataclass
from padlint.evaluate.library.basics import exact
from padlint.evaluate.machine import Machine
from padlint.evaluate.operators import binary, is_number
from padlint.evaluate.protocols import iterate, subscript
from padlint.evaluate.registry import Table
from padlint.evaluate.values import (
    CONTEXT,
    MISSING,
    PLAIN,
    Builtin,
    Call,
    ClassValue,
    DictValue,
    External,
    Function,
    Instance,
    ListValue,
    Many,
    Namespace,
    Number,
    Partial,
    SetValue,
    Value,
)
from padlint.evaluate.weight import FACTOR

FUNCTIONS: dict[str, Value] = {}
_known = Table()
knows = _known.knows

# ---------------------------------------------------------------- math


def _real(name: str) -> None:
    function = getattr(math, name)

    @knows(f"math.{name}", f"numpy.{name}")
    def run(machine: Machine, call: Call) -> Value:
        if all(is_number(value) for value in call.args) and not all(isinstance(v, (int, float)) for v in call.args):
            return Number(f"{name}() of a size that is not known", call.place)
        if not all(isinstance(value, (int, float)) for value in call.args):
            return next((v for v in call.args if isinstance(v, Unknown)), Unknown(f"{name}() of a symbol", call.place))
        if name in _GROWING and any(value > LARGEST for value in call.args if isinstance(value, (int, float))):
            return Unknown(f"{name}() of a large number", call.place)
        try:
            result: float = function(*call.args)
            return result
        except (ValueError, OverflowError, TypeError) as problem:
            return Unknown(f"{problem}", call.place)


_GROWING = frozenset({"factorial", "comb", "perm"})
LARGEST = 1_000
_OTHERWISE = frozenset({"floor", "ceil", "trunc", "pow", "prod", "fsum", "dist", "sumprod"})
"""What is told elsewhere, and what takes lists."""
for _name, _function in vars(math).items():
    if callable(_function) and not _name.startswith("_") and _name not in _OTHERWISE:
        _real(_name)


@knows("math.prod", "numpy.prod", "operator.mul")
def product(machine: Machine, call: Call) -> Value:
    items = exact(iterate(machine, call.arg(0), call.place) if len(call.args) == 1 else list(call.args), call)
    if isinstance(items, Unknown):
        return items
    total: Value = call.keywords.get("start", 1)
    for item in items:
        total = binary(machine, "*", total, item, call.place)
    return total


for _op, _names in {
    "+": ("add", "concat"),
    "-": ("sub",),
    "//": ("floordiv",),
    "/": ("truediv",),
    "%": ("mod",),
}.items():

    def _operation(op: str, names: tuple[str, ...]) -> None:
        @knows(*(f"operator.{name}" for name in names))
        def run(machine: Machine, call: Call) -> Value:
            return binary(machine, op, call.arg(0), call.arg(1), call.place)

    _operation(_op, _names)


@knows("operator.getitem")
def getitem(machine: Machine, call: Call) -> Value:
    return subscript(machine, call.arg(0), call.arg(1), call.place)


# ---------------------------------------------------------------- functools


@knows("functools.partial")
def partial(machine: Machine, call: Call) -> Value:
    """A partial of a partial is one partial, as in Python."""
    if call.rest is not None:
        return call.rest
    func, args, keywords = call.arg(0), call.args[1:], call.keywords
    if isinstance(func, Partial):
        args, keywords = (*func.args, *args), {**dict(func.keywords), **keywords}
        func = func.func
    return Partial(func, args, tuple(keywords.items()))


@knows("functools.reduce")
def reduce(machine: Machine, call: Call) -> Value:
    items = exact(iterate(machine, call.arg(1), call.place), call)
    if isinstance(items, Unknown):
        return items
    items = [*call.args[2:3], *items]
    if not items:
        return Unknown("reduce() of nothing", call.place)
    total = items[0]
    for item in items[1:]:
        total = machine.call(call.arg(0), total, item, place=call.place)
    return total


def _same_decorator(machine: Machine, call: Call) -> Value:
    """A decorator, or what makes one, that gives back what it is given."""
    if call.args and isinstance(call.arg(0), (Function, ClassValue)) and not call.keywords:
        return call.arg(0)
    return Builtin("a decorator", lambda m, inner: inner.arg(0) if inner.args else None)


for _name in (
    "functools.total_ordering",
    "torch.no_grad", "torch.inference_mode", "torch.jit.ignore", "torch.jit.unused", "torch.jit.export", "torch.jit.script",
    "torch.compile", "torch.fx.wrap", "typing.overload", "typing.final", "abc.abstractmethod", "typing.runtime_checkable",
):  # fmt: skip
    _known.knows(_name)(_same_decorator)


@knows("contextlib.contextmanager")
def contextmanager(machine: Machine, call: Call) -> Value:
    """A call of the generator is kept until a `with` runs it."""
    func = call.arg(0)
    if not isinstance(func, Function):
        return func
    return Builtin(func.qualname, lambda m, given: Partial(CONTEXT, (func, *given.args), tuple(given.keywords.items())))


@knows("functools.lru_cache", "functools.cache")
def remembering(machine: Machine, call: Call) -> Value:
    """What a function gives for arguments that are numbers and texts is the same object each time."""
    if not (call.args and isinstance(call.arg(0), Function)):
        return Builtin("functools.lru_cache", remembering)
    func, results = call.arg(0), machine.dict()

    def run(m: Machine, given: Call) -> Value:
        key = (*given.args, *given.keywords.items())
        if not all(isinstance(each, PLAIN) for each in (*given.args, *given.keywords.values())):
            return m.invoke(func, given)
        if key not in results or m.loops:
            result = m.invoke(func, given)
            m.touch(results)
            results[key] = result
        return results[key]

    return Builtin(func.qualname, run) if isinstance(func, Function) else func


# ---------------------------------------------------------------- collections


@knows("collections.defaultdict")
def defaultdict(machine: Machine, call: Call) -> Value:
    given = call.get(1, "")
    made = machine.dict(given if isinstance(given, DictValue) else {})
    made.default = call.get(0, "default_factory")
    return made


@knows("collections.namedtuple")
def namedtuple(machine: Machine, call: Call) -> Value:
    name, fields = call.get(0, "typename"), call.get(1, "field_names")
    names = fields.replace(",", " ").split() if isinstance(fields, str) else iterate(machine, fields, call.place)
    if isinstance(names, Unknown) or not isinstance(name, str) or (not machine.in_module_body and not machine.frames):
        return Unknown("a named tuple whose fields are not known", call.place)
    given = call.keywords.get("defaults")
    defaults = list(given) if isinstance(given, (tuple, ListValue)) else []
    module = next(m for m in machine.world.modules.values() if m.path == call.place.path)
    made = ClassValue(name, name, module, (), {}, call.place, kind="tuple")
    made.mro = (made,)
    texts = [field for field in names if isinstance(field, str)]
    padded: list[Value] = [*[MISSING] * (len(texts) - len(defaults)), *defaults]
    made.fields = tuple(zip(texts, padded, strict=True))
    return made


# ---------------------------------------------------------------- copy


@knows("copy.copy")
def shallow(machine: Machine, call: Call) -> Value:
    return copied(machine, call.arg(0), {}, deep=False)


@knows("copy.deepcopy")
def deep(machine: Machine, call: Call) -> Value:
    return copied(machine, call.arg(0), {}, deep=True)


def copied(machine: Machine, value: Value, seen: dict[int, Value], deep: bool) -> Value:
    """A copy of a value; what is used twice inside is copied once."""
    if id(value) in seen:
        return seen[id(value)]
    machine.charge(FACTOR)

    def inner(part: Value) -> Value:
        return copied(machine, part, seen, deep) if deep else part

    if isinstance(value, Instance):
        made = Instance(value.cls, value.place, machine.tick(), args=value.args, refusal=value.refusal, open=value.open)
        made.said, made.among = value.said, value.among
        seen[id(value)] = made
        made.attrs = {name: inner(part) for name, part in value.attrs.items()}
        made.children = {name: inner(part) for name, part in value.children.items()} if deep else value.children
        made.fields = tuple(inner(part) for part in value.fields) if value.fields is not None else None
        return made
    if isinstance(value, ListValue):
        new = machine.list()
        seen[id(value)] = new
        machine.hold(len(value))
        new.extend(inner(part) for part in value)
        return new
    if isinstance(value, DictValue):
        seen[id(value)] = result = machine.dict()
        machine.hold(len(value))
        result.update({key: inner(part) for key, part in value.items()})
        result.rest, result.default = value.rest, value.default
        return result
    if isinstance(value, SetValue):
        return machine.set(list(value))
    if isinstance(value, Many):
        return Many(inner(value.value))
    if isinstance(value, tuple):
        seen[id(value)] = tuple([inner(part) for part in value])
        return seen[id(value)]
    return value


# ---------------------------------------------------------------- dataclasses, typing


@knows("dataclasses.dataclass")
def dataclass_(machine: Machine, call: Call) -> Value:
    cls = call.get(0, "cls")
    if isinstance(cls, ClassValue):
        return make_dataclass(cls)
    return Builtin("dataclasses.dataclass", dataclass_)


@knows("dataclasses.field")
def field(machine: Machine, call: Call) -> Value:
    if "default_factory" in call.keywords:
        return Partial(External("dataclasses.field"), (call.keywords["default_factory"],), ())
    return call.keywords.get("default", MISSING)


def default_of_field(machine: Machine, default: Value, call: Call) -> Value:
    """The default of a field: a factory is called."""
    if isinstance(default, Partial) and default.func == External("dataclasses.field"):
        return machine.call(default.args[0], place=call.place)
    return default


@knows("dataclasses.replace")
def replace(machine: Machine, call: Call) -> Value:
    """A new object by the class's `__init__`, with the old values where none are given."""
    value = call.arg(0)
    if not isinstance(value, Instance) or not isinstance(value.cls, ClassValue) or value.cls.kind != "data":
        return value if isinstance(value, Unknown) else Unknown("replace() of a value that is not known", call.place)
    kept = {name: value.attrs[name] for name, _ in value.cls.fields or () if name in value.attrs}
    return machine.invoke(value.cls, Call((), {**kept, **call.keywords}, call.place, call.rest))


@knows("dataclasses.asdict")
def asdict(machine: Machine, call: Call) -> Value:
    value = call.arg(0)
    if isinstance(value, Instance) and isinstance(value.cls, ClassValue) and value.cls.kind == "data":
        return _as_dict(machine, value)
    return Unknown("asdict() of a value that is not known", call.place)


def _as_dict(machine: Machine, value: Value) -> Value:
    """Data classes become dicts, also those inside of lists, tuples and dicts, which are copied, each as often as it comes."""
    machine.charge(FACTOR)
    if isinstance(value, Instance) and isinstance(value.cls, ClassValue) and value.cls.kind == "data":
        return machine.dict({name: _as_dict(machine, value.attrs.get(name)) for name, _ in value.cls.fields or ()})
    if isinstance(value, ListValue):
        return machine.list([_as_dict(machine, item) for item in value])
    if isinstance(value, DictValue):
        copy = machine.dict({key: _as_dict(machine, item) for key, item in value.items()})
        copy.rest, copy.default = value.rest, value.default
        return copy
    if isinstance(value, Many):
        return Many(_as_dict(machine, value.value))
    if isinstance(value, tuple):
        return tuple([_as_dict(machine, item) for item in value])
    return copied(machine, value, {}, deep=True)


@knows("dataclasses.fields")
def fields(machine: Machine, call: Call) -> Value:
    """The fields of a data class or of one of its objects, with their names."""
    value = call.get(0, "class_or_instance")
    cls = value.cls if isinstance(value, Instance) else value
    if not isinstance(cls, ClassValue) or cls.kind != "data":
        return Unknown("the fields of a value that is not known", call.place)
    return tuple(Namespace("dataclasses.Field", {"name": name}) for name, _ in cls.fields or ())


@knows("os.environ.get", "os.getenv")
def getenv(machine: Machine, call: Call) -> Value:
    """As the program runs where nobody has set anything."""
    return call.get(1, "default")


@knows("dataclasses.is_dataclass")
def is_dataclass(machine: Machine, call: Call) -> Value:
    value = call.get(0, "obj")
    if isinstance(value, (Unknown, External)):
        return Unknown("whether a value that is not known is a data class", call.place)
    cls = value.cls if isinstance(value, Instance) else value
    return isinstance(cls, ClassValue) and any(isinstance(b, ClassValue) and b.kind == "data" for b in cls.mro)


@knows("typing.cast")
def cast(machine: Machine, call: Call) -> Value:
    return call.arg(1)


@knows("torch.jit.is_scripting", "torch.jit.is_tracing", "torch.onnx.is_in_onnx_export", "torch.compiler.is_compiling",
       "torch.compiler.is_exporting", "torch.compiler.is_dynamo_compiling", "torch._dynamo.is_compiling",
       "torch._C._get_tracing_state", "torch.fx._symbolic_trace.is_fx_tracing")  # fmt: skip
def not_scripting(machine: Machine, call: Call) -> Value:
    return False


FUNCTIONS.update(_known)
FUNCTIONS.update(
    {
        "math.pi": math.pi,
        "math.e": math.e,
        "math.inf": math.inf,
        "math.nan": math.nan,
        "numpy.pi": math.pi,
        "typing.TYPE_CHECKING": True,
        "builtins.True": True,
    }
)
