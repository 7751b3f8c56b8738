"""BatchNormalization, LayerNormalization, GroupNormalization (keras.src.layers.normalization)."""

from __future__ import annotations

from padlint.arithmetic.dims import Unknown, less
from padlint.layers.activation import axis as axis_at
from padlint.layers.arguments import number, show, size, truth
from padlint.layers.base import Arguments, Refusal, Shape, Slot
from padlint.layers.keras.base import Given, Weights, keras_layer

_PARTS = "beta_initializer='zeros', gamma_initializer='ones', "
_KEPT = "beta_regularizer=None, gamma_regularizer=None, beta_constraint=None, gamma_constraint=None"
_BATCH = (
    f"axis=-1, momentum=0.99, epsilon=0.001, center=True, scale=True, {_PARTS}moving_mean_initializer='zeros', "
    f"moving_variance_initializer='ones', {_KEPT}, renorm=False, renorm_clipping=None, renorm_momentum=0.99, "
    "synchronized=False"
)


def axes(arguments: Arguments, rank: int) -> tuple[int, ...] | Refusal | Unknown:
    """The normalised axes, counted from 0 with the batch."""
    value = arguments["axis"]
    found: list[int] = []
    for each in value if isinstance(value, tuple) else (value,):
        single = number(each)
        at = axis_at(single, rank, "axis") if single is not None else Unknown(f"axis={show(value)}")
        if not isinstance(at, int):
            return at
        found.append(at)
    return tuple(found)


def _checked(arguments: Arguments, given: Shape) -> Given:
    found = axes(arguments, len(given))
    return given if isinstance(found, tuple) else found


def _weights(arguments: Arguments, given: Shape, moving: bool = False) -> Weights:
    found = axes(arguments, len(given))
    center, scale = truth(arguments["center"]), truth(arguments["scale"])
    for each in (found, center, scale):
        if isinstance(each, Unknown):
            return each
    if not isinstance(found, tuple):
        return Unknown("an axis that the input does not have")
    shape = tuple(given[at] for at in found)
    slots = [Slot(name, shape) for name, wanted in (("gamma", scale), ("beta", center)) if wanted]
    if moving:
        slots += [Slot(name, shape, trainable=False) for name in ("moving_mean", "moving_variance")]
    return tuple(slots)


def _batch_weights(arguments: Arguments, given: Shape) -> Weights:
    if truth(arguments["renorm"]) is not False:
        return Unknown("weights of renorm")
    return _weights(arguments, given, moving=True)


def _grouped(arguments: Arguments, given: Shape) -> Given:
    found, groups = axes(arguments, len(given)), size(arguments, "groups")
    if isinstance(found, tuple) and len(found) == 1 and groups != -1 and less(given[found[0]], groups) is True:
        return Refusal("PAD105", f"groups={groups} is more than the {given[found[0]]} channels", "groups")
    return _checked(arguments, given)


LAYERS = (
    keras_layer("BatchNormalization", _BATCH, _checked, _batch_weights),
    keras_layer(
        "LayerNormalization", f"axis=-1, epsilon=0.001, center=True, scale=True, {_PARTS}{_KEPT}", _checked, _weights
    ),
    keras_layer(
        "GroupNormalization",
        f"groups=32, axis=-1, epsilon=0.001, center=True, scale=True, {_PARTS}{_KEPT}",
        _grouped,
        _weights,
    ),
)
