"""Where the shapes of a call come from: the data set, or the tool that calls the model."""

from __future__ import annotations

from padlint.checks.flow import upstream
from padlint.evaluate.record import Op, Record

_DATA = ("torchvision.datasets.", "torch.utils.data.")
_MADE = "made"


def source_of(op: Op, record: Record) -> Op | None:
    """The first call that gave a tensor out of nothing and is worth a word: not `torch.rand` and its like."""
    made = (each for each in upstream(op, record) if each.kind == "function" and not each.inputs)
    return next((each for each in made if each.name != _MADE), None)


def is_data(source: Op) -> bool:
    """Is this a data set, whose shapes are not declared by anybody?"""
    return source.name.startswith(_DATA)
