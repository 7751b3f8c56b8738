"""`padlint port`: a Keras model as PyTorch source."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from pathlib import Path

from padlint.errors import UsageError
from padlint.output import complain, emit
from padlint.paths import divided

SUMMARY = "write a Keras model as the PyTorch source that computes the same"


def add_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("model", metavar="FILE[:NAME]", help="a file and the variable or function that is the model")
    parser.add_argument("--weights", action="store_true", help="add copy_weights(keras_model, model)")


def run(arguments: Namespace) -> int:
    from padlint.evaluate.budget import Budget  # the evaluator, and with it LibCST
    from padlint.evaluation import passed_over
    from padlint.finding import Place
    from padlint.keras.reference import reference
    from padlint.port.module import source
    from padlint.project import Project, find_roots
    from padlint.where import where

    path, name = _split(arguments.model)
    file = Path(path)
    project = Project(find_roots([file]), names={file.resolve(): path})
    if file.is_file():
        project.source(file)
    notes = passed_over([project.source(file)], Budget()) if file.is_file() else []
    try:
        found = reference(project, file, name)
    except UsageError as problem:
        raise UsageError("; ".join([str(problem), *notes])) from None
    for note in notes:
        complain(note)

    def told(place: Place) -> str:
        return where(project.displayed(place.path).span(place))

    emit(source(found.model, found.name, found.called, arguments.weights, told))
    return 0


def _split(text: str) -> tuple[str, str | None]:
    if Path(text).exists():
        return text, None
    path, name = divided(text)
    if name and not name.isidentifier():
        raise UsageError(f"{text}: {name!r} is no name")
    return path, name or None
