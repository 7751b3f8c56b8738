"""Layers that only move elements: Flatten, Unflatten, PixelShuffle, PixelUnshuffle, ChannelShuffle
(torch.nn.modules.flatten, pixelshuffle, channelshuffle)."""

from __future__ import annotations

from padlint.arithmetic.dims import Dim, Expr, Unknown, equal, less
from padlint.layers.activation import axis
from padlint.layers.arguments import check_number, numbers, show, size
from padlint.layers.base import Arguments, Output, Refusal, Shape, Tensor
from padlint.layers.declare import Construct, layer
from padlint.layers.inputs import by, check_least_rank


def product(sizes: Shape) -> Dim:
    """The number of elements; 0 as soon as one size is 0."""
    result: Dim = 1
    for one in sizes:
        result = result * one
    return 0 if any(equal(one, 0) for one in sizes) else result


def _check_flatten(arguments: Arguments) -> Refusal | None:
    return check_number(arguments, "start_dim") or check_number(arguments, "end_dim")


def _flatten(arguments: Arguments, tensor: Tensor) -> Output:
    rank = len(tensor.shape)
    start = axis(size(arguments, "start_dim"), rank, "start_dim")
    end = axis(size(arguments, "end_dim"), rank, "end_dim")
    for found in (start, end):
        if not isinstance(found, int):
            return found
    if isinstance(start, int) and isinstance(end, int):
        if start > end:
            message = f"start_dim={show(arguments['start_dim'])} comes after end_dim={show(arguments['end_dim'])}"
            return Refusal("PAD106", message, "start_dim")
        flat = product(tensor.shape[start : end + 1])
        return Tensor((*tensor.shape[:start], flat, *tensor.shape[end + 1 :]))
    return Unknown("an axis that is not known")


def _check_unflatten(arguments: Arguments) -> Refusal | None:
    value = arguments["unflattened_size"]
    if refusal := check_number(arguments, "dim"):
        return refusal
    if isinstance(value, Unknown):
        return None
    if not isinstance(value, tuple) or numbers(value) is None:
        return Refusal("PAD106", f"unflattened_size={show(value)} is no tuple of numbers", "unflattened_size")
    return _check_parts(numbers(value) or ())


def _check_parts(parts: Shape) -> Refusal | None:
    if not parts:
        return Refusal("PAD106", "unflattened_size=() is empty", "unflattened_size")
    if any(less(one, -1) for one in parts):
        return Refusal("PAD106", f"unflattened_size={show(parts)} has a size below -1", "unflattened_size")
    if sum(equal(one, -1) is True for one in parts) > 1:
        return Refusal("PAD106", f"unflattened_size={show(parts)} has more than one -1", "unflattened_size")
    return None


def _unflatten(arguments: Arguments, tensor: Tensor) -> Output:
    if refusal := check_least_rank(tensor, 1):
        return refusal
    value = arguments["unflattened_size"]
    found = axis(size(arguments, "dim"), len(tensor.shape), "dim")
    if not isinstance(found, int):
        return found
    parts = numbers(value) if isinstance(value, tuple) else None
    if parts is None:
        return value if isinstance(value, Unknown) else Unknown(f"unflattened_size={show(value)}")
    inner = _divided(tensor.shape[found], parts)
    if not isinstance(inner, tuple):
        return inner
    return Tensor((*tensor.shape[:found], *inner, *tensor.shape[found + 1 :]))


def _divided(whole: Dim, parts: Shape) -> Shape | Refusal:
    """The parts that give `whole` when multiplied; -1 is what is left for it."""
    others = tuple(one for one in parts if equal(one, -1) is not True)
    known = product(others)
    complete = len(others) == len(parts)
    left = 1 if complete else whole // known if equal(known, 0) is not True else Unknown("a part of size 0")
    fits = equal(known, whole) if complete else False if equal(known, 0) else equal(whole % known, 0)
    if fits is False:
        return Refusal("PAD106", f"cannot divide {whole} into {show(parts)}", "unflattened_size")
    if any(isinstance(one, (Expr, Unknown)) for one in parts) and not complete:
        left = Unknown("a part that is not known")
    return tuple(left if equal(one, -1) is True else one for one in parts)


def _shuffle(arguments: Arguments, tensor: Tensor) -> Output:
    """(*, C*r*r, H, W) -> (*, C, H*r, W*r)"""
    if refusal := check_least_rank(tensor, 3):
        return refusal
    *leading, channels, height, width = tensor.shape
    factor = size(arguments, "upscale_factor")
    if equal(channels % (factor * factor), 0) is False:
        message = f"takes channels divisible by {factor * factor}, gets {channels}"
        return Refusal("PAD301", message, "upscale_factor")
    return Tensor((*leading, channels // (factor * factor), height * factor, width * factor))


def _unshuffle(arguments: Arguments, tensor: Tensor) -> Output:
    """(*, C, H*r, W*r) -> (*, C*r*r, H, W)"""
    if refusal := check_least_rank(tensor, 3):
        return refusal
    *leading, channels, height, width = tensor.shape
    factor = size(arguments, "downscale_factor")
    if any(equal(one % factor, 0) is False for one in (height, width)):
        message = f"takes sizes divisible by {factor}, gets {by((height, width))}"
        return Refusal("PAD106", message, "downscale_factor")
    return Tensor((*leading, channels * factor * factor, height // factor, width // factor))


def _channel_shuffle(arguments: Arguments, tensor: Tensor) -> Output:
    if refusal := check_least_rank(tensor, 3):
        return refusal
    groups = size(arguments, "groups")
    if equal(tensor.shape[1] % groups, 0) is False:
        return Refusal("PAD105", f"takes channels divisible by {groups}, gets {tensor.shape[1]}", "groups")
    return tensor


def _check_named(name: str) -> Construct:
    return lambda arguments: check_number(arguments, name, 1)


LAYERS = (
    layer("Flatten", "start_dim=1, end_dim=-1", _flatten, _check_flatten),
    layer("Unflatten", "dim, unflattened_size", _unflatten, _check_unflatten),
    layer("PixelShuffle", "upscale_factor", _shuffle, _check_named("upscale_factor")),
    layer("PixelUnshuffle", "downscale_factor", _unshuffle, _check_named("downscale_factor")),
    layer("ChannelShuffle", "groups", _channel_shuffle, _check_named("groups")),
)
