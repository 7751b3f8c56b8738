"""What padlint says: places in a source, edits, fixes, findings. These types know nothing else of padlint."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal, NamedTuple

Severity = Literal["error", "warning", "information"]
Applicability = Literal["safe", "unsafe"]


class Place(NamedTuple):
    """One node of a program without its position: `statement` counts the file's top-level statements, `node` the nodes
    lowered from that statement. `Source.span` finds the position again when something is said about it."""

    path: str
    statement: int
    node: int


@dataclass(frozen=True, slots=True)
class Reason:
    """A line of evidence. What it says of a place stands around it: how the place is told depends on where the finding
    comes to stand, which is not known before all causes are."""

    before: str
    place: Place | None = None
    after: str = ""


@dataclass(frozen=True, slots=True, order=True)
class Position:
    """Line and column, both from 1, the column in code points. In a notebook the line counts within its cell."""

    line: int
    column: int


@dataclass(frozen=True, slots=True)
class Span:
    """From `start` up to, not including, `end`. `cell` is the number (from 1) of a notebook's cell, else None."""

    path: str
    start: Position
    end: Position
    cell: int | None = None


@dataclass(frozen=True, slots=True)
class Edit:
    """Replace the text of `span` by `content`."""

    span: Span
    content: str


@dataclass(frozen=True, slots=True)
class Fix:
    """Edits that belong together. Safe: the intent was declared, and names and shapes of saved parameters stay."""

    message: str
    edits: tuple[Edit, ...]
    applicability: Applicability


@dataclass(frozen=True, slots=True)
class Finding:
    """One report. `span` is the call of the layer at fault (or the comment, or the syntax error), `highlight` the
    argument that is wrong. Shapes are already text-ready: ints and symbols as strings."""

    code: str
    name: str
    message: str
    severity: Severity
    span: Span
    highlight: Span | None = None
    model: str | None = None
    layer: str | None = None
    layer_type: str | None = None
    input_shape: tuple[int | str, ...] | None = None
    output_shape: tuple[int | str, ...] | None = None
    expected_shape: tuple[int | str, ...] | None = None
    binding: tuple[tuple[str, str], ...] | None = None
    evidence: tuple[str, ...] = ()
    fix: Fix | None = None
    alternatives: tuple[Fix, ...] = ()
    picture: str | None = field(default=None, compare=False)
