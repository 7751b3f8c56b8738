"""A file's bytes, if it is a file: no pipe that blocks for ever, no device that never ends, nothing too large."""

from __future__ import annotations

import os
import stat

from padlint import TYPE_CHECKING
from padlint.errors import UnreadableError

if TYPE_CHECKING:
    from typing import BinaryIO

MAX_BYTES = 20_000_000
"""Larger than any source that a person wrote, and than most that a program wrote."""


class OversizedError(UnreadableError):
    """A file of more than MAX_BYTES."""


def read_file(path: str, display: str | None = None) -> bytes:
    """All of a regular file. Raises UnreadableError (its message begins with `display`), OversizedError for a large one."""
    name = path if display is None else display
    try:
        return _read(path, name)
    except OSError as problem:
        raise UnreadableError(f"{name}: {problem.strerror or problem}") from None
    except ValueError as problem:  # a null character in the path
        raise UnreadableError(f"{name}: {problem}") from None


def _read(path: str, name: str) -> bytes:
    # to open a pipe would wait for its other end, and to open a device can have effects of its own
    _require_regular(os.stat(path), name)
    handle = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0))
    with open(handle, "rb") as file:
        _require_regular(os.fstat(handle), name)  # what is opened may be another one by now
        return read_stream(file, name)


def read_stream(stream: BinaryIO, name: str) -> bytes:
    """All that comes on a stream, if that is no more than a file may have. Raises OversizedError."""
    data = stream.read(MAX_BYTES + 1)
    if len(data) > MAX_BYTES:
        raise OversizedError(f"{name}: larger than {MAX_BYTES // 10**6} MB")
    return data


def _require_regular(status: os.stat_result, name: str) -> None:
    problem = irregular(status)
    if problem is not None:
        raise UnreadableError(f"{name}: {problem}")


def irregular(status: os.stat_result) -> str | None:
    """Why there is no text to read: it is something else than a file."""
    if stat.S_ISREG(status.st_mode):
        return None
    return "Is a directory" if stat.S_ISDIR(status.st_mode) else "not a regular file"
