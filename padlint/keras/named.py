"""The Keras models that comments, the command line and the configuration name as references."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

from padlint.errors import UsageError
from padlint.evaluate.values import KerasObject
from padlint.finding import Span
from padlint.intent import Declarations
from padlint.keras.reference import reference
from padlint.paths import divided
from padlint.project import Project
from padlint.syntax.comments import KerasReference
from padlint.syntax.directives import Directive, directives
from padlint.syntax.source import Source


def of_comment(item: KerasReference, source: Source, declarations: Declarations, project: Project) -> KerasObject:
    """The model that a comment of a source names. Raises UsageError."""
    return _known(file_of_comment(item, source.path), item.name, declarations, project)


def file_of_comment(item: KerasReference, path: str) -> Path:
    """The file that a comment in the file at a path names."""
    return Path(os.path.normpath(Path(path).parent / item.path))


def of_settings(text: str, declarations: Declarations, project: Project) -> KerasObject:
    """The model that `PATH:NAME` of the command line or the configuration stands for. Raises UsageError."""
    path, name = divided(text)
    if not name.isidentifier():
        path, name = text, ""
    file = Path(path) if project.disk.exists(Path(path)) else Path(declarations.settings.root) / path
    return _known(file, name or None, declarations, project)


def misnamed(source: Source, project: Project) -> Iterator[tuple[Span, str]]:
    """The comments of a source that name no Keras model that can be read, with what is wrong."""
    for comment in directives(source):
        for item in comment.items if isinstance(comment, Directive) else ():
            if isinstance(item, KerasReference):
                try:
                    _model(file_of_comment(item, source.path), item.name, project)
                except UsageError as problem:
                    yield comment.span, str(problem)


def _known(path: Path, name: str | None, declarations: Declarations, project: Project) -> KerasObject:
    known = declarations.keras_models
    if (path, name) not in known:
        try:
            known[path, name] = _model(path, name, project)
        except UsageError as problem:
            known[path, name] = problem
    found = known[path, name]
    if isinstance(found, UsageError):
        raise found
    return found


def _model(path: Path, name: str | None, project: Project) -> KerasObject:
    found = reference(project, path, name)
    if found.model.open is not None:
        raise UsageError(f"{path}: {found.name!r} cannot be read: {found.model.open.reason}")
    if found.model.shape is None:
        raise UsageError(f"{path}: {found.name!r} has no input shape: give it an Input")
    return found.model
