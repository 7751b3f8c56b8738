"""What files build: the tables of `padlint shapes`."""

from __future__ import annotations

from padlint.evaluation import evaluated, failed, left_out
from padlint.project import given_up, matters, open_project, unparsed
from padlint.session import Session
from padlint.trace import BuiltSequential, Shapes
from padlint.units import VARIANTS, tables
from padlint.where import where


def built_in(session: Session) -> Shapes:
    """Every Sequential that these files build."""
    project, readable, problems = open_project(session.paths, session.settings, session.overlay, session.disk)
    wanted = [path for path in readable if matters(project.source(path))]
    sources = [project.source(path) for path in readable]
    notes = [*given_up(sources), *unparsed(sources)]
    units = evaluated("shapes", session, project, wanted)
    notes += left_out(units, project)
    own = {project.source(path).path for path in wanted}
    torch = tables(each for unit in units for each in unit.torch)
    keras = tables(each for unit in units for each in unit.keras)
    sites = [site for site in (*torch, *keras) if site[0].at.path in own]
    notes += [_cut(site[0]) for site in sites if len(site) > VARIANTS]
    shown = tuple(each for site in sites for each in site[:VARIANTS])
    return Shapes(shown, (*problems, *failed(units)), tuple(notes))


def _cut(first: BuiltSequential) -> str:
    return f"{where(first.at)}: more than {VARIANTS} different lists of layers are built here; {VARIANTS} are shown"
