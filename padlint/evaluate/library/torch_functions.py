"""torch.nn.functional where it changes shapes: the same declarations as the layers, with the input in front."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from padlint.arithmetic.dims import Unknown
from padlint.evaluate.machine import Machine
from padlint.evaluate.modules import as_value, plain
from padlint.evaluate.record import Op
from padlint.evaluate.registry import Table
from padlint.evaluate.tensors import settled
from padlint.evaluate.values import Call, Derived, Fresh, Instance, Tensor, TorchClass, Value
from padlint.layers.base import Arguments, Parameter, Refusal
from padlint.layers.base import Value as LayerValue
from padlint.layers.catalogue import bind, find

FUNCTIONS = Table()

LIKE_LAYERS: Mapping[str, str] = {
    **{f"max_pool{n}d": f"MaxPool{n}d" for n in (1, 2, 3)},
    **{f"avg_pool{n}d": f"AvgPool{n}d" for n in (1, 2, 3)},
    **{f"lp_pool{n}d": f"LPPool{n}d" for n in (1, 2, 3)},
    **{f"adaptive_avg_pool{n}d": f"AdaptiveAvgPool{n}d" for n in (1, 2, 3)},
    **{f"adaptive_max_pool{n}d": f"AdaptiveMaxPool{n}d" for n in (1, 2, 3)},
    "interpolate": "Upsample", "upsample": "Upsample", "pixel_shuffle": "PixelShuffle", "pixel_unshuffle": "PixelUnshuffle",
    "channel_shuffle": "ChannelShuffle", "unfold": "Unfold", "fold": "Fold", "glu": "GLU",
}  # fmt: skip


def _like_arguments(call: Call) -> tuple[list[LayerValue], dict[str, LayerValue]]:
    """The layer's arguments of such a call."""
    named = {key: plain(value) for key, value in call.keywords.items() if key not in ("input", "antialias")}
    return [plain(value) for value in call.args[1:]], named


def _like_layer(name: str, layer_name: str) -> None:
    @FUNCTIONS.knows(f"torch.nn.functional.{name}", f"torch.{name}")
    def run(machine: Machine, call: Call) -> Value:
        return apply(machine, layer_name, call.get(0, "input"), *_like_arguments(call), call)


def apply(
    machine: Machine, layer_name: str, value: Value, args: list[LayerValue], keywords: dict[str, LayerValue], call: Call
) -> Value:
    """The shape that a layer with these arguments would give."""
    layer, tensor = find(layer_name), settled(value)
    if layer is None:
        return Unknown(f"{layer_name} is not known", call.place)
    bound = bind(layer, args, keywords)
    if isinstance(bound, Refusal):
        return Unknown(bound.message, call.place)
    bound = _changed(machine, bound, call)
    wanted = layer.accepts(bound)
    if isinstance(tensor, Fresh) and wanted is not None:
        tensor.tensor = Tensor(wanted)
        tensor = tensor.tensor
    if not isinstance(tensor, Tensor):
        return tensor if isinstance(tensor, Unknown) else Unknown("a tensor of unknown shape", call.place)
    problem = layer.construct(bound)
    given = problem or layer.shape(bound, (tensor,))
    return machine.function(layer_name, (tensor,), given if isinstance(given, Refusal) else as_value(given), call)


for _name, _layer in LIKE_LAYERS.items():
    _like_layer(_name, _layer)


def _changed(machine: Machine, bound: Arguments, call: Call) -> Arguments:
    """The arguments with the other values that a repair has for this call."""
    values = machine.world.changes.get(call.place, {})
    known = {**bound, **{name: plain(value) for name, value in values.items() if not isinstance(value, Derived)}}
    return {**known, **{name: value.of(known) for name, value in values.items() if isinstance(value, Derived)}}


def _after_bias(transposed: bool) -> list[str]:
    """What torch.nn.functional's convolutions take after input, weight and bias."""
    return ["stride", "padding", *(["output_padding", "groups", "dilation"] if transposed else ["dilation", "groups"])]


def _convolution_arguments(
    call: Call, axes: int, transposed: bool
) -> tuple[list[LayerValue], dict[str, LayerValue]] | Unknown:
    """The arguments of the layer with this weight: channels and kernel by position, the others by name."""
    weight = settled(call.get(1, "weight"))
    if not isinstance(weight, Tensor) or len(weight.shape) != axes + 2:
        return Unknown("a convolution with a weight of unknown shape", call.place)
    given = {
        name: plain(value)
        for index, name in enumerate(_after_bias(transposed), 3)
        if (value := call.get(index, name)) is not None
    }
    groups = given.get("groups", 1)
    if not isinstance(groups, int):
        return Unknown("a convolution with groups that are not known", call.place)
    first, second = weight.shape[0], weight.shape[1] * groups
    channels = [first, second] if transposed else [second, first]
    return [*channels, weight.shape[2:]], given


def _convolution(axes: int, transposed: bool) -> None:
    kind = "conv_transpose" if transposed else "conv"

    @FUNCTIONS.knows(f"torch.nn.functional.{kind}{axes}d", f"torch.{kind}{axes}d")
    def run(machine: Machine, call: Call) -> Value:
        found = _convolution_arguments(call, axes, transposed)
        name = f"{'ConvTranspose' if transposed else 'Conv'}{axes}d"
        return found if isinstance(found, Unknown) else apply(machine, name, call.arg(0), *found, call)


for _axes in (1, 2, 3):
    _convolution(_axes, False)
    _convolution(_axes, True)


@FUNCTIONS.knows("torch.nn.functional.linear")
def linear(machine: Machine, call: Call) -> Value:
    weight = settled(call.get(1, "weight"))
    if not isinstance(weight, Tensor) or len(weight.shape) != 2:
        return Unknown("a product with a weight of unknown shape", call.place)
    return apply(machine, "Linear", call.get(0, "input"), [weight.shape[1], weight.shape[0]], {}, call)


@FUNCTIONS.knows("torch.nn.functional.pad")
def pad(machine: Machine, call: Call) -> Value:
    if "pad" in (changed := machine.world.changes.get(call.place, {})):
        given = len(call.args) > 1
        args = (call.args[0], changed["pad"], *call.args[2:]) if given else call.args
        call = Call(args, call.keywords if given else {**call.keywords, **changed}, call.place, call.rest)
    tensor, amounts = settled(call.get(0, "input")), plain(call.get(1, "pad"))
    if (
        not isinstance(tensor, Tensor)
        or not isinstance(amounts, tuple)
        or len(amounts) % 2
        or len(amounts) > 2 * len(tensor.shape)
    ):
        return tensor if isinstance(tensor, Unknown) else Unknown("padding that is not known", call.place)
    shape = list(tensor.shape)
    for axis in range(len(amounts) // 2):
        lo, hi = amounts[2 * axis], amounts[2 * axis + 1]
        if isinstance(lo, str | float | Tensor | tuple | None) or isinstance(hi, str | float | Tensor | tuple | None):
            return Unknown("padding that is not known", call.place)
        shape[-1 - axis] = shape[-1 - axis] + lo + hi
    return machine.function("pad", (tensor,), Tensor(tuple(shape)), call)


def as_pad_layer(op: Op) -> Instance | None:
    """The same for `F.pad`, whose amounts may be for any axes."""
    layer = find("ConstantPad1d")
    if layer is None or op.kind != "function" or op.name != "pad":
        return None
    signature = tuple(Parameter(name) for name in ("input", "pad", "mode", "value"))
    amounts = plain(op.call.get(1, "pad"))
    return Instance(TorchClass("pad", replace(layer, signature=signature)), op.place, 0, args={"pad": amounts})


def as_layer(op: Op) -> Instance | None:
    """The layer that a call of such a function does the work of: its arguments under the layer's names, its signature in
    the order in which the function takes them."""
    layer = find(op.name) if op.kind == "function" else None
    if layer is None or layer.windows is None:
        return None
    arguments = {parameter.name: parameter for parameter in layer.signature}
    transposed = op.name.startswith("ConvTranspose")
    if transposed or op.name.startswith("Conv"):
        found = _convolution_arguments(op.call, int(op.name[-2]), transposed)
        order = ["input", "weight", "bias", *_after_bias(transposed), "kernel_size"]
        name = f"conv{'_transpose' if transposed else ''}{op.name[-2:]}"
    else:
        found, order = _like_arguments(op.call), ["input", *arguments]
        name = next((name for name, like in LIKE_LAYERS.items() if like == op.name), op.name)
    bound = found if isinstance(found, Unknown) else bind(layer, *found)
    if isinstance(bound, Unknown | Refusal):
        return None
    signature = tuple(arguments[each] if each in arguments else Parameter(each) for each in order)
    return Instance(TorchClass(name, replace(layer, signature=signature)), op.place, 0, args=dict(bound))
