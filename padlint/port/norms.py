"""The lines of a port for normalisations."""

from __future__ import annotations

from collections.abc import Iterator

from padlint.layers.keras.normalisation import axes as normalised_axes
from padlint.port.line import CannotPort, Copy, Line, Place, Wanted, Writer, Writers, in_keras, in_torch, real, whole


def _axes(at: Place) -> tuple[int, ...]:
    axes = normalised_axes(at.args, at.rank)
    if not isinstance(axes, tuple):
        raise CannotPort("the axis is not known")
    return axes


def _only_axis(at: Place) -> int:
    axes = _axes(at)
    if len(axes) != 1 or axes == (0,):
        raise CannotPort("it normalises over several axes at once, or over the batch")
    return axes[0]


def _axis_second(at: Place) -> Wanted:
    """torch normalises along the second axis."""
    axis = _only_axis(at)
    if at.order[1] == axis:
        return Wanted(at.order)
    usual = next((order for order in (in_torch(at.rank), in_keras(at.rank)) if order[1] == axis), None)
    swapped = tuple(axis if each == at.order[1] else at.order[1] if each == axis else each for each in at.order)
    return Wanted(usual or swapped, f"Keras normalises axis {axis}")


def _affine(at: Place) -> tuple[tuple[str, ...], str]:
    """The names of the weights that Keras has, and what of them torch would have alone."""
    names = tuple(name for name, part in (("weight", "scale"), ("bias", "center")) if at.args[part] is True)
    if len(names) != 1:
        return names, ""
    return names, "no beta in Keras: the bias stays 0" if "weight" in names else "no gamma in Keras: the weight stays 1"


def _batch_norm(at: Place) -> Iterator[Line]:
    features = whole(at.before[_only_axis(at)], "the size of the normalised axis")
    if at.rank > 5:
        raise CannotPort(f"torch's BatchNorm does not take {at.rank}-d input")
    momentum, epsilon = real(at.args["momentum"], "momentum"), real(at.args["epsilon"], "epsilon")
    names, comment = _affine(at)
    kept = (*names, "running_mean", "running_var")
    off = "" if names else ", affine=False"
    call = f"BatchNorm{max(at.axes, 1)}d({features}, eps={epsilon}, momentum={round(1 - momentum, 12)}{off})"
    yield Line(call, comment, tuple(Copy(name, number) for number, name in enumerate(kept)))


def _layer_norm(at: Place) -> Iterator[Line]:
    axes = _axes(at)
    if list(axes) != sorted(axes) or 0 in axes:
        raise CannotPort("it normalises over the batch, or over axes out of order")
    sizes = [whole(at.before[axis], "the size of a normalised axis") for axis in axes]
    names, comment = _affine(at)
    off = "" if names else ", elementwise_affine=False"
    shape = str(sizes[0]) if len(sizes) == 1 else str(sizes)
    copies = tuple(Copy(name, number) for number, name in enumerate(names))
    yield Line(f"LayerNorm({shape}, eps={real(at.args['epsilon'], 'epsilon')}{off})", comment, copies)


def _axes_last(at: Place) -> Wanted:
    """torch normalises over the last axes."""
    axes = _axes(at)
    trailing = axes == tuple(range(at.rank - len(axes), at.rank))
    if at.order[-len(axes) :] == axes:
        return Wanted(at.order)
    return Wanted(in_keras(at.rank) if trailing else (*(each for each in at.order if each not in axes), *axes))


def _group_norm(at: Place) -> Iterator[Line]:
    channels = whole(at.before[_only_axis(at)], "the number of channels")
    groups = channels if at.args["groups"] == -1 else whole(at.args["groups"], "groups")
    names, comment = _affine(at)
    off = "" if names else ", affine=False"
    copies = tuple(Copy(name, number) for number, name in enumerate(names))
    epsilon = real(at.args["epsilon"], "epsilon")
    yield Line(f"GroupNorm({groups}, {channels}, eps={epsilon}{off})", comment, copies)


def _unit(at: Place) -> Iterator[Line]:
    yield Line(f"UnitLength({at.axis(whole(at.args['axis'], 'the axis'))})", helper="UnitLength")


WRITERS: Writers = {
    "BatchNormalization": Writer(_batch_norm, _axis_second),
    "LayerNormalization": Writer(_layer_norm, _axes_last),
    "GroupNormalization": Writer(_group_norm, _axis_second),
    "UnitNormalization": Writer(_unit),
}
