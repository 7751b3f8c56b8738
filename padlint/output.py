"""Standard output and standard error: findings on the first, all else on the second."""

from __future__ import annotations

import io
import os
import sys

from padlint import TYPE_CHECKING
from padlint.report.terminal import printable

if TYPE_CHECKING:
    from typing import TextIO


def emit(text: str, stream: TextIO | None = None) -> None:
    """Write, to standard output if to nothing else. A reader that has gone away (`| head`) ends the output, not the
    run."""
    _write(sys.stdout if stream is None else stream, text)


def emit_bytes(data: bytes) -> None:
    """Write a file's content to standard output as it is."""
    sys.stdout.flush()
    try:
        sys.stdout.buffer.write(data)
        sys.stdout.buffer.flush()
    except BrokenPipeError:
        _silence(sys.stdout)


def complain(text: str) -> None:
    """One line on standard error, in padlint's name."""
    _write(sys.stderr, f"padlint: {printable(text)}\n")


def crashed(error: BaseException) -> None:
    """Say on standard error that padlint itself has failed."""
    sys.__excepthook__(type(error), error, error.__traceback__)
    complain("this is an error in padlint, not in your code; please report it with the lines above")


def _write(stream: TextIO, text: str) -> None:
    if isinstance(stream, io.TextIOWrapper):
        stream.reconfigure(errors="backslashreplace")
    try:
        stream.write(text)
        stream.flush()
    except BrokenPipeError:
        _silence(stream)


def _silence(stream: TextIO) -> None:
    """Let what is written from now on, by Python's own shutdown too, go nowhere."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, stream.fileno())
    os.close(nowhere)
