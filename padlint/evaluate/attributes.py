"""What `value.name` gives."""

from __future__ import annotations

from dataclasses import replace
from typing import cast

from padlint.arithmetic.dims import Expr, Unknown
from padlint.evaluate.machine import TRAINING, Machine, Raised
from padlint.evaluate.registry import find, methods
from padlint.evaluate.tensors import as_tensor, settled, sizes_of
from padlint.evaluate.values import (
    DEVICE,
    MISSING,
    BoundMethod,
    Builtin,
    Call,
    ClassValue,
    Data,
    Descriptor,
    DictValue,
    External,
    Fresh,
    Function,
    Instance,
    KerasObject,
    KerasTensor,
    ListValue,
    MissingArgument,
    ModuleValue,
    Namespace,
    Partial,
    SetValue,
    ShapeOf,
    Super,
    Tensor,
    TorchClass,
    Value,
    in_mro,
    linearised,
    part,
    torch_base,
)
from padlint.finding import Place
from padlint.layers.catalogue import kept
from padlint.syntax import ir

_SIMPLE = (ListValue, DictValue, SetValue, str, tuple, int, float, range)
_KERAS = (KerasObject, KerasTensor)


def attribute(machine: Machine, value: Value, name: str, place: Place) -> Value:
    """The attribute, bound to its receiver where it is a method; Unknown with the reason where it is not known."""
    found = lookup(machine, value, name, place)
    if found is not MISSING:
        return found
    if isinstance(value, Instance):
        if machine.record.guarded and wholly_known(value):
            raise Raised("AttributeError", place)  # what a `try` around it waits for
        if any(isinstance(base, External) for base in linearised(value.cls)):
            return Unknown(f"attribute {name!r} of a base class outside of the project", place)
        return Unknown(f"{value.cls.name} has no attribute {name!r} that is known", place)
    return Unknown(f"attribute {name!r} of {describe(value)}", place)


def wholly_known(value: Instance) -> bool:
    """Do all classes of an object belong to the program, so that it has no attributes but those that are seen?"""
    return all(isinstance(base, ClassValue) or base == External("builtins.object") for base in linearised(value.cls))


def lookup(machine: Machine, value: Value, name: str, place: Place) -> Value:
    """The attribute, or MISSING."""
    if isinstance(value, Instance):
        return _of_instance(machine, value, name, place)
    if isinstance(value, ClassValue):
        return _of_class(machine, value, name, place)
    if isinstance(value, Namespace):
        return value.attrs.get(name, MISSING)
    if isinstance(value, ModuleValue):
        return machine.world.module_attribute(machine, value.module, name, place)
    if value == DEVICE:
        return Unknown("what the device of a tensor is", place)
    if isinstance(value, External):
        return find(f"{value.dotted}.{name}")
    if isinstance(value, Super):
        return _of_super(machine, value, name, place)
    if isinstance(value, Data):
        return _of_data(value, name)
    if isinstance(value, (Tensor, Fresh)):
        return _of_tensor(machine, value, name, place)
    if isinstance(value, ShapeOf) and value.fresh.tensor is not None:
        return lookup(machine, value.fresh.tensor.shape, name, place)
    if isinstance(value, TorchClass):
        return _of_torch_class(machine, value, name)
    if isinstance(value, Unknown):
        return part(value, f".{name}")
    if isinstance(value, _KERAS):
        return _of_keras(value, name)
    if isinstance(value, _SIMPLE):
        return _of_simple(value, name)
    return _of_callable(machine, value, name)


def _of_instance(machine: Machine, value: Instance, name: str, place: Place) -> Value:
    if name in value.attrs:
        return value.attrs[name]
    if name in value.children:
        return value.children[name]
    found = _bound(machine, in_mro(linearised(value.cls), name), value, place)
    if found is not MISSING:
        return found
    if value.fields is not None and isinstance(value.cls, ClassValue) and value.cls.fields is not None:
        names = [field for field, _ in value.cls.fields]
        if name in names:
            return value.fields[names.index(name)]
    if name == "__class__":
        return value.cls
    if name == "__dict__":
        return own_attributes(value)
    if name == "_modules" and torch_base(value.cls) is not None:
        return _own_children(value)
    if name in ("__module__", "__doc__"):
        return value.cls.module.name if isinstance(value.cls, ClassValue) else "torch.nn"
    if value.args is not None and name in value.args:
        declared = torch_base(value.cls)
        layer = declared.layer if declared is not None else None
        return kept(layer, value.args, name) if layer is not None else value.args[name]
    base = torch_base(value.cls)
    if base is not None:
        found = _of_module(machine, value, name)
        if found is not MISSING:
            return found
    fallback = in_mro(linearised(value.cls), "__getattr__")
    if isinstance(fallback, Function):
        return machine.call(fallback, value, name, place=place)
    return MISSING


def own_attributes(value: Instance | Namespace) -> DictValue:
    """`__dict__`: what changes it changes the object."""
    if not isinstance(value.attrs, DictValue):
        value.attrs = cast("dict[str, Value]", DictValue(value.attrs, value.born))
    return cast("DictValue", value.attrs)


def _own_children(value: Instance) -> DictValue:
    """`_modules`: what changes it changes the module."""
    if not isinstance(value.children, DictValue):
        value.children = cast("dict[str, Value]", DictValue(value.children, value.born))
    children = cast("DictValue", value.children)
    children.rest = value.open
    return children


def _bound(machine: Machine, found: Value, receiver: Value, place: Place) -> Value:
    """What a class attribute becomes when it is read through an instance."""
    if isinstance(found, Function):
        return BoundMethod(found, receiver)
    if isinstance(found, Descriptor):
        if found.kind == "property":
            return machine.call(found.function, receiver, place=place)
        if found.kind == "classmethod":
            cls = receiver.cls if isinstance(receiver, Instance) else receiver
            return BoundMethod(found.function, cls) if isinstance(found.function, Function) else found.function
        return found.function
    return found


def _of_module(machine: Machine, value: Instance, name: str) -> Value:
    """What every nn.Module, or every torch container of this kind, has."""
    base = torch_base(value.cls)
    table = methods()
    for kind in (base.name if base is not None else "Module", "Module"):
        known = table.get((kind, name))
        if known is not None:
            return BoundMethod(known, value)
    if name == "training":
        return TRAINING
    layer = base.layer if base is not None else None
    if layer is not None and value.args is not None:
        slots = machine.world.layers.state(layer, value.args)
        if not isinstance(slots, Unknown):
            for slot in slots:
                if slot.name == name:
                    return Tensor(slot.shape)
    return MISSING


def _of_class(machine: Machine, value: ClassValue, name: str, place: Place) -> Value:
    if name in ("__name__", "__qualname__"):
        return value.name if name == "__name__" else value.qualname
    if name == "__module__":
        return value.module.name
    if name in ("__mro__", "__bases__"):
        return value.mro if name == "__mro__" else value.bases
    if name == "__dataclass_fields__" and value.kind == "data":
        described = {field: Unknown("the description of a field") for field, _ in value.fields or ()}
        return machine.dict(described)
    found = in_mro(value.mro, name)
    if isinstance(found, Descriptor):
        return _bound(machine, found, value, place) if found.kind != "property" else found
    if found is MISSING:
        if name == "__members__" and value.kind == "enum":
            return machine.dict({k: v for k, v in value.namespace.items() if isinstance(v, Instance)})
        base = next((base for base in value.mro if isinstance(base, TorchClass)), None)
        return _of_torch_class(machine, base, name) if base is not None else _of_outside(value, name)
    return found


def _of_outside(value: ClassValue, name: str) -> Value:
    """What a class has of a base outside of the project that is known: a method of the class itself."""
    outside = (methods().get((base.dotted, name)) for base in value.mro if isinstance(base, External))
    known = next((each for each in outside if each is not None), None)
    return BoundMethod(known, value) if known is not None else MISSING


def _of_torch_class(machine: Machine, value: TorchClass, name: str) -> Value:
    if name in ("__name__", "__qualname__"):
        return value.name
    if name == "__init__":
        return Builtin(f"{value.dotted}.__init__", lambda m, call: _explicit_init(m, value, call))
    for kind in (value.name, "Module"):
        known = methods().get((kind, name))
        if known is not None:
            return known
    return MISSING


def _explicit_init(machine: Machine, base: TorchClass, call: Call) -> Value:
    """`nn.Sequential.__init__(self, *layers)`"""
    from padlint.evaluate.modules import initialise

    if call.args and isinstance(call.args[0], Instance):
        initialise(machine, call.args[0], base, Call(call.args[1:], call.keywords, call.place, call.rest))
    return None


def _of_super(machine: Machine, value: Super, name: str, place: Place) -> Value:
    receiver = value.receiver
    mro = (
        receiver.mro
        if isinstance(receiver, ClassValue)
        else linearised(receiver.cls)
        if isinstance(receiver, Instance)
        else ()
    )
    after = mro[mro.index(value.cls) + 1 :] if value.cls in mro else value.cls.mro[1:]
    for base in after:
        if isinstance(base, ClassValue) and name in base.namespace:
            return _bound(machine, base.namespace[name], receiver, place)
        if isinstance(base, ClassValue) and base.fields is not None and name == "__init__":
            return BoundMethod(_init_of_fields(base.fields), receiver)
        if isinstance(base, TorchClass):
            if name == "__init__":
                return BoundMethod(_init_of(base), receiver)
            if name == "forward" and isinstance(receiver, Instance):
                return BoundMethod(_forward_of(base), receiver)
            for kind in (base.name, "Module"):
                known = methods().get((kind, name))
                if known is not None:
                    return BoundMethod(known, receiver)
            if name == "__setattr__":
                return BoundMethod(methods()["object", "__setattr__"], receiver)
            return MISSING
        if isinstance(base, External) and base.dotted not in ("builtins.object", "abc.ABC", "typing.Generic"):
            return Unknown(f"super().{name} of {base.dotted}, which is outside of the project", place)
    return methods().get(("object", name), MISSING) if name != "__init__" else Builtin("object.__init__", _nothing)


def _init_of_fields(fields: tuple[tuple[str, Value], ...]) -> Builtin:
    from padlint.evaluate.calls import with_fields

    def run(machine: Machine, call: Call) -> Value:
        instance = call.arg(0)
        if not isinstance(instance, Instance):
            raise MissingArgument
        with_fields(machine, instance, fields, Call(call.args[1:], call.keywords, call.place, call.rest))
        return None

    return Builtin("dataclass.__init__", run)


def _nothing(machine: Machine, call: Call) -> Value:
    return None


def _init_of(base: TorchClass) -> Builtin:
    return Builtin(f"{base.dotted}.__init__", lambda machine, call: _explicit_init(machine, base, call))


def _forward_of(base: TorchClass) -> Builtin:
    from padlint.evaluate.modules import forward_as

    def run(machine: Machine, call: Call) -> Value:
        instance = call.arg(0)
        if not isinstance(instance, Instance):
            raise MissingArgument
        return forward_as(machine, instance, base, Call(call.args[1:], call.keywords, call.place, call.rest))

    return Builtin(f"{base.dotted}.forward", run)


def _of_tensor(machine: Machine, value: Tensor | Fresh, name: str, place: Place) -> Value:
    tensor = settled(value)
    if name == "shape":
        return (
            sizes_of(tensor) if isinstance(tensor, Tensor) else ShapeOf(value) if isinstance(value, Fresh) else MISSING
        )
    if name == "ndim":
        return len(tensor.shape) if isinstance(tensor, Tensor) else Unknown("the rank of the input is not known", place)
    if name in ("data", "real"):
        return tensor
    if name == "device":
        return DEVICE
    if name in ("T", "mT") and isinstance(tensor, Tensor):
        return Tensor((*tensor.shape[:-2], *tensor.shape[:-3:-1]))
    known = methods().get((Tensor, name))
    return BoundMethod(known, value) if known is not None else MISSING


def _of_data(value: Data, name: str) -> Value:
    """Numbers where the method computes them, else what a tensor of this shape has."""
    if name in ("shape", "ndim"):
        return (len(value.numbers),) if name == "shape" else 1
    if name == "device":
        return DEVICE
    known = methods().get((Data, name))
    if known is not None:
        return BoundMethod(known, value)
    known = methods().get((Tensor, name))
    return BoundMethod(known, as_tensor(value)) if known is not None else MISSING


def _of_keras(value: KerasObject | KerasTensor, name: str) -> Value:
    if isinstance(value, KerasTensor) and name == "shape":
        return value.shape
    if isinstance(value, KerasObject) and name in value.attrs:
        return value.attrs[name]
    return _of_simple(value, name)


def _of_simple(value: Value, name: str) -> Value:
    for kind in type(value).__mro__:
        known = methods().get((kind, name))
        if known is not None:
            return BoundMethod(known, value)
    return MISSING


def _of_callable(machine: Machine, value: Value, name: str) -> Value:
    if isinstance(value, Function):
        if name in value.attrs:
            return value.attrs[name]
        if name in ("__name__", "__qualname__"):
            return value.name if name == "__name__" else value.qualname
        if name == "__module__":
            return value.scope.module.name
        return value.node.doc if name == "__doc__" and isinstance(value.node, ir.Function) else MISSING
    if isinstance(value, Partial) and name in ("func", "args", "keywords"):
        return value.func if name == "func" else value.args if name == "args" else machine.dict(dict(value.keywords))
    if isinstance(value, Builtin):  # dict.fromkeys, object.__setattr__
        known = find(f"{value.name}.{name}")
        return MISSING if isinstance(known, External) else known
    if isinstance(value, BoundMethod) and name == "__self__":
        return value.receiver
    if isinstance(value, Descriptor) and name in ("setter", "deleter"):
        setter = name == "setter"
        return Builtin(name, lambda machine, call: replace(value, setter=call.arg(0)) if setter else value)
    if isinstance(value, slice) and name in ("start", "stop", "step"):
        found: Value = getattr(value, name)
        return found
    return MISSING


def describe(value: Value) -> str:
    """What a value is, in the words of a reason."""
    if isinstance(value, Expr):
        return f"the parameter {value}"
    if isinstance(value, External):
        return value.dotted
    if isinstance(value, (ClassValue, Function)):
        return value.qualname
    return f"a value of type {type(value).__name__.removesuffix('Value').lower()}"
