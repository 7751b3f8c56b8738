"""Upsample, UpsamplingNearest2d, UpsamplingBilinear2d (torch.nn.modules.upsampling, F.interpolate)."""

from __future__ import annotations

from collections.abc import Mapping
from math import isfinite

from padlint.arithmetic.dims import Dim, Unknown
from padlint.layers.arguments import check_sizes, given, number, numeric, per_axis, show, truth
from padlint.layers.base import Arguments, Layer, Output, Refusal, Tensor, Value
from padlint.layers.declare import layer
from padlint.layers.inputs import check_not_empty, check_output, check_rank

_ANY = (3, 4, 5)
_RANKS = {
    "nearest": _ANY,
    "nearest-exact": _ANY,
    "area": _ANY,
    "linear": (3,),
    "bilinear": (4,),
    "bicubic": (4,),
    "trilinear": (5,),
}
_ALIGNED = ("linear", "bilinear", "bicubic", "trilinear")
_MOST_PARTS = 2**20  # beyond, a float's product with a size may round


def interpolation(name: str, parameters: str, fixed: Mapping[str, Value]) -> Layer:
    """Resizes the spatial axes; `fixed` are the arguments that the layer's name decides."""

    def construct(arguments: Arguments) -> Refusal | None:
        return _construct({**fixed, **arguments})

    def shape(arguments: Arguments, tensor: Tensor) -> Output:
        return _shape({**fixed, **arguments}, tensor)

    def kept(arguments: Arguments) -> Arguments:
        scale = arguments["scale_factor"]
        factors = tuple(map(_real, scale)) if isinstance(scale, tuple) else _real(scale) if scale else None
        return {"scale_factor": factors}

    return layer(name, parameters, shape, construct, kept=kept)


def _real(factor: Value) -> Value:
    return float(factor) if isinstance(factor, (int, float, str)) else Unknown("a factor as a float")


def _scaled(arguments: Arguments) -> bool | Unknown:
    """Whether there is a scale_factor: torch takes 0 for none."""
    scale = arguments["scale_factor"]
    return True if isinstance(scale, tuple) else truth(scale)


def _construct(arguments: Arguments) -> Refusal | None:
    return _check_scale(arguments["scale_factor"]) or _check_sizes(arguments) or _check_mode(arguments)


def _check_scale(scale: Value) -> Refusal | None:
    factors = scale if isinstance(scale, tuple) else (scale,) if scale is not None else ()
    if isinstance(scale, tuple) and len(scale) > 3:
        return Refusal("PAD104", f"scale_factor={show(scale)} has {len(scale)} elements", "scale_factor")
    for factor in factors:
        if isinstance(factor, (tuple, Tensor)) or factor is None or (isinstance(factor, str) and not numeric(factor)):
            return Refusal("PAD106", f"scale_factor={show(scale)} is not a number", "scale_factor")
        if isinstance(factor, float) and not isfinite(factor):
            return Refusal("PAD106", f"scale_factor={show(scale)} is not finite", "scale_factor")
    return None


def _check_sizes(arguments: Arguments) -> Refusal | None:
    wanted, scaled = given(arguments["size"]), _scaled(arguments)
    if wanted is False and scaled is False:
        return Refusal("PAD106", "needs size or scale_factor", "scale_factor")
    if wanted is True and scaled is True:
        return Refusal("PAD106", "takes size or scale_factor, not both", "scale_factor")
    if wanted is True and truth(arguments["recompute_scale_factor"]) is True:
        return Refusal("PAD106", "recompute_scale_factor has no meaning with size", "recompute_scale_factor")
    value = arguments["size"]
    if value is None:
        return None
    return check_sizes(arguments, "size", len(value) if isinstance(value, tuple) else 1, 1)


def _check_mode(arguments: Arguments) -> Refusal | None:
    mode, aligned = arguments["mode"], arguments["align_corners"]
    if isinstance(mode, Unknown):
        return None
    if not isinstance(mode, str) or mode not in _RANKS:
        return Refusal("PAD106", f"mode={show(mode)} is not known", "mode")
    if mode not in _ALIGNED and given(aligned) is True:
        return Refusal("PAD106", f"align_corners has no meaning with mode={mode!r}", "align_corners")
    return None


def _shape(arguments: Arguments, tensor: Tensor) -> Output:
    mode = arguments["mode"]
    if refusal := check_rank(tensor, _RANKS[mode] if isinstance(mode, str) else _ANY):
        return refusal
    batch, channels, *before = tensor.shape
    after = _sizes(arguments, tuple(before))
    if not isinstance(after, tuple):
        return after
    empty = check_not_empty(tensor, before if mode == "area" else (channels, *before))
    return empty or check_output(before, after) or Tensor((batch, channels, *after))


def _sizes(arguments: Arguments, before: tuple[Dim, ...]) -> tuple[Dim, ...] | Refusal | Unknown:
    wanted = given(arguments["size"])
    if isinstance(wanted, Unknown):
        return wanted if _scaled(arguments) is not False else (wanted,) * len(before)
    name = "size" if wanted else "scale_factor"
    value = arguments[name]
    if isinstance(value, tuple) and len(value) != len(before):
        return Refusal("PAD104", f"{name}={show(value)} has {len(value)} elements, {len(before)} wanted", name)
    if wanted:
        return per_axis(value, len(before), one=False) or Unknown(f"size={show(value)}")
    factors = value if isinstance(value, tuple) else (value,) * len(before)
    return tuple(_scale(n, factor) for n, factor in zip(before, factors, strict=False))


def _scale(n: Dim, factor: Value) -> Dim:
    """floor(n * factor), the product taken in double precision."""
    if isinstance(factor, str):
        factor = float(factor)
    if isinstance(factor, float):
        above, below = factor.as_integer_ratio()
        if below <= _MOST_PARTS:
            return n * above // below
        return int(n * factor) if isinstance(n, int) else Unknown(f"a size times {factor}")
    whole = int(factor) if isinstance(factor, bool) else number(factor)
    return Unknown(f"scale_factor={show(factor)}") if whole is None else n * whole


_SIZES = "size=None, scale_factor=None"
_NEAREST: Mapping[str, Value] = {"mode": "nearest", "align_corners": None, "recompute_scale_factor": None}

LAYERS = (
    interpolation("Upsample", _SIZES + ", mode='nearest', align_corners=None, recompute_scale_factor=None", {}),
    interpolation("UpsamplingNearest2d", _SIZES, _NEAREST),
    interpolation("UpsamplingBilinear2d", _SIZES, {**_NEAREST, "mode": "bilinear", "align_corners": True}),
)
