"""Dropout in all its forms (torch.nn.modules.dropout): no shape changes."""

from __future__ import annotations

from padlint.layers.activation import elementwise
from padlint.layers.arguments import check_real, show
from padlint.layers.base import Arguments, Output, Refusal, Tensor
from padlint.layers.declare import layer
from padlint.layers.inputs import check_rank

_NAMES = ("Dropout", "Dropout2d", "Dropout3d", "AlphaDropout", "FeatureAlphaDropout")


def _construct(arguments: Arguments) -> Refusal | None:
    if refusal := check_real(arguments, "p"):
        return refusal
    p = arguments["p"]
    if isinstance(p, (int, float)) and not 0 <= p <= 1:
        return Refusal("PAD106", f"p={show(p)} is not between 0 and 1", "p")
    return None


def _lines(arguments: Arguments, tensor: Tensor) -> Output:
    return check_rank(tensor, (2, 3)) or tensor


_PARAMETERS = "p=0.5, inplace=False"

LAYERS = (
    *(elementwise(name, _PARAMETERS, _construct) for name in _NAMES),
    layer("Dropout1d", _PARAMETERS, _lines, _construct, same_input=True),
)
