"""inspect, functools.wraps, types: what programs ask of functions, and plain objects."""

from __future__ import annotations

from padlint.arithmetic.dims import Unknown
from padlint.evaluate.machine import Machine
from padlint.evaluate.registry import Table
from padlint.evaluate.values import (
    BoundMethod,
    Builtin,
    Call,
    ClassValue,
    External,
    Function,
    Namespace,
    Partial,
    TorchClass,
    Value,
    linearised,
)
from padlint.layers.base import Layer

_known = Table()
knows = _known.knows

_KINDS = {
    "positional_only": "POSITIONAL_ONLY",
    "positional": "POSITIONAL_OR_KEYWORD",
    "args": "VAR_POSITIONAL",
    "keyword_only": "KEYWORD_ONLY",
    "kwargs": "VAR_KEYWORD",
}
_OF_LAYERS = {
    "positional": _KINDS["positional"], "keyword": _KINDS["keyword_only"], "args": _KINDS["args"], "kwargs": _KINDS["kwargs"],
}  # fmt: skip
_EMPTY = External("inspect.Parameter.empty")


def unwrapped(value: Value) -> tuple[Function | Layer, int] | None:
    """What a signature is read from, and how many of its parameters are bound already."""
    bound = 0
    while True:
        if isinstance(value, Function):
            inner = value.attrs.get("__wrapped__")
            if not isinstance(inner, Function):
                return value, bound
            value = inner
        elif isinstance(value, BoundMethod):
            value, bound = value.function, bound + 1
        elif isinstance(value, (ClassValue, TorchClass)):
            base = next((base for base in linearised(value) if not isinstance(base, ClassValue) or _init(base)), None)
            if isinstance(base, TorchClass):
                return (base.layer, 0) if base.layer is not None else None
            value, bound = _init(base) if isinstance(base, ClassValue) else None, bound + 1
        elif isinstance(value, Partial) and not value.args and not value.keywords:
            value = value.func
        else:
            return None


def _init(cls: ClassValue) -> Value:
    return cls.namespace.get("__init__")


@knows("inspect.signature")
def signature(machine: Machine, call: Call) -> Value:
    found = unwrapped(call.get(0, "obj"))
    if found is None:
        return Unknown("the signature of a callable that is not known", call.place)
    of, bound = found
    annotation = Unknown("an annotation", call.place)
    parameters = machine.dict()
    if isinstance(of, Layer):
        for each in of.signature:
            default: Value = _EMPTY if each.required or each.kind in ("args", "kwargs") else each.default
            parameters[each.name] = _described(each.name, _OF_LAYERS[each.kind], default, annotation)
    else:
        for parameter in of.node.parameters[bound:]:
            default = of.defaults.get(parameter.name, _EMPTY)
            said = annotation if parameter.annotation is not None else _EMPTY
            parameters[parameter.name] = _described(parameter.name, _KINDS[parameter.kind], default, said)
    return Namespace("inspect.Signature", {"parameters": parameters})


def _described(name: str, kind: str, default: Value, annotation: Value) -> Namespace:
    kinds = {each: each for each in _KINDS.values()}
    own = {"name": name, "kind": kind, "default": default, "annotation": annotation, "empty": _EMPTY}
    return Namespace("inspect.Parameter", {**kinds, **own})


@knows("functools.wraps")
def wraps(machine: Machine, call: Call) -> Value:
    """Gives the wrapper the name of what it wraps; `__wrapped__` is what `inspect.signature` looks at."""
    wrapped = call.get(0, "wrapped")

    def mark(inner_machine: Machine, inner: Call) -> Value:
        wrapper = inner.get(0, "wrapper")
        if isinstance(wrapper, Function):
            inner_machine.touch(wrapper)
            wrapper.attrs["__wrapped__"] = wrapped
            for name in ("__name__", "__qualname__", "__module__", "__doc__"):
                value = inner_machine.attribute(wrapped, name, inner.place)
                if not isinstance(value, Unknown):
                    wrapper.attrs[name] = value
        return wrapper

    return Builtin("functools.wraps", mark)


@knows("functools.update_wrapper")
def update_wrapper(machine: Machine, call: Call) -> Value:
    return machine.call(wraps(machine, Call(call.args[1:2], {}, call.place)), call.arg(0), place=call.place)


@knows("types.SimpleNamespace", "argparse.Namespace")
def simple_namespace(machine: Machine, call: Call) -> Value:
    return (
        call.rest if call.rest is not None else Namespace("types.SimpleNamespace", dict(call.keywords), machine.tick())
    )


@knows("builtins.object")
def plain_object(machine: Machine, call: Call) -> Value:
    return Namespace("object", {}, machine.tick())


FUNCTIONS: dict[str, Value] = {**_known, **{f"inspect.Parameter.{name}": name for name in _KINDS.values()}}
FUNCTIONS["inspect.Parameter.empty"] = FUNCTIONS["inspect._empty"] = _EMPTY
