"""Other processes that do tasks. What goes to them and comes back is JSON; a new one, where it is no double of this one,
gets what it must know from Python's own start of processes.
"""

from __future__ import annotations

import json
import os
import signal
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from multiprocessing import get_context
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess

from padlint.config import Settings
from padlint.disk import Facts
from padlint.errors import PadlintError, within_bounds
from padlint.plain import Plain, pack, unpack
from padlint.project import Project, open_project
from padlint.session import Overlay, Session, make_room
from padlint.units import Task, Unit
from padlint.work import Wanted, Worker, failed

FORKS = sys.platform == "linux"
"""Can a process be doubled with all that it knows? Elsewhere a new one has to read everything again."""


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
        while len(self._processes) < hands:
            self._hired()

    def _hired(self) -> Connection:
        """One more."""
        context = get_context("fork") if FORKS else get_context("spawn")
        ours, theirs = context.Pipe()
        inherited = [ours, *self._processes] if FORKS else []
        process = context.Process(target=_serve, args=(theirs, self._order, inherited), daemon=True)
        with _undisturbed():
            process.start()
        theirs.close()
        self._processes[ours] = process
        return ours

    def dismiss(self) -> None:
        """Let them end at once, whatever they do."""
        for process in self._processes.values():
            process.terminate()
        for connection, process in self._processes.items():
            connection.close()
            process.join()

    def replies(self, wanted: Wanted, tasks: Sequence[Task]) -> Iterator[tuple[int, Unit, Facts]]:
        """Each task's number with what came of it, as they are done; a process that ends meanwhile takes no more than its
        task with it. Raises PadlintError: the first task's that failed, whoever did it."""
        waiting = sorted(range(len(tasks)), key=lambda number: tasks[number].size)
        mistakes: dict[int, str] = {}
        busy: dict[Connection, int] = {}
        idle = list(self._processes)
        while waiting or busy:
            while waiting and idle:
                connection, number = idle.pop(), waiting.pop()
                with suppress(OSError):  # it has ended: that is seen where its answer is waited for
                    connection.send_bytes(_bytes([wanted, pack(tasks[number])]))
                busy[connection] = number
            ready = wait(list(busy))
            for connection in [each for each in busy if each in ready]:
                number = busy.pop(connection)
                try:
                    reply = self._received(connection)
                except (EOFError, OSError):
                    yield number, failed(tasks[number], self._buried(connection)), {}
                    idle.append(self._hired())
                    continue
                idle.append(connection)
                if isinstance(reply, str):
                    mistakes[number] = reply
                else:
                    yield number, *reply
        if mistakes:
            raise PadlintError(mistakes[min(mistakes)])

    def _received(self, connection: Connection) -> tuple[Unit, Facts] | str:
        reply = json.loads(connection.recv_bytes())
        return reply if isinstance(reply, str) else (unpack(Unit, reply[0]), dict(reply[1]))

    def _buried(self, connection: Connection) -> str:
        """Why a process has ended that had work to do."""
        process = self._processes.pop(connection)
        connection.close()
        process.join()
        code = process.exitcode or 0
        how = f"was ended by signal {-code}" if code < 0 else f"ended with code {code}"
        return f"the process that evaluated it {how}; with --jobs 1 there is only one process"


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
            connection.send_bytes(_reply(worker, wanted, unpack(Task, task)))
    except (EOFError, OSError):
        os._exit(0)


def _reply(worker: Worker, wanted: Wanted, task: Task) -> bytes:
    def done() -> Plain:
        unit, facts = worker.do(wanted, task)
        return [pack(unit), pack(facts)]

    try:
        return within_bounds(lambda: _bytes(done()), lambda why: _bytes([pack(failed(task, why)), {}]))
    except PadlintError as problem:
        return _bytes(str(problem))


def _bytes(message: Plain) -> bytes:
    return json.dumps(message).encode()


def _opened(order: _Order) -> Project:
    make_room()
    return open_project(order.paths, order.settings, order.overlay)[0]
