"""The command line: which command, and what becomes of mistakes. Exit codes: 0 nothing found, 1 findings, 2 else."""

from __future__ import annotations

import os
import sys

from padlint import TYPE_CHECKING, __version__
from padlint.errors import PadlintError, UnreadableError, UsageError, exhausted
from padlint.hints import did_you_mean
from padlint.output import complain, crashed, emit

if TYPE_CHECKING:
    from collections.abc import Sequence
    from types import TracebackType
    from typing import NoReturn

INTERRUPTED = 130


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command line; gives the exit code, never raises for a user's mistake."""
    words = list(sys.argv[1:] if arguments is None else arguments)
    try:
        return _run(words)
    except PadlintError as problem:
        complain(str(problem))
        return 2
    except (MemoryError, RecursionError) as problem:
        complain(exhausted(problem))
        return 2
    except KeyboardInterrupt:
        return INTERRUPTED
    except SystemExit as request:  # argparse after --help
        return request.code if isinstance(request.code, int) else 0


def _run(words: list[str]) -> int:
    if words[:1] == ["check"] and _said_again(words):
        return 0
    from padlint import commands  # and with them typing, argparse and dataclasses
    from padlint.parser import Parser

    first = words[0] if words else "--help"
    if first in ("-h", "--help", "help"):
        emit(_overview())
        return 0
    if first in ("-V", "--version"):
        emit(f"padlint {__version__}\n")
        return 0
    if first not in commands.names():
        kind = "option" if first.startswith("-") else "command"
        valid = (*commands.names(), "--help", "--version")
        raise UsageError(f"unknown {kind} {first!r}{did_you_mean(first, valid) or '; see padlint --help'}")
    command = commands.command(first)
    parser = Parser(f"padlint {first}", command.SUMMARY)
    command.add_arguments(parser)
    arguments = parser.strict(words[1:])
    arguments.words = words
    try:
        os.getcwd()
    except OSError as problem:
        raise UnreadableError(f"the current folder: {problem.strerror}") from None
    return command.run(arguments)


def _said_again(words: list[str]) -> bool:
    """Was this asked before, and nothing found, and nothing has changed?"""
    from padlint.again import answer

    said = answer(words)
    if said is None:
        return False
    output, summary = said
    emit(output)
    if summary:
        complain(summary)
    return True


def _overview() -> str:
    from padlint import commands

    listed = "".join(f"  {name:<8} {commands.command(name).SUMMARY}\n" for name in commands.names())
    return (
        "usage: padlint COMMAND ...\n\nA static linter for the shape arithmetic of PyTorch models.\n\n"
        f"commands:\n{listed}\n"
        "padlint COMMAND --help says more of one command, padlint --version which padlint this is.\n"
        "Exit codes: 0 nothing found, 1 findings, 2 usage, configuration, unreadable file or internal error.\n"
    )


def _crashed(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    crashed(error)
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(2)  # Python's own code for it is 1, which means findings


def entry() -> NoReturn:
    """The console script."""
    sys.excepthook = _crashed
    sys.exit(main())
