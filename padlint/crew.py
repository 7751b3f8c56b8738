"""Who does the tasks: this process, or several. Tasks are handed out one by one, the largest first, to who is idle."""

from __future__ import annotations

import json
import os
import signal
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from multiprocessing.connection import Connection, wait
from multiprocessing.context import BaseContext
from multiprocessing.process import BaseProcess
from typing import TYPE_CHECKING

from padlint.disk import Facts
from padlint.errors import PadlintError
from padlint.plain import Plain, pack, unpack
from padlint.project import Project, open_project
from padlint.session import RECURSION, Session
from padlint.units import Task, Unit
from padlint.work import Wanted, Worker

if TYPE_CHECKING:
    from padlint.config import Settings
    from padlint.session import Overlay

FORKS = sys.platform == "linux"
"""Can a process be doubled with all that it knows? Elsewhere a new one has to read everything again."""

WORTH = 60_000 if FORKS else 600_000
"""How many characters of definitions another process is worth starting for."""

Reply = tuple[Unit, Facts]


class WorkerDied(PadlintError):
    """A process ended that had work to do."""


@dataclass(frozen=True)
class _Order:
    """What a new process must know. `project` only where it is a double of this one."""

    paths: Sequence[str]
    settings: Settings
    overlay: Overlay
    project: Project | None


class Crew:
    """As many processes as there is work for, up to what the session allows; they end with the `with` block."""

    def __init__(self, session: Session, project: Project) -> None:
        self._session, self._project = session, project
        self._own = Worker(project, session.settings)
        self._hands: dict[Connection, BaseProcess] = {}

    def __enter__(self) -> Crew:
        return self

    def __exit__(self, *error: object) -> None:
        for process in self._hands.values():
            process.terminate()
        for connection, process in self._hands.items():
            connection.close()
            process.join()

    def replies(self, wanted: Wanted, tasks: Sequence[Task]) -> Iterator[tuple[int, Reply]]:
        """Each task's number with what came of it, as they are done. Raises PadlintError: the first task's that failed,
        whoever did it."""
        hands = min(self._session.jobs, len(tasks), sum(task.size for task in tasks) // WORTH)
        if hands < 2:
            for number, task in enumerate(tasks):
                yield number, self._own.do(wanted, task)
            return
        self._hire(hands)
        yield from self._shared(wanted, tasks)

    def _shared(self, wanted: Wanted, tasks: Sequence[Task]) -> Iterator[tuple[int, Reply]]:
        waiting = sorted(range(len(tasks)), key=lambda number: tasks[number].size)
        failed: dict[int, str] = {}
        busy: dict[Connection, int] = {}
        idle = list(self._hands)
        while waiting or busy:
            while waiting and idle:
                connection = idle.pop()
                busy[connection] = waiting.pop()
                self._send(connection, [wanted, pack(tasks[busy[connection]])], tasks[busy[connection]])
            ready = wait(list(busy))
            for connection in [each for each in busy if each in ready]:
                number = busy.pop(connection)
                idle.append(connection)
                reply = self._received(connection, tasks[number])
                if isinstance(reply, str):
                    failed[number] = reply
                else:
                    yield number, reply
        if failed:
            raise PadlintError(failed[min(failed)])

    def _send(self, connection: Connection, message: Plain, task: Task) -> None:
        try:
            connection.send_bytes(json.dumps(message).encode())
        except OSError:
            raise self._died(connection, task) from None

    def _received(self, connection: Connection, task: Task) -> Reply | str:
        try:
            reply = json.loads(connection.recv_bytes())
        except (EOFError, OSError):
            raise self._died(connection, task) from None
        return reply if isinstance(reply, str) else (unpack(Unit, reply[0]), dict(reply[1]))

    def _died(self, connection: Connection, task: Task) -> WorkerDied:
        process = self._hands[connection]
        process.join()
        code = process.exitcode or 0
        how = f"was ended by signal {-code}" if code < 0 else f"ended with code {code}"
        return WorkerDied(f"{task.path}: the process that evaluated it {how}; with --jobs 1 there is only one process")

    # ------------------------------------------------------------ processes

    def _hire(self, hands: int) -> None:
        from multiprocessing import get_context

        context: BaseContext = get_context("fork" if FORKS else "spawn")
        session = self._session
        order = _Order(session.paths, session.settings, session.overlay, self._project if FORKS else None)
        while len(self._hands) < hands:
            ours, theirs = context.Pipe()
            inherited = [ours, *self._hands] if FORKS else []
            process = context.Process(target=_serve, args=(theirs, order, inherited), daemon=True)  # type: ignore[attr-defined]
            process.start()
            theirs.close()
            self._hands[ours] = process


def _serve(connection: Connection, order: _Order, inherited: Sequence[Connection]) -> None:
    """Do what is asked until nobody asks any more. Ctrl-C is the business of the process that asks."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    for each in inherited:
        each.close()
    worker = Worker(order.project or _opened(order), order.settings)
    try:
        while True:
            wanted, task = json.loads(connection.recv_bytes())
            connection.send_bytes(json.dumps(_reply(worker, wanted, unpack(Task, task))).encode())
    except (EOFError, OSError):
        os._exit(0)


def _reply(worker: Worker, wanted: Wanted, task: Task) -> Plain:
    try:
        unit, facts = worker.do(wanted, task)
    except PadlintError as problem:
        return str(problem)
    return [pack(unit), pack(facts)]


def _opened(order: _Order) -> Project:
    sys.setrecursionlimit(RECURSION)
    return open_project(order.paths, order.settings, order.overlay)[0]
