"""The classes of torch.nn that are no layers with a shape of their own, and why."""

from __future__ import annotations

_LOSS = "a loss: it ends a training step and stands in no model"
_CONTAINER = "a container: the evaluator builds it"
_PARAMETER = "a parameter, not a layer"
_BASE = "a base class"

LEFT_OUT = {
    "NLLLoss2d": _LOSS,
    "LinearCrossEntropyOptions": "options of a loss",
    "Module": _BASE,
    "RNNBase": _BASE,
    "RNNCellBase": _BASE,
    "Container": _CONTAINER,
    "Sequential": _CONTAINER,
    "ModuleList": _CONTAINER,
    "ModuleDict": _CONTAINER,
    "ParameterList": _CONTAINER,
    "ParameterDict": _CONTAINER,
    "DataParallel": "wraps a model for several devices",
    "Buffer": _PARAMETER,
    "Parameter": _PARAMETER,
    "UninitializedBuffer": _PARAMETER,
    "UninitializedParameter": _PARAMETER,
}


def left_out(name: str) -> str | None:
    """Why torch.nn's class of this name is not in the catalogue; None if nothing says so."""
    return LEFT_OUT.get(name) or (_LOSS if name.endswith("Loss") else None)
