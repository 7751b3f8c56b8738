"""Batch, instance, group, layer, RMS and local response normalisation (torch.nn.modules.batchnorm, instancenorm,
normalization).

BatchNorm and InstanceNorm check num_features only where they hold a weight or a running statistic. What only training
refuses (one value per channel in BatchNorm) is no refusal: the model may be in eval mode.
"""

from __future__ import annotations

from padlint.arithmetic.dims import Dim, Unknown, equal
from padlint.layers.arguments import INT64, check_number, check_real, check_sizes, filled, per_axis, show, size, truth
from padlint.layers.base import Arguments, Layer, Output, Refusal, Shape, Slot, Tensor
from padlint.layers.declare import OneInput, Settle, layer
from padlint.layers.inputs import by, check_least_rank, check_rank, check_size, maps

_RUNNING = "eps=1e-05, momentum=0.1, affine=%s, track_running_stats=%s, device=None, dtype=None, *, bias=True"
_BATCH = _RUNNING % (True, True)
_INSTANCE = _RUNNING % (False, False)
_SYNC = _BATCH.replace("device", "process_group=None, device")


def _holds(arguments: Arguments) -> bool | Unknown:
    """Whether there is a weight or a running statistic."""
    affine, tracked = truth(arguments["affine"]), truth(arguments["track_running_stats"])
    return tracked if affine is False or tracked is True else affine


def _construct(arguments: Arguments) -> Refusal | None:
    if _holds(arguments) is not True or "num_features" not in arguments:
        return None
    return check_number(arguments, "num_features", 0)


def _running_state(arguments: Arguments) -> tuple[Slot, ...] | Unknown:
    affine, tracked, bias = (truth(arguments[name]) for name in ("affine", "track_running_stats", "bias"))
    features = (size(arguments, "num_features"),)
    slots: list[Slot] = []
    if isinstance(affine, Unknown):
        return affine
    if isinstance(tracked, Unknown):
        return tracked
    if affine:
        if isinstance(bias, Unknown):
            return bias
        slots += [Slot("weight", features)] + [Slot("bias", features)] * bias
    if tracked:
        slots += [Slot(name, features, trainable=False, buffer=True) for name in ("running_mean", "running_var")]
        slots.append(Slot("num_batches_tracked", (), trainable=False, buffer=True))
    return tuple(slots)


def _check_features(arguments: Arguments, found: Dim) -> Refusal | None:
    if _holds(arguments) is not True or isinstance(arguments["num_features"], tuple):
        return None
    return check_size("PAD302", "channels", found, size(arguments, "num_features"), "num_features")


def batch_norm(name: str, ranks: tuple[int, ...], parameters: str = "num_features, " + _BATCH) -> Layer:
    """Normalises axis 1 of a batch; `ranks` empty: of at least two axes."""

    def settle(arguments: Arguments, inputs: tuple[Tensor, ...]) -> Arguments:
        return {**arguments, "num_features": inputs[0].shape[1]}

    def shape(arguments: Arguments, tensor: Tensor) -> Output:
        refusal = check_rank(tensor, ranks) if ranks else check_least_rank(tensor, 2)
        if refusal:
            return refusal
        known = {"num_features": tensor.shape[1], **arguments}
        batch, channels, *sizes = tensor.shape
        return _check_features(known, channels) or _check_spread(known, (batch, *sizes)) or tensor

    return _running(name, parameters, shape, settle, ranks[0] - 2 if len(ranks) == 1 else None)


def instance_norm(name: str, axes: int, parameters: str = "num_features, " + _INSTANCE) -> Layer:
    """Normalises each map of `axes` spatial axes."""

    def channel(tensor: Tensor) -> Dim:
        return tensor.shape[len(tensor.shape) - axes - 1]

    def settle(arguments: Arguments, inputs: tuple[Tensor, ...]) -> Arguments:
        return {**arguments, "num_features": inputs[0].shape[1]}  # axis 1, also of un-batched input

    def shape(arguments: Arguments, tensor: Tensor) -> Output:
        if refusal := check_rank(tensor, (axes + 1, axes + 2)):
            return refusal
        known = {"num_features": tensor.shape[1], **arguments}
        return (
            _check_features(known, channel(tensor))
            or _check_spread(known, tensor.shape[len(tensor.shape) - axes :])
            or tensor
        )

    return _running(name, parameters, shape, settle, axes)


def _check_spread(arguments: Arguments, sizes: Shape) -> Refusal | None:
    """One value has no variance; running statistics replace it in eval mode."""
    if truth(arguments["track_running_stats"]) is False and all(equal(one, 1) for one in sizes):
        return Refusal("PAD302", f"needs more than 1 value for each channel, gets {by(sizes)}")
    return None


def _running(name: str, parameters: str, shape: OneInput, settle: Settle, axes: int | None) -> Layer:
    lazy = "num_features" not in parameters

    def accepts(arguments: Arguments) -> Shape | None:
        if axes is None:
            return None
        checked = not lazy and _holds(arguments) is True
        return maps(size(arguments, "num_features") if checked else None, axes)

    settles = settle if lazy else None
    return layer(name, parameters, shape, _construct, state=_running_state, settle=settles, accepts=accepts)


_ANY = 10**100  # without weights torch only divides


def _group_construct(arguments: Arguments) -> Refusal | None:
    affine = truth(arguments["affine"]) is True
    refusal = check_number(arguments, "num_groups", 1)
    refusal = refusal or check_number(arguments, "num_channels", 0 if affine else None, INT64 if affine else _ANY)
    if refusal:
        return refusal
    channels, groups = size(arguments, "num_channels"), size(arguments, "num_groups")
    if equal(channels % groups, 0) is False:
        message = f"num_channels={channels} is not divisible by num_groups={groups}"
        return Refusal("PAD105", message, "num_groups")
    return None


def _group_shape(arguments: Arguments, tensor: Tensor) -> Output:
    if refusal := check_least_rank(tensor, 2):
        return refusal
    batch, channels, *maps = tensor.shape
    groups = size(arguments, "num_groups")
    if truth(arguments["affine"]) is True:
        wanted = size(arguments, "num_channels")
        if refusal := check_size("PAD302", "channels", channels, wanted, "num_channels"):
            return refusal
    if equal(channels % groups, 0) is False:
        return Refusal("PAD302", f"takes channels divisible by {groups}, gets {channels}", "num_groups")
    if equal(batch * channels // groups, 1) and all(equal(one, 1) for one in maps):
        return Refusal("PAD302", f"needs more than 1 value per group, gets {show(tensor.shape)}", "num_groups")
    return tensor


def _weight_and_bias(arguments: Arguments, shape: Shape, flag: str) -> tuple[Slot, ...] | Unknown:
    affine, bias = truth(arguments[flag]), truth(arguments.get("bias", False))
    if isinstance(affine, Unknown):
        return affine
    if not affine:
        return ()
    if isinstance(bias, Unknown):
        return bias
    return (Slot("weight", shape), Slot("bias", shape)) if bias else (Slot("weight", shape),)


def _group_state(arguments: Arguments) -> tuple[Slot, ...] | Unknown:
    return _weight_and_bias(arguments, (size(arguments, "num_channels"),), "affine")


def _normalized(arguments: Arguments) -> Shape | Unknown:
    """The last axes that LayerNorm and RMSNorm normalise."""
    value = arguments["normalized_shape"]
    if isinstance(value, Unknown):
        return value
    found = per_axis(value, len(value) if isinstance(value, tuple) else 1)
    return Unknown(f"normalized_shape={show(value)}") if found is None else found


def _kept_axes(arguments: Arguments) -> Arguments:
    return {"normalized_shape": filled(arguments["normalized_shape"], 1)}


def _layer_construct(arguments: Arguments) -> Refusal | None:
    value = arguments["normalized_shape"]
    if value == ():
        return Refusal("PAD106", "normalized_shape=() names no axis", "normalized_shape")
    least = 0 if truth(arguments["elementwise_affine"]) is True else None
    return check_sizes(arguments, "normalized_shape", len(value) if isinstance(value, tuple) else 1, least)


def _layer_shape(arguments: Arguments, tensor: Tensor) -> Output:
    wanted = _normalized(arguments)
    if isinstance(wanted, Unknown):
        return tensor
    if refusal := check_least_rank(tensor, len(wanted)):
        return refusal
    found = tensor.shape[len(tensor.shape) - len(wanted) :]
    if any(equal(one, other) is False for one, other in zip(found, wanted, strict=False)):
        value = found if isinstance(arguments["normalized_shape"], tuple) else found[0]
        message = f"takes {by(wanted)} features, gets {by(found)}"
        return Refusal("PAD302", message, "normalized_shape", value)
    return tensor


def _layer_state(arguments: Arguments) -> tuple[Slot, ...] | Unknown:
    shape = _normalized(arguments)
    if isinstance(shape, Unknown):
        return shape
    return _weight_and_bias(arguments, shape, "elementwise_affine")


def _response_construct(arguments: Arguments) -> Refusal | None:
    return check_number(arguments, "size", 1)


def _response_shape(arguments: Arguments, tensor: Tensor) -> Output:
    return check_least_rank(tensor, 3) or tensor


def _map_construct(arguments: Arguments) -> Refusal | None:
    if arguments["size"] == 0:
        return Refusal("PAD106", "size=0", "size")
    return check_real(arguments, "size")


def _map_shape(arguments: Arguments, tensor: Tensor) -> Output:
    return check_rank(tensor, (4,)) or tensor


_RESPONSE = "size, alpha=0.0001, beta=0.75, k="
_LAYER = "normalized_shape, eps=1e-05, elementwise_affine=True, bias=True, device=None, dtype=None"
_RMS = "normalized_shape, eps=None, elementwise_affine=True, device=None, dtype=None"
_GROUP = "num_groups, num_channels, eps=1e-05, affine=True, device=None, dtype=None, *, bias=True"

LAYERS = (
    batch_norm("BatchNorm1d", (2, 3)),
    batch_norm("BatchNorm2d", (4,)),
    batch_norm("BatchNorm3d", (5,)),
    batch_norm("LazyBatchNorm1d", (2, 3), _BATCH),
    batch_norm("LazyBatchNorm2d", (4,), _BATCH),
    batch_norm("LazyBatchNorm3d", (5,), _BATCH),
    batch_norm("SyncBatchNorm", (), "num_features, " + _SYNC),
    *(instance_norm(f"InstanceNorm{axes}d", axes) for axes in (1, 2, 3)),
    *(instance_norm(f"LazyInstanceNorm{axes}d", axes, _BATCH) for axes in (1, 2, 3)),
    layer("GroupNorm", _GROUP, _group_shape, _group_construct, state=_group_state),
    layer("LayerNorm", _LAYER, _layer_shape, _layer_construct, state=_layer_state, kept=_kept_axes),
    layer("RMSNorm", _RMS, _layer_shape, _layer_construct, state=_layer_state, kept=_kept_axes),
    layer("LocalResponseNorm", _RESPONSE + "1.0", _response_shape, _response_construct),
    layer("CrossMapLRN2d", _RESPONSE + "1", _map_shape, _map_construct),
)
