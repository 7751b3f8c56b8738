"""A model of torch as a list of steps, to be laid beside those of the Keras model it is a port of."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

from padlint.arithmetic.dims import Unknown, equal
from padlint.evaluate.library.torch_functions import as_layer
from padlint.evaluate.modules import plain, torch_layer
from padlint.evaluate.protocols import container_kind, defines
from padlint.evaluate.record import Op, Record
from padlint.evaluate.tensors import settled
from padlint.evaluate.values import Instance, Tensor, Value
from padlint.keras.steps import Step, folded
from padlint.layers.arguments import numbers, truth
from padlint.layers.base import Layer, Window
from padlint.layers.base import Value as LayerValue

_ACTIVATIONS: Mapping[str, tuple[str, str]] = {
    "ReLU": ("relu", ""), "Sigmoid": ("sigmoid", ""), "Tanh": ("tanh", ""), "SELU": ("selu", ""),
    "Softplus": ("softplus", ""), "Softsign": ("softsign", ""), "SiLU": ("silu", ""), "Mish": ("mish", ""),
    "ReLU6": ("relu6", ""), "Hardsigmoid": ("hard_sigmoid", ""), "ELU": ("elu", "alpha"), "GELU": ("gelu", ""),
    "LeakyReLU": ("leaky_relu", "negative_slope"), "Softmax": ("softmax", ""), "LogSoftmax": ("log_softmax", ""),
    "Hardswish": ("hard_swish", ""), "PReLU": ("prelu", ""),
}  # fmt: skip
_PADS = ("ZeroPad", "ConstantPad")


def steps(module: Instance, record: Record) -> list[Step] | Unknown:
    """The steps of a Sequential, nested ones unfolded; of another model the calls of layers and functions in their order,
    without activations, which a forward may write in many ways. Unknown where something is not known."""
    found = list(_children(module, record)) if _is_chain(module) else _called(module, record)
    if isinstance(found, Unknown):
        return found
    known = [step for step in found if step is not None]
    return folded(known) if len(known) == len(found) else Unknown(f"not all layers of {module.cls.name} are known")


def is_whole(module: Instance) -> bool:
    """Are all steps of this model known, activations too?"""
    return _is_chain(module)


def _is_chain(module: Instance) -> bool:
    return container_kind(module) == "Sequential" and not defines(module, "forward")


def _children(module: Instance, record: Record) -> Iterator[Step | None]:
    if module.open is not None:
        yield None
    for child in module.children.values():
        if isinstance(child, Instance) and _is_chain(child):
            yield from _children(child, record)
        elif not _does_nothing(child):
            step = _step(child)
            keeps = step is not None and step.kind == "own" and _keeps_sizes(child, record)
            yield replace(step, facts={"keeps": True}) if step is not None and keeps else step


def _keeps_sizes(module: Value, record: Record) -> bool:
    """Does a module give the sizes that it was given, in whatever order, wherever it was called?"""
    calls = [op for op in record.ops if op.instance is module]
    return bool(calls) and all(map(_gives_its_sizes, calls))


def _gives_its_sizes(op: Op) -> bool:
    return bool(op.inputs) and _alike(op.inputs[0], op.output)


def _alike(a: Value, b: Value) -> bool:
    """Have two tensors the same sizes, in whatever order?"""
    both = isinstance(a, Tensor) and isinstance(b, Tensor)
    return both and sorted(map(str, a.shape)) == sorted(map(str, b.shape))  # type: ignore[union-attr, arg-type]


def _does_nothing(module: Value) -> bool:
    """When a model predicts."""
    layer = torch_layer(module)
    return layer is not None and (layer.name == "Identity" or "Dropout" in layer.name)


def _called(module: Instance, record: Record) -> list[Step | None] | Unknown:
    """The calls inside the first call of a model. Between two of them stands one that may do anything where what the one
    gives is not what the other takes."""
    call = next((op for op in record.ops if op.kind == "module" and op.instance is module and op.inputs), None)
    if call is None:
        return Unknown(f"{module.cls.name} is not called")
    found: list[Step | None] = []
    last: Op | None = None
    for op in (op for op in record.ops if call.number in op.within and op.kind != "module"):
        step = _step_of(op)
        before = last.output if last is not None else settled(call.inputs[0])
        if not _takes(op, before):
            keeps = last is not None and bool(op.inputs) and _alike(before, op.inputs[0])
            found.append(Step("own", "?", op.place, {"keeps": True} if keeps else {}))
        last = op
        if step is None or (step.kind != "activation" and not (op.instance is not None and _does_nothing(op.instance))):
            found.append(step)
    if last is not None and isinstance(call.output, Tensor) and call.output.origin != last.number:
        found.append(Step("own", "?", call.place))
    return found


def _takes(op: Op, before: Value) -> bool:
    """Does a call take this tensor as it is?"""
    given = op.inputs[0] if op.inputs else None
    both = isinstance(given, Tensor) and isinstance(before, Tensor)
    return both and (given.origin, given.shape) == (before.origin, before.shape)  # type: ignore[union-attr]


def _step_of(op: Op) -> Step | None:
    """A call as a step; one of a function is that of the layer that does the same, or may do anything."""
    if op.kind == "layer":
        return _step(op.instance)
    own = Step("own", op.name, op.place, {"keeps": True} if _gives_its_sizes(op) or _over_the_map(op) else {})
    if (like := as_layer(op)) is not None:
        return _step(like) or own
    if op.name == "pad" and plain(op.call.get(2, "mode", "constant")) == "constant":
        return _padded(Step("pad", "F.pad", op.place), op)
    return replace(own, kind="flatten") if _flattens(op) else own


def _over_the_map(op: Op) -> bool:
    """Is nothing left of a map but its channels?"""
    before, after = (op.inputs[0] if op.inputs else None), op.output
    if not isinstance(before, Tensor) or not isinstance(after, Tensor):
        return False
    return len(before.shape) > 2 and after.shape == before.shape[:2]


def _flattens(op: Op) -> bool:
    """Does a call make one axis of all but the first?"""
    before, after = (op.inputs[0] if op.inputs else None), op.output
    if op.name not in ("flatten", "view", "reshape") or not isinstance(before, Tensor) or not isinstance(after, Tensor):
        return False
    return len(after.shape) == 2 and len(before.shape) > 1 and equal(before.shape[0], after.shape[0]) is True


def _padded(own: Step, op: Op) -> Step:
    """`F.pad` over the axes behind the channels."""
    amounts, tensor = plain(op.call.get(1, "pad")), op.inputs[0]
    sides = numbers(amounts) if isinstance(amounts, tuple) else None
    axes = len(tensor.shape) - 2 if isinstance(tensor, Tensor) else 0
    if sides is None or any(side != 0 for side in sides[2 * axes :]):
        return replace(own, kind="own")
    pairs = [(sides[index], sides[index + 1]) for index in range(0, len(sides), 2)][:axes]
    pairs += [(0, 0)] * (axes - len(pairs))
    return replace(own, windows=tuple(Window(1, 1, 1, lo, hi) for lo, hi in reversed(pairs)))


def _step(module: Value) -> Step | None:
    layer = torch_layer(module)
    if isinstance(module, Instance) and layer is None:
        return Step("own", module.cls.name, module.place)
    if not isinstance(module, Instance) or layer is None or module.args is None:
        return None
    args = module.args
    own = Step("other", layer.name, module.place)
    name = layer.name.removeprefix("Lazy")
    if name.startswith(("Conv", "MaxPool", "AvgPool", *_PADS)):
        return _slid(own, name, layer, args)
    if name == "Linear":
        return Step("linear", name, module.place, {"out_features": args["out_features"], "bias": truth(args["bias"])})
    if name.startswith("BatchNorm"):
        facts = {key: args[key] for key in ("eps", "momentum", "affine")}
        return Step("batch_norm", name, module.place, facts)
    if name in ("LayerNorm", "GroupNorm"):
        return Step(f"{name}alization", name, module.place, {"eps": args["eps"]})
    if name.startswith("Adaptive"):
        single = args["output_size"] in (1, (1,), (1, 1), (1, 1, 1))
        return Step(f"global_{'max' if 'Max' in name else 'avg'}", name, module.place) if single else own
    if name == "Flatten":
        return Step("flatten", name, module.place)
    if name in _ACTIVATIONS:
        kind, number = _ACTIVATIONS[name]
        return Step(
            "activation", name, module.place, {"activation": kind, **({number: args[number]} if number else {})}
        )
    return own


def _slid(own: Step, name: str, layer: Layer, args: Mapping[str, LayerValue]) -> Step:
    if name.startswith(_PADS):
        return _pad(own, args)
    windows = layer.windows(args) if layer.windows is not None else ()
    if isinstance(windows, Unknown):
        return own
    facts: dict[str, LayerValue] = {
        "kernel_size": tuple(each.kernel for each in windows),
        "stride": tuple(each.stride for each in windows),
    }
    if name.startswith("Conv"):
        facts |= {"dilation": tuple(each.dilation for each in windows), "out_channels": args["out_channels"]}
        facts |= {"bias": truth(args["bias"]), "groups": args["groups"], "padding_mode": args["padding_mode"]}
    if name.startswith("AvgPool") and any(each.lo != 0 for each in windows):
        facts["counted"] = truth(args["count_include_pad"])
    kind = (
        "transposed"
        if "Transpose" in name
        else "convolution"
        if name.startswith("Conv")
        else name[:3].lower() + "_pool"
    )
    return Step(kind, own.label, own.place, facts, windows)


def _pad(own: Step, args: Mapping[str, LayerValue]) -> Step:
    value = args["padding"]
    sides = numbers(value) if isinstance(value, tuple) else None
    if sides is None:
        return own
    pairs = [(sides[index], sides[index + 1]) for index in range(0, len(sides), 2)]
    return Step("pad", own.label, own.place, windows=tuple(Window(1, 1, 1, lo, hi) for lo, hi in reversed(pairs)))
