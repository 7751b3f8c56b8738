"""What programs ask of objects: isinstance, issubclass, getattr and its kin, type, super, descriptors."""

from __future__ import annotations

from padlint.arithmetic.dims import Expr, Unknown
from padlint.evaluate.annotations import UnknownSequence
from padlint.evaluate.attributes import lookup, own_attributes
from padlint.evaluate.classes import AUTO
from padlint.evaluate.library.kinds import TYPES, derives, is_a, is_any
from padlint.evaluate.machine import Machine
from padlint.evaluate.registry import Table, builtin, find, functions
from padlint.evaluate.setting import set_attribute, store_attribute
from padlint.evaluate.statements import delete_attribute
from padlint.evaluate.tensors import settled
from padlint.evaluate.values import (
    MISSING,
    Builtin,
    Call,
    ClassValue,
    Condition,
    Descriptor,
    External,
    Instance,
    Many,
    Super,
    TorchClass,
    Value,
    is_module,
    linearised,
)
from padlint.layers.catalogue import layers

FUNCTIONS = Table()
knows = FUNCTIONS.knows


@knows("builtins.isinstance")
def isinstance_(machine: Machine, call: Call) -> Value:
    value, kinds = settled(call.arg(0)), call.arg(1)
    verdict = is_any(value, kinds if isinstance(kinds, tuple) else (kinds,))
    return Condition("isinstance", value, kinds) if verdict is None else verdict


@knows("builtins.issubclass")
def issubclass_(machine: Machine, call: Call) -> Value:
    cls, kinds = call.arg(0), call.arg(1)
    listed = kinds if isinstance(kinds, tuple) else (kinds,)
    if not isinstance(cls, (ClassValue, TorchClass)) or not all(
        isinstance(kind, (ClassValue, TorchClass)) for kind in listed
    ):
        return Condition("issubclass", cls, kinds)
    return any(derives(cls, kind) for kind in listed)


@knows("builtins.hasattr")
def hasattr_(machine: Machine, call: Call) -> Value:
    value, name = call.arg(0), call.arg(1)
    if isinstance(value, External) and isinstance(name, str) and _is_known(f"{value.dotted}.{name}"):
        return True
    if isinstance(value, UnknownSequence) and isinstance(name, str) and hasattr(list, name) is hasattr(tuple, name):
        return hasattr(list, name)
    if not isinstance(name, str) or isinstance(value, (Unknown, Expr, External)):
        return Condition("hasattr", value, name if isinstance(name, str) else None)
    found = lookup(machine, value, name, call.place)
    if found is MISSING and isinstance(value, Instance) and any(isinstance(b, External) for b in linearised(value.cls)):
        return Condition("hasattr", value, name)
    return found is not MISSING


def _is_known(dotted: str) -> bool:
    return not isinstance(find(dotted), External)


@knows("builtins.dir")
def dir_(machine: Machine, call: Call) -> Value:
    """The names of something outside of the project that are known; there are others."""
    value = call.get(0, "object")
    if not isinstance(value, External):
        return Unknown("the names of an object", call.place)
    start = f"{value.dotted}."
    own = sorted({name.removeprefix(start) for name in functions() if name.startswith(start)})
    layers_too = sorted(layers()) if value.dotted == "torch.nn" else []
    return machine.list([*own, *layers_too, Many(Unknown("a name that is not known", call.place))])


@knows("builtins.getattr")
def getattr_(machine: Machine, call: Call) -> Value:
    value, name = call.arg(0), call.arg(1)
    if not isinstance(name, str):
        return Unknown("an attribute whose name is not known", call.place)
    if len(call.args) > 2:
        found = lookup(machine, value, name, call.place)
        opaque = isinstance(value, Instance) and any(isinstance(b, External) for b in linearised(value.cls))
        return (
            (Unknown(f"attribute {name!r}, if there is one", call.place) if opaque else call.arg(2))
            if found is MISSING
            else found
        )
    return machine.attribute(value, name, call.place)


@knows("builtins.setattr")
def setattr_(machine: Machine, call: Call) -> Value:
    value, name = call.arg(0), call.arg(1)
    if isinstance(name, str):
        set_attribute(machine, value, name, call.arg(2), call.place)
    elif isinstance(value, Instance) and is_module(call.arg(2)):
        machine.touch(value)
        value.open = Unknown("a module set under a name that is not known", call.place)
    return None


@knows("builtins.object.__setattr__")
def set_plainly(machine: Machine, call: Call) -> Value:
    name = call.arg(1)
    if isinstance(name, str):
        store_attribute(machine, call.arg(0), name, call.arg(2), call.place)
    return None


@knows("enum.auto")
def auto(machine: Machine, call: Call) -> Value:
    """What a member of an enumeration counts itself by."""
    return AUTO


@knows("builtins.delattr")
def delattr_(machine: Machine, call: Call) -> Value:
    name = call.arg(1)
    if isinstance(name, str):
        delete_attribute(machine, call.arg(0), name, call.place)
    return None


@knows("builtins.super")
def super_(machine: Machine, call: Call) -> Value:
    cls = call.get(0, "type")
    if len(call.args) == 2 and isinstance(cls, ClassValue):
        return Super(cls, call.arg(1))
    return Unknown("super() with arguments that are not known", call.place)


@knows("builtins.type")
def type_(machine: Machine, call: Call) -> Value:
    value = call.arg(0)
    if isinstance(value, Instance):
        return value.cls
    for name, kind in TYPES.items():
        if type(value) is kind:
            return builtin(name)
    return Unknown("the type of a value that is not known", call.place)


@knows("builtins.callable")
def callable_(machine: Machine, call: Call) -> Value:
    verdict = is_a(call.arg(0), External("collections.abc.Callable"))
    return Condition("callable", call.arg(0)) if verdict is None else verdict


@knows("builtins.vars")
def vars_(machine: Machine, call: Call) -> Value:
    value = call.get(0, "object")
    if isinstance(value, Instance):
        return own_attributes(value)
    return Unknown("vars() of a value that is not known", call.place)


def _descriptor(kind: str) -> None:
    @knows(f"builtins.{kind}")
    def run(machine: Machine, call: Call) -> Value:
        return Descriptor(kind, call.arg(0), call.get(1, "fset") if kind == "property" else None)


for _name in ("property", "classmethod", "staticmethod"):
    _descriptor(_name)

for _name in ("functools.cached_property", "abc.abstractproperty"):
    FUNCTIONS[_name] = Builtin(_name, lambda machine, call: Descriptor("property", call.arg(0)))
