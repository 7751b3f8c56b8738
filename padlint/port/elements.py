"""The lines of a port for activations, dropouts and noise: what works on each element alone."""

from __future__ import annotations

from collections.abc import Iterator

from padlint.evaluate.values import Value
from padlint.port.line import (
    CannotPort,
    Copy,
    Line,
    Order,
    Place,
    Wanted,
    Writer,
    Writers,
    channels_second,
    in_torch,
    real,
    turned_by,
    whole,
)

_NAMED = {
    "relu": "ReLU()", "sigmoid": "Sigmoid()", "tanh": "Tanh()", "selu": "SELU()", "elu": "ELU()", "gelu": "GELU()",
    "softplus": "Softplus()", "softsign": "Softsign()", "swish": "SiLU()", "silu": "SiLU()", "mish": "Mish()",
    "relu6": "ReLU6()", "hard_sigmoid": "Hardsigmoid()", "leaky_relu": "LeakyReLU(0.2)", "celu": "CELU()",
    "hard_swish": "Hardswish()", "hard_silu": "Hardswish()", "hard_tanh": "Hardtanh()", "log_sigmoid": "LogSigmoid()",
    "tanh_shrink": "Tanhshrink()", "soft_shrink": "Softshrink()", "hard_shrink": "Hardshrink()",
}  # fmt: skip
_ALONG = {"softmax": "Softmax", "log_softmax": "LogSoftmax"}


def activation(name: Value, order: Order) -> Iterator[Line]:
    """An activation by its name in Keras."""
    if not isinstance(name, str):
        raise CannotPort("an activation that is not known")
    if name in _ALONG:
        yield Line(f"{_ALONG[name]}(dim={order.index(len(order) - 1)})")
    elif name == "exponential":
        yield Line("Exp()", helper="Exp")
    elif name in _NAMED:
        yield Line(_NAMED[name])
    elif name != "linear":
        raise CannotPort(f"no activation of torch is known for {name!r}")


def _activation(at: Place) -> Iterator[Line]:
    yield from activation(at.args["activation"], at.order)


def _relu(at: Place) -> Iterator[Line]:
    top, slope, start = at.args["max_value"], at.args["negative_slope"], at.args["threshold"]
    if not isinstance(top, int | float | None) or isinstance(top, bool):
        raise CannotPort("its largest value is not known")
    if start is None or real(start, "its threshold") == 0:
        if slope is not None and real(slope, "its slope") != 0:
            yield Line(f"LeakyReLU({slope})")
            if top is not None:
                yield Line(f'Hardtanh(float("-inf"), {float(top)})', "the largest value")
        else:
            yield Line("ReLU()" if top is None else "ReLU6()" if top == 6 else f"Hardtanh(0.0, {float(top)})")
    elif slope in (None, 0) and top is None:
        yield Line(f"Threshold({start}, 0.0)")
    else:
        raise CannotPort("a ReLU with a threshold, and with a slope or a largest value too")


def _prelu(at: Place) -> Iterator[Line]:
    shared = _shared(at)
    sizes = [1 if axis in shared else whole(at.before[axis], "the size of an axis") for axis in at.order[1:]]
    if all(size == 1 for size in sizes[1:]):
        yield Line(f"PReLU({sizes[0]})", "", (Copy("weight", 0, ".flatten()"),))
        return
    turned = turned_by([each - 1 for each in at.order[1:]])
    comment = "a slope for each element, as in Keras"
    yield Line(f"Slopes({', '.join(map(str, sizes))})", comment, (Copy("weight", 0, turned),), "Slopes")


def _shared(at: Place) -> set[int]:
    shared = at.args["shared_axes"]
    axes = shared if isinstance(shared, tuple) else () if shared is None else (shared,)
    return {whole(axis, "shared_axes") for axis in axes}


def _slopes_second(at: Place) -> Wanted:
    """torch's slopes lie along the second axis."""
    own = sorted(set(range(1, at.rank)) - _shared(at))
    if len(own) != 1 or at.order[1] == own[0]:
        return Wanted(at.order)
    if own[0] == at.rank - 1:
        return Wanted(in_torch(at.rank))
    return Wanted((0, own[0], *(each for each in at.order[1:] if each != own[0])))


def _softmax(at: Place) -> Iterator[Line]:
    yield Line(f"Softmax(dim={at.axis(whole(at.args['axis'], 'its axis'))})")


def _dropout(at: Place) -> Iterator[Line]:
    if at.args.get("noise_shape") is not None:
        raise CannotPort("torch's dropout has no noise_shape")
    kind = at.layer.kind
    spatial = f"{kind[-2]}d" if kind.startswith("Spatial") else ""
    name = "AlphaDropout" if kind == "AlphaDropout" else f"Dropout{spatial}"
    yield Line(f"{name}({real(at.args['rate'], 'its rate')})")


def _added_noise(at: Place) -> Iterator[Line]:
    yield Line(f"Noise({real(at.args['stddev'], 'stddev')})", helper="Noise")


def _factors(at: Place) -> Iterator[Line]:
    rate = real(at.args["rate"], "its rate")
    if not 0 <= rate < 1:
        raise CannotPort("a rate that is not below 1")
    yield Line(f"Noise({(rate / (1 - rate)) ** 0.5}, factors=True)", helper="Noise")


def _rescaling(at: Place) -> Iterator[Line]:
    scale, offset = real(at.args["scale"], "its scale, one number,"), real(at.args["offset"], "its offset, one number,")
    yield Line(f"Scale({scale}, {offset})", helper="Scale")


def _leaky(at: Place) -> Iterator[Line]:
    yield Line(f"LeakyReLU({real(at.args['negative_slope'], 'its slope')})")


def _elu(at: Place) -> Iterator[Line]:
    alpha = real(at.args["alpha"], "alpha")
    yield Line("ELU()" if alpha == 1 else f"ELU({alpha})")


def _nothing(at: Place) -> Iterator[Line]:
    return iter(())


WRITERS: Writers = {
    "Activation": Writer(_activation),
    "ReLU": Writer(_relu),
    "LeakyReLU": Writer(_leaky),
    "ELU": Writer(_elu),
    "PReLU": Writer(_prelu, _slopes_second),
    "Softmax": Writer(_softmax),
    **{kind: Writer(_dropout) for kind in ("Dropout", "AlphaDropout")},
    **{f"SpatialDropout{n}D": Writer(_dropout, channels_second) for n in (1, 2, 3)},
    "GaussianNoise": Writer(_added_noise),
    "GaussianDropout": Writer(_factors),
    "Rescaling": Writer(_rescaling),
    "ActivityRegularization": Writer(_nothing),  # only a loss
    "Identity": Writer(_nothing),
    "InputLayer": Writer(_nothing),
}
