"""Other processes that do tasks. What goes to them and comes back is JSON; a new one, where it is no double of this one,
gets what it must know from Python's own start of processes.
"""

from __future__ import annotations

import json
import os
import signal
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing import get_context
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess

from padlint.config import Settings
from padlint.disk import Facts
from padlint.errors import PadlintError
from padlint.plain import Plain, pack, unpack
from padlint.project import Project, open_project
from padlint.session import Overlay, Session, make_room
from padlint.units import Task, Unit
from padlint.work import Wanted, Worker

FORKS = sys.platform == "linux"
"""Can a process be doubled with all that it knows? Elsewhere a new one has to read everything again."""


class WorkerDied(PadlintError):
    """A process ended that had work to do."""


@dataclass(frozen=True)
class _Order:
    """What a new process must know. `project` only where it is a double of this one."""

    paths: Sequence[str]
    settings: Settings
    overlay: Overlay
    project: Project | None


class Hands:
    """Processes that wait for tasks."""

    def __init__(self, session: Session, project: Project) -> None:
        self._order = _Order(session.paths, session.settings, session.overlay, project if FORKS else None)
        self._processes: dict[Connection, BaseProcess] = {}

    def hire(self, hands: int) -> None:
        """Let there be as many as that."""
        if not FORKS:  # a new process begins with `python -c`, which would import from the working folder
            os.environ["PYTHONSAFEPATH"] = "1"
        context = get_context("fork") if FORKS else get_context("spawn")
        while len(self._processes) < hands:
            ours, theirs = context.Pipe()
            inherited = [ours, *self._processes] if FORKS else []
            process = context.Process(target=_serve, args=(theirs, self._order, inherited), daemon=True)
            with _undisturbed():
                process.start()
            theirs.close()
            self._processes[ours] = process

    def dismiss(self) -> None:
        """Let them end at once, whatever they do."""
        for process in self._processes.values():
            process.terminate()
        for connection, process in self._processes.items():
            connection.close()
            process.join()

    def replies(self, wanted: Wanted, tasks: Sequence[Task]) -> Iterator[tuple[int, Unit, Facts]]:
        """Each task's number with what came of it, as they are done. Raises PadlintError: the first task's that failed,
        whoever did it."""
        waiting = sorted(range(len(tasks)), key=lambda number: tasks[number].size)
        failed: dict[int, str] = {}
        busy: dict[Connection, int] = {}
        idle = list(self._processes)
        while waiting or busy:
            while waiting and idle:
                connection, number = idle.pop(), waiting.pop()
                self._send(connection, [wanted, pack(tasks[number])], tasks[number])
                busy[connection] = number
            ready = wait(list(busy))
            for connection in [each for each in busy if each in ready]:
                number = busy.pop(connection)
                idle.append(connection)
                reply = self._received(connection, tasks[number])
                if isinstance(reply, str):
                    failed[number] = reply
                else:
                    yield number, *reply
        if failed:
            raise PadlintError(failed[min(failed)])

    def _send(self, connection: Connection, message: Plain, task: Task) -> None:
        try:
            connection.send_bytes(json.dumps(message).encode())
        except OSError:
            raise self._died(connection, task) from None

    def _received(self, connection: Connection, task: Task) -> tuple[Unit, Facts] | str:
        try:
            reply = json.loads(connection.recv_bytes())
        except (EOFError, OSError):
            raise self._died(connection, task) from None
        return reply if isinstance(reply, str) else (unpack(Unit, reply[0]), dict(reply[1]))

    def _died(self, connection: Connection, task: Task) -> WorkerDied:
        process = self._processes[connection]
        process.join()
        code = process.exitcode or 0
        how = f"was ended by signal {-code}" if code < 0 else f"ended with code {code}"
        return WorkerDied(f"{task.path}: the process that evaluated it {how}; with --jobs 1 there is only one process")


@contextmanager
def _undisturbed() -> Iterator[None]:
    """Let Ctrl-C wait: a new process must not hear it before it knows that it is none of its business."""
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT}) if FORKS else set()
    try:
        yield
    finally:
        if FORKS:
            signal.pthread_sigmask(signal.SIG_SETMASK, before)


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
    make_room()
    return open_project(order.paths, order.settings, order.overlay)[0]
