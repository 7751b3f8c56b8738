"""A model of torch as a list of steps, to be laid beside those of the Keras model it is a port of."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from padlint.arithmetic.dims import Unknown
from padlint.evaluate.modules import torch_layer
from padlint.evaluate.protocols import container_kind, defines
from padlint.evaluate.record import Record
from padlint.evaluate.values import Instance, Value
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


def steps(module: Instance, record: Record) -> list[Step] | None:
    """The steps of a Sequential, nested ones unfolded; of another model the layers in the order of their calls, without
    activations, which a forward may write as functions. None where something is not known."""
    found = list(_children(module)) if _is_chain(module) else _called(module, record)
    return folded(found) if found is not None and None not in found else None  # type: ignore[arg-type]


def is_whole(module: Instance) -> bool:
    """Are all steps of this model known, activations too?"""
    return _is_chain(module)


def _is_chain(module: Instance) -> bool:
    return container_kind(module) == "Sequential" and not defines(module, "forward")


def _children(module: Instance) -> Iterator[Step | None]:
    if module.open is not None:
        yield None
    for child in module.children.values():
        if isinstance(child, Instance) and _is_chain(child):
            yield from _children(child)
        elif not _does_nothing(child):
            yield _step(child)


def _does_nothing(module: Value) -> bool:
    """When a model predicts."""
    layer = torch_layer(module)
    return layer is not None and (layer.name == "Identity" or "Dropout" in layer.name)


def _called(module: Instance, record: Record) -> list[Step | None] | None:
    call = next((op for op in record.ops if op.kind == "module" and op.instance is module), None)
    if call is None:
        return None
    inside = [
        op
        for op in record.ops
        if call.number in op.within
        and op.kind == "layer"
        and op.instance is not None
        and not _does_nothing(op.instance)
    ]
    found = [_step(op.instance) for op in inside]
    return [step for step in found if step is None or step.kind != "activation"]


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
