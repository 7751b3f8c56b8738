"""From fixes to files: edits applied to a text, a unified diff, an atomic write."""

from __future__ import annotations

import contextlib
import os
import stat
from collections.abc import Callable, Iterable, Iterator

from padlint.errors import UnreadableError
from padlint.finding import Edit, Fix
from padlint.paths import slashed
from padlint.reading import read_file
from padlint.syntax.source import Source


def compatible(fixes: Iterable[Fix]) -> tuple[Fix, ...]:
    """The fixes that can be applied together, the first of those that overlap; a later run picks up the others.

    The same fix of two findings counts once. Two insertions at one place overlap: their order would be a guess.
    """
    chosen: list[Fix] = []
    taken: list[Edit] = []
    for fix in fixes:
        if fix not in chosen and not any(_overlap(edit, other) for edit in fix.edits for other in taken):
            chosen.append(fix)
            taken += fix.edits
    return tuple(chosen)


def _overlap(one: Edit, other: Edit) -> bool:
    a, b = one.span, other.span
    if (a.path, a.cell) != (b.path, b.cell):
        return False
    return (a.start < b.end and b.start < a.end) or a.start == b.start


def apply(source: Source, fixes: Iterable[Fix]) -> str:
    """The source's text under compatible fixes, applied from the end backwards; edits of other files are left out."""
    edits = [edit for fix in fixes for edit in fix.edits if edit.span.path == source.path]
    text = source.text
    for begin, end, content in sorted((_placed(edit, source) for edit in edits), reverse=True):
        text = text[:begin] + content + text[end:]
    return text


def _placed(edit: Edit, source: Source) -> tuple[int, int, str]:
    span = edit.span
    return source.offset(span.start, span.cell), source.offset(span.end, span.cell), edit.content


def parses(source: Source, text: str) -> bool:
    """Whether the text, in the place of the source's own, is Python."""
    return Source(source.path, text, source.layout).problem is None


def diff(path: str, old: bytes, new: bytes) -> bytes:
    """A unified diff that `patch` and `git apply` take, in the file's own encoding; empty where nothing changes."""
    return b"".join(_unified(os.fsencode(slashed(path)), old, new))


def _unified(path: bytes, old: bytes, new: bytes) -> Iterator[bytes]:
    from difflib import diff_bytes, unified_diff

    before, after = (data.split(b"\n") for data in (old, new))
    numbered = [[line + b"\n" for line in part[:-1]] + ([part[-1]] if part[-1] else []) for part in (before, after)]
    for line in diff_bytes(unified_diff, numbered[0], numbered[1], b"a/" + path, b"b/" + path):
        yield line if line.endswith(b"\n") else line + b"\n\\ No newline at end of file\n"


def write(path: str, old: bytes, new: bytes) -> None:
    """Replace the content `old` of a file by `new`, wholly or not at all; links are followed, the mode is kept.

    Raises UnreadableError: the file has changed since it was read, is read-only, has several names, or cannot be written
    (a full disk).
    """
    target = os.path.realpath(path)
    try:
        status = os.stat(target)
        if not os.access(target, os.W_OK):
            raise UnreadableError(f"{path}: read-only, not fixed")
        if status.st_nlink > 1:  # a new file would take the place of one of them only
            raise UnreadableError(f"{path}: not fixed: it has {status.st_nlink} names (hard links)")
        if read_file(target, path) != old:
            raise UnreadableError(f"{path}: changed while it was checked, not fixed")
        _replace(target, new, status.st_mode)
    except OSError as problem:
        raise UnreadableError(f"{path}: not fixed: {problem.strerror}") from None


def leads_out(path: str, given: Iterable[str]) -> bool:
    """Does a file that was found below the given paths lie elsewhere, behind a link that nobody named?"""
    return _below(path, given, os.path.abspath) and not _below(path, given, os.path.realpath)


def _below(path: str, folders: Iterable[str], placed: Callable[[str], str]) -> bool:
    return any(os.path.join(placed(path), "").startswith(os.path.join(placed(folder), "")) for folder in folders)


def _replace(target: str, content: bytes, mode: int) -> None:
    from tempfile import mkstemp  # slow to import, and needed for writing only

    handle, temporary = mkstemp(prefix=".padlint-", dir=os.path.dirname(target))
    try:
        with open(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        os.chmod(temporary, stat.S_IMODE(mode))
        os.replace(temporary, target)
    finally:
        with contextlib.suppress(FileNotFoundError):  # gone where it has become the target
            os.unlink(temporary)
