"""What `x.name = value` does."""

from __future__ import annotations

from collections.abc import Mapping

from padlint.arithmetic.dims import Unknown, equal
from padlint.evaluate.machine import Machine
from padlint.evaluate.protocols import plain
from padlint.evaluate.values import (
    ClassValue,
    Descriptor,
    Function,
    Instance,
    KerasObject,
    ModuleValue,
    Namespace,
    Tensor,
    Value,
    is_module,
    torch_base,
)
from padlint.finding import Place
from padlint.layers.base import Layer
from padlint.layers.base import Value as LayerValue


def set_attribute(machine: Machine, target: Value, name: str, value: Value, place: Place) -> None:
    """`target.name = value`, by what the class of the target does then, if it does anything of its own."""
    if isinstance(target, Instance) and isinstance(target.cls, ClassValue):
        own = [base.namespace for base in target.cls.mro if isinstance(base, ClassValue)]
        found = next((names[name] for names in own if name in names), None)
        if isinstance(found, Descriptor) and found.setter is not None:
            machine.call(found.setter, target, value, place=place)
            return
        method = next((names["__setattr__"] for names in own if "__setattr__" in names), None)
        if method is not None:
            machine.call(method, target, name, value, place=place)
            return
    store_attribute(machine, target, name, value, place)


def store_attribute(machine: Machine, target: Value, name: str, value: Value, place: Place) -> None:
    """`target.name = value`; a module given to a module is registered as its child, in order."""
    machine.touch(target)
    if isinstance(target, Instance):
        if machine.existed_before_loop(target.born) and not is_module(value):
            value = Unknown(f"{name!r} changes in a loop of unknown length", place)
        if is_module(value) and is_module(target):
            target.attrs.pop(name, None)
            target.children[name] = value
        elif name in target.children and value is None:
            target.children[name] = None
        else:
            target.children.pop(name, None)
            target.attrs[name] = value
            if target.args is not None:
                _adjust_layer(target, name, value)
    elif isinstance(target, ClassValue):
        target.namespace[name] = value
    elif isinstance(target, (Function, Namespace, KerasObject)):
        target.attrs[name] = value
    elif isinstance(target, ModuleValue):
        machine.world.own_name(machine, target.module, name)
        machine.bind_outside(target.module.names, name, value)


def _adjust_layer(layer: Instance, name: str, value: Value) -> None:
    """A layer computes with its attributes: `conv.stride = (1, 1)` is another stride. What its weight decides, no
    attribute changes; another weight may be of any size."""
    base = torch_base(layer.cls)
    declared, args = base.layer if base is not None else None, layer.args
    if declared is None or args is None:
        return
    if name == "weight":
        if isinstance(value, Tensor) and _fits(declared, args, value):
            return
        reason = Unknown("the weight was replaced")
        layer.args = {key: reason if key != "bias" and _decides(declared, args, key) else args[key] for key in args}
    elif name == "bias" and "bias" in args:
        layer.args = {**args, name: value if isinstance(value, (bool, Unknown)) else value is not None}
    elif name in args:
        fixed = _decides(declared, args, name) or (name == "padding" and args.get("padding_mode", "zeros") != "zeros")
        layer.args = {**args, name: Unknown(f"{name} was set after the layer was built") if fixed else plain(value)}


def _fits(layer: Layer, args: Mapping[str, LayerValue], weight: Tensor) -> bool:
    """Has a tensor the size of a layer's own weight?"""
    slots = layer.state(args)
    own = [slot.shape for slot in slots if slot.name == "weight"] if isinstance(slots, tuple) else []
    alike = [shape for shape in own if len(shape) == len(weight.shape)]
    return any(all(equal(a, b) is True for a, b in zip(shape, weight.shape, strict=True)) for shape in alike)


def _decides(layer: Layer, args: Mapping[str, LayerValue], name: str) -> bool:
    """Does the shape of what a layer saves depend on this argument?"""
    before, after = layer.state(args), layer.state({**args, name: Unknown("another value")})
    return isinstance(before, Unknown) or before != after
