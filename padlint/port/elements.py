"""The lines of a port for normalisations, activations and dropouts."""

from __future__ import annotations

from collections.abc import Iterator

from padlint.evaluate.values import Value
from padlint.layers.keras.normalisation import axes as normalised_axes
from padlint.port.line import CannotPort, Line, Place, permute, to_first, to_last, whole


def batch_norm_lines(at: Place) -> Iterator[Line]:
    axes, rank = normalised_axes(at.args, len(at.before)), len(at.before)
    if not isinstance(axes, tuple) or len(axes) != 1:
        raise CannotPort("it normalises over several axes")
    features = whole(at.before[axes[0]], "the size of the normalised axis")
    momentum, epsilon = at.args["momentum"], at.args["epsilon"]
    if not isinstance(momentum, int | float) or not isinstance(epsilon, int | float):
        raise CannotPort("momentum or epsilon is not known")
    moved = at.order.index(axes[0])
    swap = [moved if each == 1 else 1 if each == moved else each for each in range(rank)]
    copies = (*_affine(at), ("running_mean", ""), ("running_var", ""))
    off = "" if len(copies) > 2 else ", affine=False"
    line = f"BatchNorm{max(rank - 2, 1)}d({features}, eps={epsilon}, momentum={round(1 - momentum, 12)}{off})"
    if rank > 2 and moved != 1:
        yield Line(permute(*swap).call, f"Keras normalises axis {axes[0]}", own=True)
    yield Line(line, "", copies)
    if rank > 2 and moved != 1:
        yield permute(*swap)


def _affine(at: Place) -> tuple[tuple[str, str], ...]:
    scale, center = at.args["scale"] is True, at.args["center"] is True
    return tuple((name, "") for name, wanted in (("weight", scale), ("bias", center)) if wanted)


def layer_norm_lines(at: Place) -> Iterator[Line]:
    axes, rank = normalised_axes(at.args, len(at.before)), len(at.before)
    if axes != (rank - 1,) or len(_affine(at)) == 1:
        raise CannotPort("it normalises over other axes than the last, or has only one of scale and center")
    off = "" if _affine(at) else ", elementwise_affine=False"
    if rank > 2:
        yield to_last(rank)
    yield Line(
        f"LayerNorm({whole(at.before[-1], 'the number of features')}, eps={at.args['epsilon']}{off})", "", _affine(at)
    )
    if rank > 2:
        yield to_first(rank)


def group_norm_lines(at: Place) -> Iterator[Line]:
    axes, rank = normalised_axes(at.args, len(at.before)), len(at.before)
    if axes != (rank - 1,) or len(_affine(at)) == 1:
        raise CannotPort("it normalises over other axes than the last, or has only one of scale and center")
    channels = whole(at.before[-1], "the number of channels")
    groups = channels if at.args["groups"] == -1 else whole(at.args["groups"], "groups")
    off = "" if _affine(at) else ", affine=False"
    yield Line(f"GroupNorm({groups}, {channels}, eps={at.args['epsilon']}{off})", "", _affine(at))


_NAMED = {
    "relu": "ReLU()", "sigmoid": "Sigmoid()", "tanh": "Tanh()", "selu": "SELU()", "elu": "ELU()", "gelu": "GELU()",
    "softplus": "Softplus()", "softsign": "Softsign()", "swish": "SiLU()", "silu": "SiLU()", "mish": "Mish()",
    "relu6": "ReLU6()", "hard_sigmoid": "Hardsigmoid()", "leaky_relu": "LeakyReLU(0.2)", "softmax": "Softmax(dim=1)",
    "log_softmax": "LogSoftmax(dim=1)", "hard_swish": "Hardswish()", "hard_silu": "Hardswish()",
}  # fmt: skip


def activation(name: Value, first: bool) -> Line:
    """An activation by its name in Keras."""
    if not isinstance(name, str) or name not in _NAMED:
        raise CannotPort(
            f"no activation of torch is known for {name!r}"
            if isinstance(name, str)
            else "an activation that is not known"
        )
    return Line(_NAMED[name].replace("dim=1", "dim=-1") if first else _NAMED[name])


def activation_lines(at: Place) -> Iterator[Line]:
    if at.args["activation"] != "linear":
        yield activation(at.args["activation"], at.first)


def relu_lines(at: Place) -> Iterator[Line]:
    top, slope, start = at.args["max_value"], at.args["negative_slope"], at.args["threshold"]
    if start == 0 and slope == 0 and isinstance(top, int | float | None):
        yield Line("ReLU()" if top is None else "ReLU6()" if top == 6 else f"Hardtanh(0.0, {float(top)})")
    elif start == 0 and top is None:
        yield Line(f"LeakyReLU({slope})")
    else:
        raise CannotPort("a ReLU with a threshold, or with both a slope and a largest value")


def prelu_lines(at: Place) -> Iterator[Line]:
    shared, rank = at.args["shared_axes"], len(at.before)
    axes = shared if isinstance(shared, tuple) else () if shared is None else (shared,)
    if set(axes) != set(range(1, rank - 1)):
        raise CannotPort("a slope for each element; torch's PReLU has one for each channel")
    yield Line(f"PReLU({whole(at.before[-1], 'the number of channels')})", "", (("weight", ".flatten()"),))


def softmax_lines(at: Place) -> Iterator[Line]:
    axis, rank = at.args["axis"], len(at.before)
    if not isinstance(axis, int):
        raise CannotPort("its axis is not known")
    yield Line(f"Softmax(dim={at.order.index(axis % rank)})")


def dropout_lines(at: Place) -> Iterator[Line]:
    rate = at.args["rate"]
    if not isinstance(rate, int | float):
        raise CannotPort("its rate is not known")
    spatial = f"{at.layer.kind[-2]}d" if at.layer.kind.startswith("Spatial") else ""
    yield Line(f"Dropout{spatial}({rate})")
