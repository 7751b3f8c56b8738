"""ZeroPad, ConstantPad, ReflectionPad, ReplicationPad, CircularPad 1d-3d (torch.nn.modules.padding, F.pad)."""

from __future__ import annotations

from padlint.arithmetic.dims import Dim, Unknown, equal, less, maximum, minimum
from padlint.layers.arguments import INT64, Sizes, check_real, filled, number, numbers, show
from padlint.layers.base import Arguments, Layer, Output, Refusal, Shape, Tensor, Value
from padlint.layers.declare import layer
from padlint.layers.inputs import check_output, check_rank, maps

Sides = tuple[tuple[Dim, Dim], ...]


def padding_layer(name: str, axes: int, mode: str, parameters: str = "padding") -> Layer:
    """A layer that pads the last axes; `axes` of them if padding is one number."""

    def construct(arguments: Arguments) -> Refusal | None:
        return _construct(arguments, axes, mode) or (check_fill(arguments) if "value" in arguments else None)

    def shape(arguments: Arguments, tensor: Tensor) -> Output:
        if mode == "circular" and (refusal := check_rank(tensor, (axes + 1, axes + 2))):
            return refusal
        sides = _sides(arguments["padding"], axes)
        return sides if isinstance(sides, Unknown) else pad(tensor, sides, mode)

    def accepts(arguments: Arguments) -> Shape | None:
        plain = not isinstance(arguments["padding"], (tuple, Unknown))
        return maps(None, axes) if mode != "constant" and plain else None

    def kept(arguments: Arguments) -> Arguments:
        return {"padding": filled(arguments["padding"], 2 * axes)}

    return layer(name, parameters, shape, construct, accepts=accepts, kept=kept)


def check_fill(arguments: Arguments) -> Refusal | None:
    """The value of a ConstantPad: a number, or None for zero."""
    return None if arguments["value"] is None else check_real(arguments, "value")


def _construct(arguments: Arguments, axes: int, mode: str) -> Refusal | None:
    value = arguments["padding"]
    entries = value if isinstance(value, tuple) else (value,)
    found = numbers(entries)
    if found is None:
        text = any(isinstance(entry, str) for entry in entries)
        return Refusal("PAD102" if text else "PAD106", f"padding={show(value)}: takes numbers only", "padding")
    if any(less(entry, INT64) is False or less(entry, -INT64) for entry in found):
        return Refusal("PAD106", f"padding={show(value)} does not fit into torch's integers", "padding")
    if not isinstance(value, tuple) or (len(value) % 2 == 0 and (value or mode == "constant")):
        return None
    return Refusal("PAD104", f"padding={show(value)} has {len(value)} elements, {2 * axes} wanted", "padding")


def _sides(value: Value, axes: int) -> Sides | Unknown:
    """(lo, hi) of the last axes in their order; torch's tuple begins with the last axis."""
    if isinstance(value, Unknown):
        return value  # a tuple may pad other axes
    if not isinstance(value, tuple):
        side = number(value)
        return Unknown(f"padding={show(value)}") if side is None else ((side, side),) * axes
    found: Sizes = numbers(value) or ()
    return tuple(zip(found[-2::-2], found[::-2], strict=False))


def pad(tensor: Tensor, sides: Sides, mode: str) -> Output:
    """The last axes of a tensor, each padded (or cropped, where negative) by its (lo, hi)."""
    rank, count = len(tensor.shape), len(sides)
    ranks = range(count, rank + 1) if mode == "constant" else range(count + 1, count + 3)
    if rank not in ranks or count not in range(4 if mode != "constant" else rank + 1):
        return Refusal("PAD104", f"{2 * count} paddings do not fit {rank}-d input {show(tensor.shape)}", "padding")
    kept, before = tensor.shape[: rank - count], tensor.shape[rank - count :]
    after = tuple(n + lo + hi for n, (lo, hi) in zip(before, sides, strict=False))
    refusal = _too_large(before, sides, mode) or _empty(tensor, count, mode) or _cropped(before, sides, mode)
    refusal = refusal or check_output(before, after)
    if refusal is None and mode == "circular" and _wraps_what_is_cropped(before, sides):
        return Unknown("circular padding of what is cropped: torch takes it in some memory layouts")
    return refusal or Tensor((*kept, *after))


def _too_large(before: tuple[Dim, ...], sides: Sides, mode: str) -> Refusal | None:
    """reflect needs padding < size, circular padding <= size."""
    if mode not in ("reflect", "circular"):
        return None
    for n, pair in zip(before, sides, strict=False):
        for side in pair:
            if less(n, side) if mode == "circular" else less(side, n) is False:
                bound = "larger than" if mode == "circular" else "not smaller than"
                return Refusal("PAD305", f"{mode} padding={side} is {bound} the input's {n}", "padding")
    return None


def _cropped(before: tuple[Dim, ...], sides: Sides, mode: str) -> Refusal | None:
    """Zeros and circular padding come after cropping: enough must be there to crop."""
    if mode not in ("constant", "circular"):
        return None
    for n, (lo, hi) in zip(before, sides, strict=False):
        left = n + minimum(lo, 0) + minimum(hi, 0)
        if less(left, 0):
            return Refusal("PAD304", f"padding=({lo}, {hi}) crops too much of the input's {n}", "padding")
    return None


def _wraps_what_is_cropped(before: tuple[Dim, ...], sides: Sides) -> bool:
    rows = zip(before, sides, strict=False)
    return any(less(n + minimum(lo, hi), maximum(lo, hi)) and less(minimum(lo, hi), 0) for n, (lo, hi) in rows)


def _empty(tensor: Tensor, count: int, mode: str) -> Refusal | None:
    """reflect and replicate take an empty batch, no other empty axis."""
    inner = tensor.shape[len(tensor.shape) - count - 1 :]
    if mode in ("reflect", "replicate") and any(equal(n, 0) for n in inner):
        return Refusal("PAD304", f"gets an empty input {show(tensor.shape)}")
    return None


LAYERS = tuple(
    padding_layer(f"{prefix}Pad{axes}d", axes, mode, "padding, value" if prefix == "Constant" else "padding")
    for prefix, mode in (
        ("Zero", "constant"),
        ("Constant", "constant"),
        ("Reflection", "reflect"),
        ("Replication", "replicate"),
        ("Circular", "circular"),
    )
    for axes in (1, 2, 3)
)
