"""Who does the tasks: this process, or several. Tasks are handed out one by one, the largest first, to who is idle."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from padlint.disk import Facts
from padlint.project import Project
from padlint.session import Session
from padlint.units import Task, Unit
from padlint.work import Wanted, Worker

if TYPE_CHECKING:
    from padlint.hands import Hands

WORTH = 16_000 if sys.platform == "linux" else 600_000
"""How many characters of definitions another process is worth starting for; where it must read everything again, more."""


SAFE = sys.platform == "linux" or sys.version_info >= (3, 11)
"""Can a new process be kept from importing what lies in the working folder, which is what is linted?"""


class Crew:
    """As many processes as there is work for, up to what the session allows; they end with the `with` block."""

    def __init__(self, session: Session, project: Project) -> None:
        self._session, self._project = session, project
        self._own = Worker(project, session.settings)
        self._hands: Hands | None = None

    def __enter__(self) -> Crew:
        return self

    def __exit__(self, *error: object) -> None:
        if self._hands is not None:
            self._hands.dismiss()

    def replies(self, wanted: Wanted, tasks: Sequence[Task]) -> Iterator[tuple[int, Unit, Facts]]:
        """Each task's number with what came of it, as they are done. Raises PadlintError: the first task's that failed,
        whoever did it."""
        hands = min(self._session.jobs, len(tasks), sum(task.size for task in tasks) // WORTH)
        if hands < 2 or not SAFE:
            for number, task in enumerate(tasks):
                yield number, *self._own.do(wanted, task)
            return
        if self._hands is None:
            from padlint.hands import Hands

            self._hands = Hands(self._session, self._project)
        self._hands.hire(hands)
        yield from self._hands.replies(wanted, tasks)
