"""What an editor shows of its open files: findings, and the shapes that go through the layers.

It knows nothing of the language server's protocol; columns are code points.
"""

from __future__ import annotations

import os
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from padlint.checks.layer import describe, shape_text
from padlint.config import Settings, keys
from padlint.config_files import Configurations
from padlint.diagnose import Diagnosis
from padlint.disk import Disk, Facts
from padlint.errors import PadlintError, UnreadableError, UsageError
from padlint.explain import Layered, in_and_out, layers_in
from padlint.files import excluded
from padlint.finding import Finding, Position, Span
from padlint.hints import did_you_mean
from padlint.layers.base import Tensor
from padlint.output import crashed
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
class Look:
    """The open files as they were checked. `problems`: why some could not be, `notes`: what was left out, `asked`: the facts
    that all this rests on, with the texts that lay over the disk."""

    views: Mapping[str, View]
    problems: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    asked: tuple[tuple[Overlay, Facts], ...] = ()

    def holds(self) -> bool:
        """Would the disk answer as it did?"""
        return all(Disk(texts).agrees(facts) for texts, facts in self.asked)


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


def look(buffers: Buffers, options: object, folders: Sequence[str]) -> Look:
    """Check all open files; each sees the others as they are in the editor. `options` are the settings that the editor
    sends, `folders` those of its workspace. What cannot be checked is told, and nothing else is kept from being checked."""
    disk = Disk()
    try:
        groups, problems = _grouped(buffers, read_options(options), folders, disk)
    except UsageError as problem:
        return Look({}, (str(problem),))
    overlay = overlay_of(buffers)
    asked: list[tuple[Overlay, Facts]] = [({}, disk.facts)]
    views: dict[str, View] = {}
    findings: dict[str, dict[Finding, None]] = {path: {} for path in buffers}
    notes: dict[str, None] = {}
    for settings, paths in groups:
        # of two names of one file the last counts: this one's
        texts = {path: overlay[path] for path in sorted(overlay, key=lambda path: path in paths)}
        session = Session(paths, settings, texts)
        asked.append((texts, session.disk.facts))
        try:
            result = check(session)
            views |= {path: View(path, Source.from_bytes(overlay[path], path), settings, ()) for path in paths}
        except PadlintError as problem:
            problems.append(str(problem))
            continue
        except Exception as error:
            problems.append(failed(error))
            continue
        for finding in result.findings:
            path = os.path.abspath(finding.span.path)
            findings.setdefault(path, {})[_said_in(_home(path, folders), finding)] = None
        problems += result.problems
        notes.update(dict.fromkeys(result.notes))
    return Look(
        {path: replace(view, findings=tuple(findings[path])) for path, view in views.items()},
        tuple(dict.fromkeys(problems)),
        tuple(notes),
        tuple(asked),
    )


def failed(error: Exception) -> str:
    """What is said of an error in padlint; all of it goes to standard error, which is a server's log."""
    crashed(error)
    return f"{type(error).__name__}: {error}; this is an error in padlint, not in your code; please report its log"


def _grouped(
    buffers: Buffers, options: Mapping[str, object], folders: Sequence[str], disk: Disk
) -> tuple[list[tuple[Settings, list[str]]], list[str]]:
    """The files that are checked together, as the command line would: those of the same settings; two names of one file
    are apart, as their texts may differ. And what is wrong with the settings of the others."""
    known = {home: Configurations(options, disk=disk, home=home) for home in {_home(path, folders) for path in buffers}}
    groups: dict[tuple[Settings, int], list[str]] = {}
    problems: list[str] = []
    names: Counter[str] = Counter()
    for path in sorted(buffers):
        try:
            settings = known[_home(path, folders)].for_directory(os.path.dirname(path))
        except PadlintError as problem:
            problems.append(str(problem))
            continue
        if not excluded(path, settings):
            real = disk.real(path)
            groups.setdefault((settings, names[real]), []).append(path)
            names[real] += 1
    return [(settings, paths) for (settings, _), paths in groups.items()], problems


def _said_in(home: str, finding: Finding) -> Finding:
    """A finding that names files as the command does that is given there."""
    return replace(finding, message=re.sub(rf"(?<![^\s'\"(]){re.escape(os.path.join(home, ''))}", "", finding.message))


def _home(path: str, folders: Sequence[str]) -> str:
    """Where one would give the command: the innermost folder of the workspace that a file is in, else its own."""
    above = [folder for folder in folders if Path(path).is_relative_to(folder)]
    return max(above, key=len, default=os.path.dirname(path))


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
