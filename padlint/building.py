"""What files build: the tables of `padlint shapes`."""

from __future__ import annotations

from padlint.checking import matters, open_project
from padlint.diagnose import Diagnosis
from padlint.disk import Facts
from padlint.finding import Place, Span
from padlint.keras.tables import KerasTables
from padlint.result import Shapes
from padlint.session import Session
from padlint.shapes import tables


def built_in(session: Session) -> tuple[Shapes, Facts]:
    """Every Sequential that these files build, and what of the disk says so."""
    project, readable, problems = open_project(session.paths, session.settings, session.overlay)
    wanted = [path for path in readable if matters(project.source(path))]
    diagnosis = Diagnosis(project, session.settings)

    def locate(place: Place) -> Span:
        return diagnosis.source(place.path).span(place)

    title = diagnosis.declarations.title
    keras = KerasTables(locate, title)
    entries = [*tables(keras.watched(diagnosis.run(wanted)), locate, title), *keras.entries()]
    own = {project.source(path).path for path in wanted}
    return Shapes(tuple(entry for entry in entries if entry.path in own), tuple(problems)), project.disk.facts
