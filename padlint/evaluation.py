"""Files to units: what the cache has is taken from there, the rest is done here or in other processes, level by level."""

from __future__ import annotations

import json
import os
from collections.abc import Generator, Iterable, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path

from padlint.cache import program
from padlint.callers import Callers, calling
from padlint.checks import rules
from padlint.config import evaluated_settings, show
from padlint.crew import Crew
from padlint.evaluate.budget import Budget
from padlint.evaluate.session import plan
from padlint.evaluate.world import World
from padlint.finding import Place
from padlint.plain import pack
from padlint.project import Project, given_up, shown, unparsed
from padlint.select import opted_in
from padlint.session import Session
from padlint.syntax.source import Source
from padlint.units import Task, Unit, unreached
from padlint.where import where
from padlint.work import Wanted

ROUGHLY = 1_000_000
MANY = 1000
"""Files after whose survey what was read out of them is let go."""
NAMED = 5
"""How many definitions are named where more are left out."""


def evaluated(
    wanted: Wanted, session: Session, project: Project, paths: Sequence[Path], callers: Callers | None = None
) -> list[Unit]:
    """The units of these files, in an order that does not depend on who did them; those of the callers say only what is
    wrong in these files. Raises PadlintError."""
    if not paths:
        return []
    with Crew(session, project) as crew:
        own = frozenset(project.source(path).path for path in paths)
        return _Evaluation(wanted, session, project, crew, own, callers or {}).units(paths)


def left_out(units: Iterable[Unit], project: Project) -> list[str]:
    """A line for every file, and every reason, of which something was not evaluated to its end."""
    found: dict[tuple[str, str], set[int]] = {}
    for unit in units:
        for path, reasons in unit.left_out.items():
            for reason, statements in reasons.items():
                found.setdefault((path, reason), set()).update(statements)
    return [
        _not_analysed(project.displayed(path), reason, sorted(statements))
        for (path, reason), statements in found.items()
    ]


def failed(units: Iterable[Unit]) -> list[str]:
    """What could not be done at all, a line each."""
    return list(dict.fromkeys(unit.failed for unit in units if unit.failed is not None))


def passed_over(sources: Sequence[Source], budget: Budget) -> list[str]:
    """A line for everything that was not analysed of files that were evaluated in one world."""
    notes = [*given_up(sources), *unparsed(sources)]
    known = {source.path: source for source in sources}
    for path, reasons in budget.left_out.items():
        for reason, statements in reasons.items():
            told = path in known and _not_analysed(known[path], reason, sorted(statements))
            notes.append(told or f"{path}: not analysed: {reason}")
    return notes


def _not_analysed(source: Source, reason: str, statements: Sequence[int]) -> str:
    spans = [source.span(Place(source.path, index, 0)) for index in statements[:NAMED]]
    bound = [source.statements[index].names for index in statements[:NAMED]]
    named = [names[0] if names else where(span, spans[0]) for names, span in zip(bound, spans, strict=True)]
    more = f" and {len(statements) - NAMED} more" if len(statements) > NAMED else ""
    said = f"not analysed: {reason}; left out: {', '.join(named)}{more}"
    return f"{where(spans[0])}: {said}"


@dataclass(eq=False)
class _Evaluation:
    wanted: Wanted
    session: Session
    project: Project
    crew: Crew
    own: frozenset[str]
    callers: Callers
    done: list[Unit] = field(default_factory=list)
    spent: dict[str, int] = field(default_factory=dict)

    def units(self, paths: Sequence[Path]) -> list[Unit]:
        planned = plan(World(self.project), [*paths, *map(Path, self.callers)])
        levels = [[kept for task in tasks if (kept := calling(task, self.callers)) is not None] for tasks in planned]
        if len(levels[0]) > MANY:
            self.project.release()
        count = sum(map(len, levels))
        for _ in self.session.progress.over(self._all(levels), count):
            pass
        return self.done

    def _all(self, levels: Sequence[Sequence[Task]]) -> Generator[None, None, None]:
        """One item for every task that is done."""
        sequentials: dict[Task, tuple[tuple[int, int], ...]] = {}
        entered: dict[str, set[int]] = {}
        for tasks in levels:
            told = [self._told(task, entered.get(task.path, set())) for task in tasks]
            units = yield from self._level(told)
            self.spent.update((task.path, unit.spent) for task, unit in zip(told, units, strict=True))
            sequentials.update({task: unit.sequentials for task, unit in zip(told, units, strict=True)})
            for unit in units:
                for path, statements in unit.entered.items():
                    entered.setdefault(path, set()).update(statements)
            self.done += map(self._heard, told, units)
        left = [self._left(task, own) for task, own in sequentials.items()]
        alone = [task for task in left if task.alone]
        units = yield from self._level(alone)
        self.done += map(self._heard, alone, units)

    def _heard(self, task: Task, unit: Unit) -> Unit:
        """What a unit says that is anybody's business here."""
        if task.path in self.own:
            return unit
        return replace(
            unit, candidates=tuple(each for each in unit.candidates if each.place.path in self.own), left_out={}
        )

    def _told(self, task: Task, entered: set[int]) -> Task:
        own = tuple(index for _, index in task.definitions if index in entered)
        return replace(task, entered=own, spent=self._spent(task))

    def _spent(self, task: Task) -> int:
        """What earlier tasks of the same file took, in parts of the whole: small differences change no key."""
        return self.spent.get(task.path, 0) // ROUGHLY * ROUGHLY

    def _left(self, task: Task, sequentials: tuple[tuple[int, int], ...]) -> Task:
        """What nobody came to in the file of a task."""
        alone = unreached(task.path, sequentials, self.done)
        return Task(task.path, task.file, len(alone), False, task.statements, alone=alone, spent=self._spent(task))

    def _level(self, tasks: Sequence[Task]) -> Generator[None, None, list[Unit]]:
        """Tasks that do not depend on each other; gives their units in the same order."""
        keys = [self._key(task) for task in tasks]
        units = {index: unit for index, key in enumerate(keys) if (unit := self._recalled(key)) is not None}
        yield from (None for _ in units)
        missing = [index for index in range(len(tasks)) if index not in units]
        for number, unit, facts in self.crew.replies(self.wanted, [tasks[index] for index in missing]):
            index = missing[number]
            units[index] = unit
            self.project.disk.also(facts)
            if not self.session.overlay and unit.failed is None:
                self.session.units.keep(keys[index], facts, unit)
            yield
        return [units[index] for index in range(len(tasks))]

    def _recalled(self, key: str) -> Unit | None:
        """Texts that lie over the files are compared like files, so what is known of other files still holds."""
        return self.session.units.recall(key, self.project.disk, Unit)

    def _key(self, task: Task) -> str:
        return f"{self._request}\n{json.dumps(pack(task))}"

    @cached_property
    def _request(self) -> str:
        """All that a unit depends on beside its task and the files."""
        settings = self.session.settings
        roots = [list(map(str, self.project.roots)), list(map(str, self.project.search))]
        names = sorted((str(path), name) for path, name in self.project.names.items() if name != shown(path))
        asked = sorted(opted_in(settings, rules())) if self.wanted == "check" else []
        return json.dumps(
            [self.wanted, program(), os.getcwd(), show(evaluated_settings(settings)), roots, names, asked]
        )
