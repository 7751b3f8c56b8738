"""What files build: the tables of `padlint shapes`."""

from __future__ import annotations

from padlint.disk import Facts
from padlint.evaluation import evaluated
from padlint.project import given_up, matters, open_project
from padlint.session import Session
from padlint.trace import Shapes
from padlint.units import tables


def built_in(session: Session) -> tuple[Shapes, Facts]:
    """Every Sequential that these files build, and what of the disk says so."""
    project, readable, problems = open_project(session.paths, session.settings, session.overlay)
    wanted = [path for path in readable if matters(project.source(path))]
    notes = given_up([project.source(path) for path in readable])
    units = evaluated("shapes", session, project, wanted)
    torch = tables(each for unit in units for each in unit.torch)
    keras = tables(each for unit in units for each in unit.keras)
    own = {project.source(path).path for path in wanted}
    shapes = Shapes(tuple(each for each in [*torch, *keras] if each.path in own), tuple(problems), tuple(notes))
    return shapes, project.disk.facts
