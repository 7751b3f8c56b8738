"""Keras's layers and models as values: how they are built, named and called.

Names count as Keras counts them: by class, in the order in which the program builds them.
"""

from __future__ import annotations

from collections.abc import Callable

from padlint.arithmetic.dims import Expr, Unknown
from padlint.evaluate.keras_rules import through
from padlint.evaluate.machine import Machine
from padlint.evaluate.modules import plain
from padlint.evaluate.protocols import iterate
from padlint.evaluate.record import KerasBuilt
from padlint.evaluate.values import (
    Builtin,
    Call,
    ClassValue,
    External,
    KerasObject,
    KerasTensor,
    ListValue,
    Many,
    Value,
)
from padlint.finding import Place
from padlint.layers.base import Refusal, Shape
from padlint.layers.base import Value as LayerValue
from padlint.layers.catalogue import bind
from padlint.layers.keras.base import NONE, KerasLayer
from padlint.layers.keras.catalogue import find as find_layer
from padlint.layers.keras.catalogue import snake_case

_INNER = frozenset({"api", "src", "_api", "_v2", "v2", "python"})
_MODELS = frozenset({"", "models", "engine"})


def named(dotted: str) -> Value:
    """What `keras.layers.Conv2D`, `tensorflow.keras.Sequential` and their like are; None where it is not known."""
    parts = [part for part in dotted.split(".") if part not in _INNER]
    if parts[:2] == ["tensorflow", "keras"]:
        parts = parts[1:]
    if parts[0] not in ("keras", "tf_keras") or len(parts) < 2:
        return None
    home, name = (parts[1] if len(parts) > 2 else ""), parts[-1]
    if name == "Input" and home in ("", "layers"):
        return Builtin(dotted, _input)
    if home in _MODELS and name in ("Sequential", "Model", "Functional"):
        return Builtin(dotted, _sequential if name == "Sequential" else _functional)
    if name == "image_data_format":
        return Builtin(dotted, lambda machine, call: "channels_last")
    layer = find_layer(name) if home == "layers" else None
    return Builtin(dotted, _builder(layer)) if layer is not None else None


def _builder(layer: KerasLayer) -> Callable[[Machine, Call], Value]:
    return lambda machine, call: build(machine, layer, call)


# ---------------------------------------------------------------- building


def build(machine: Machine, layer: KerasLayer, call: Call) -> KerasObject:
    """`Conv2D(64, 3, activation="relu")`"""
    parts = {name: value for name, value in _by_name(layer, call).items() if isinstance(value, KerasObject)}
    keywords = {name: _argument(value) for name, value in call.keywords.items()}
    if layer.name == "LeakyReLU" and "alpha" in keywords:  # its name in Keras 2
        keywords["negative_slope"] = keywords.pop("alpha")
    bound = bind(layer, [_argument(value) for value in call.args], keywords)
    made = _made(machine, layer.name, call, layer, keywords.get("name"))
    made.parts = parts
    if isinstance(bound, Refusal):
        made.refusal = bound
    elif call.rest is not None or any(isinstance(value, Many) for value in call.args):
        made.refusal = Refusal("PAD106", "gets arguments that are not known")
    else:
        made.args = bound
        made.name = given if isinstance(given := bound["name"], str) else made.name
    return made


def _by_name(layer: KerasLayer, call: Call) -> dict[str, Value]:
    names = [parameter.name for parameter in layer.signature]
    return {**dict(zip(names, call.args, strict=False)), **call.keywords}


def _argument(value: Value) -> LayerValue:
    """A function of Keras or TensorFlow, such as `tf.nn.relu`, counts by its name."""
    return value.dotted.rpartition(".")[2] if isinstance(value, External) else plain(value)


def _made(machine: Machine, kind: str, call: Call, layer: KerasLayer | None, name: Value = None) -> KerasObject:
    """An object with the name that Keras would give it."""
    machine.impure()  # names count, so no such call is like another
    base = snake_case(kind)
    before = sum(each.made.kind == kind and not each.named for each in machine.record.keras)
    given = name if isinstance(name, str) else None
    automatic = f"{base}_{before}" if before else base
    made = KerasObject(kind, given or automatic, call.place, machine.tick(), layer)
    qualname = ""
    if machine.frames:
        callee = machine.frames[-1].callee
        qualname = f"{callee.qualname}.__init__" if isinstance(callee, ClassValue) else callee.qualname
    machine.record.keras.append(KerasBuilt(made, machine.frames, qualname, given is not None))
    return made


def _sequential(machine: Machine, call: Call) -> Value:
    """`Sequential()`, `Sequential([...], name=...)`"""
    made = _made(machine, "Sequential", call, None, call.get(2, "name"))
    layers = call.get(0, "layers")
    items = iterate(machine, layers, call.place) if layers is not None else []
    if isinstance(items, Unknown) or call.rest is not None:
        made.open = items if isinstance(items, Unknown) else call.rest
    else:
        for item in items:
            add(machine, made, item, call)
    return made


def add(machine: Machine, model: KerasObject, item: Value, call: Call) -> None:
    """Append a layer; the first one may say what comes in."""
    machine.impure()
    if isinstance(item, KerasTensor) and item.before is None:
        item = item.maker
    if isinstance(item, Many) or machine.existed_before_loop(model.born):
        model.open = Unknown("any number of layers", call.place)
        return
    if isinstance(item, KerasObject) and not model.layers and model.shape is None:
        model.shape = item.shape if item.layer is None else input_shape(item)
        if model.shape is not None and item.kind != "InputLayer" and item.layer is not None:
            _made(machine, "InputLayer", call, find_layer("InputLayer"))
    if not isinstance(item, KerasObject) or item.kind != "InputLayer":
        model.layers.append(item)


def input_shape(layer: KerasObject) -> Shape | None:
    """The batched shape that a layer says it takes, by `input_shape` and its like."""
    args = layer.args
    for name, batched in (("batch_shape", True), ("batch_input_shape", True), ("shape", False), ("input_shape", False)):
        value = args.get(name)
        if isinstance(value, tuple):
            sizes = tuple(each if isinstance(each, (int, Expr)) else NONE for each in value)
            batch = args.get("batch_size")
            return sizes if batched else (batch if isinstance(batch, int) else NONE, *sizes)
    features = args.get("input_dim") if layer.kind != "Embedding" else None
    if isinstance(features, (int, Expr)):
        return (NONE, features)
    length = args.get("input_length")
    return (NONE, length) if layer.kind == "Embedding" and isinstance(length, (int, Expr)) else None


# ---------------------------------------------------------------- functional models


def _input(machine: Machine, call: Call) -> Value:
    """`Input(shape=(32, 32, 3))`"""
    layer = find_layer("InputLayer")
    assert layer is not None
    made = build(machine, layer, call)
    made.shape = input_shape(made)
    return KerasTensor(made.shape if made.shape is not None else Unknown("an Input without a shape", call.place), made)


def _functional(machine: Machine, call: Call) -> Value:
    """`Model(inputs, outputs)`, where one chain of layers leads from one to the other."""
    made = _made(machine, "Functional", call, None, call.get(2, "name"))
    made.kind = "Model"
    first, last = _only(call.get(0, "inputs")), _only(call.get(1, "outputs"))
    chain: list[Value] = []
    at = last
    while isinstance(at, KerasTensor):
        chain.insert(0, at.maker)
        if at == first or at.before is None:
            break
        at = at.before
    if isinstance(first, KerasTensor) and isinstance(at, KerasTensor) and at.maker is first.maker:
        made.layers = chain
        made.shape = first.shape if isinstance(first.shape, tuple) else None
    else:
        why = f": {last.reason}" if isinstance(last, Unknown) else ""
        made.open = Unknown(f"a model that is not one chain of layers{why}", call.place)
    return made


def _only(value: Value) -> Value:
    """The one item of a list or tuple."""
    return value[0] if isinstance(value, (ListValue, tuple)) and len(value) == 1 else value


def call_keras(machine: Machine, layer: KerasObject, call: Call) -> Value:
    """`layer(x)` in a functional model."""
    given = _only(call.args[0]) if call.args else None
    if not isinstance(given, KerasTensor):
        return (
            given if isinstance(given, Unknown) else Unknown(f"{layer.kind} is called with several tensors", call.place)
        )
    if not isinstance(given.shape, tuple):
        return KerasTensor(given.shape, layer, given)
    after = through(layer, given.shape)
    return KerasTensor(Unknown(after.message, call.place) if isinstance(after, Refusal) else after, layer, given)


def told(machine: Machine, model: KerasObject, shape: Value, place: Place) -> None:
    """`model.build((None, 28, 28, 1))`"""
    found = plain(shape)
    if isinstance(found, tuple) and model.shape is None:
        model.shape = tuple(each if isinstance(each, (int, Expr)) else NONE for each in found)
