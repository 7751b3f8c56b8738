"""What an editor shows of its open files: findings, and the shapes that go through the layers.

It knows nothing of the language server's protocol; columns are code points.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from padlint.checks.layer import describe, shape_text
from padlint.config import Settings, keys
from padlint.config_files import Configurations
from padlint.diagnose import Diagnosis
from padlint.errors import UnreadableError, UsageError
from padlint.explain import Layered, in_and_out, layers_in
from padlint.files import excluded
from padlint.finding import Finding, Position, Span
from padlint.hints import did_you_mean
from padlint.layers.base import Tensor
from padlint.project import open_project
from padlint.run import check
from padlint.session import Overlay, Session, make_room
from padlint.shapes import parameters
from padlint.syntax.encoding import Encoding, Undecodable, decode
from padlint.syntax.source import Source

Buffers = Mapping[str, str]
"""The texts of the open files by their absolute paths."""


@dataclass(frozen=True, slots=True)
class View:
    """One open file as it was checked."""

    path: str
    source: Source
    settings: Settings
    findings: tuple[Finding, ...]


@dataclass(frozen=True, slots=True)
class Note:
    """A layer where it is built. `calls` are texts such as `(N, 3, 30, 30) -> (N, 8, 28, 28)`, `outputs` the shapes
    behind the arrow; several where they differ. `parameters` in the same way."""

    span: Span
    title: str
    calls: tuple[str, ...]
    outputs: tuple[str, ...]
    parameters: tuple[int, ...]


def read_options(options: object) -> dict[str, object]:
    """The settings that an editor sends: the keys of the configuration and `inputs`. Raises UsageError."""
    if options is None:
        return {}
    if not isinstance(options, dict):
        raise UsageError("the settings must be an object")
    valid = (*(key for key in keys() if key != "extend"), "inputs")
    for key in options:
        if key not in valid:
            raise UsageError(f"unknown setting {key!r}{did_you_mean(str(key), valid)}")
    return dict(options)


def overlay_of(buffers: Buffers) -> Overlay:
    return {path: _encoded(text) for path, text in buffers.items()}


def views(buffers: Buffers, options: Mapping[str, object]) -> Mapping[str, View]:
    """Check all open files; each sees the others as they are in the editor. Raises UsageError for wrong settings."""
    known = Configurations(options)
    groups: dict[Settings, list[str]] = {}
    for path in buffers:
        settings = known.for_directory(os.path.dirname(path))
        if not excluded(path, settings):
            groups.setdefault(settings, []).append(path)
    overlay = overlay_of(buffers)
    findings: dict[str, dict[Finding, None]] = {path: {} for path in buffers}
    for settings, paths in groups.items():
        for finding in check(Session(paths, settings, overlay, callers=0)).findings:
            findings.setdefault(os.path.abspath(finding.span.path), {})[finding] = None
    return {
        path: View(path, Source.from_bytes(overlay[path], path), settings, tuple(findings[path]))
        for settings, paths in groups.items()
        for path in paths
    }


def source_at(path: str, overlay: Overlay) -> Source | None:
    """A file as the editor has it, else as the disk has it."""
    path = os.path.abspath(path)
    if path in overlay:
        return Source.from_bytes(overlay[path], path)
    try:
        return Source.read(Path(path), path)
    except UnreadableError:
        return None


def notes(view: View, overlay: Overlay) -> tuple[Note, ...]:
    """Every layer that is built in a file."""
    make_room()
    project, readable, _ = open_project([view.path], view.settings, overlay)
    diagnosis = Diagnosis(project, view.settings)
    source = project.source(Path(view.path))
    found = layers_in(source, diagnosis.run(readable))
    return tuple(_note(source.span(place), built) for place, built in found.items())


def innermost(found: Iterable[Note], position: Position) -> Note | None:
    """The layer whose call holds a position."""
    around = [note for note in found if note.span.start <= position <= note.span.end]
    return max(around, key=lambda note: note.span.start, default=None)


def _note(span: Span, built: Sequence[Layered]) -> Note:
    ops = [op for each in built for op in each.calls if op.inputs and isinstance(op.inputs[0], Tensor)]
    counts = [parameters(each.instance) for each in built]
    return Note(
        span,
        describe(built[0].instance),
        tuple(dict.fromkeys(map(in_and_out, ops))),
        tuple(dict.fromkeys(shape_text(op.output) for op in ops if isinstance(op.output, Tensor))),
        tuple(dict.fromkeys(count[0] for count in counts if count is not None)),
    )


def _encoded(text: str) -> bytes:
    """A buffer as its file would hold it, in the encoding that it declares."""
    data = text.encode("utf-8", "surrogatepass")
    try:
        return Encoding(decode(data)[1].name).encode(text)
    except (Undecodable, UnreadableError):
        return data
