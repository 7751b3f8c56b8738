"""Paths as texts: what stands behind the colon after one, how they look from a folder, globs, URIs.

A `Flavour` is `ntpath` or `posixpath`; by default that of the system. Nothing here looks at the disk.
"""

from __future__ import annotations

import ntpath
import os
import re
from types import ModuleType

Flavour = ModuleType

_DRIVE = re.compile(r"(?:[\\/]{2}[?.][\\/])?[A-Za-z]")
_LOCATED = re.compile(r"(?P<path>.+?)(?::cell (?P<cell>\d{1,9}))?:(?P<line>\d{1,9})(?::\d{1,9})?", re.DOTALL)
_ROOTED_DRIVE = re.compile(r"/[A-Za-z]:(?:/|$)")
_LONG = re.compile(r"[\\/]{2}[?.][\\/](?P<share>UNC[\\/])?", re.IGNORECASE)


def divided(text: str, flavour: Flavour = os.path) -> tuple[str, str]:
    """`net.py:Net` as the path and what stands behind its last colon, "" where that is nothing. The colon of a drive is a
    part of the path: `C:\\models\\net.py`, on Windows `C:net.py` too."""
    path, colon, rest = text.rpartition(":")
    drive = _DRIVE.fullmatch(path) and (rest.startswith(("\\", "/")) or (flavour is ntpath and "." in rest))
    return (text, "") if not colon or drive else (path, rest)


def located(text: str) -> tuple[str, int | None, int] | None:
    """`net.py:41`, `nb.ipynb:cell 3:7`, with or without a column: the path, the cell and the line."""
    found = _LOCATED.fullmatch(text)
    if found is None or _DRIVE.fullmatch(found["path"]):
        return None
    return found["path"], int(found["cell"]) if found["cell"] else None, int(found["line"])


# ---------------------------------------------------------------- as seen from a folder


def slashed(path: str, flavour: Flavour = os.path) -> str:
    """With slashes, as reports, baselines and globs have it."""
    return path.replace(flavour.sep, "/")


def seen_from(path: str, folder: str, flavour: Flavour = os.path) -> str:
    """A path relative to a folder, with slashes; on another drive of Windows it stays absolute."""
    try:
        return slashed(flavour.relpath(path, folder), flavour)
    except ValueError:
        return slashed(flavour.abspath(path), flavour)


def below(path: str, folder: str, flavour: Flavour = os.path) -> str | None:
    """The same for what lies in the folder, else None."""
    found = seen_from(path, folder, flavour)
    outside = found.split("/")[0] == flavour.pardir or flavour.isabs(found)
    return None if outside else found


def identity(path: str, flavour: Flavour = os.path) -> str:
    """Equal for two spellings of one path: on Windows case does not count, nor which slash."""
    found: str = flavour.normcase(flavour.abspath(path))
    return found


def globs(patterns: tuple[str, ...], folder: str, flavour: Flavour = os.path) -> tuple[str, ...]:
    """Some patterns as `glob` has them: on most systems as they are."""
    return patterns if flavour.sep == "/" else tuple(glob(each, folder, flavour) for each in patterns)


def glob(pattern: str, folder: str, flavour: Flavour = os.path) -> str:
    """A pattern as `.gitignore` has it, from a folder. On Windows a backslash parts folders, and a pattern may begin with a
    drive; elsewhere it is what makes the next character an ordinary one."""
    if flavour.sep == "/":
        return pattern
    mark, path = ("!", pattern[1:]) if pattern.startswith("!") else ("", pattern)
    own = below(path, folder, flavour) if flavour.splitdrive(path)[0] else None
    return mark + (slashed(path, flavour) if own is None else f"/{own}")


# ---------------------------------------------------------------- URIs


def uri_of(path: str, flavour: Flavour = os.path) -> str:
    """The `file:` URI of an absolute path."""
    from urllib.parse import quote_from_bytes

    if flavour is not ntpath:
        return f"file://{quote_from_bytes(os.fsencode(path))}"
    if (long := _LONG.match(path)) is not None:
        path = ("\\\\" if long["share"] else "") + path[long.end() :]
    drive, rest = ntpath.splitdrive(path)
    encoded = quote_from_bytes(slashed(rest, flavour).encode("utf-8", "surrogatepass"))
    host = slashed(drive, flavour)  # `C:`, or `//server/share`
    return f"file:{'///' if drive.endswith(':') else ''}{host}{encoded}"


def reference(path: str, flavour: Flavour = os.path) -> str:
    """The URI of a path that is relative and has slashes, which no colon in it makes an absolute one."""
    from urllib.parse import quote_from_bytes

    encoded = path.encode("utf-8", "surrogatepass") if flavour is ntpath else os.fsencode(path)
    return quote_from_bytes(encoded)


def path_of(uri: str, flavour: Flavour = os.path) -> str | None:
    """The path that a `file:` URI stands for, None for any other. Drives are written large: editors write them small or
    large, and `c%3A`."""
    from urllib.parse import unquote_to_bytes, urlsplit

    parts = urlsplit(uri)
    if parts.scheme != "file":
        return None
    data = unquote_to_bytes(parts.path)
    path = data.decode("utf-8", "surrogatepass") if flavour is ntpath else os.fsdecode(data)
    host = "" if parts.netloc == "localhost" else f"//{parts.netloc}" if parts.netloc else ""
    if flavour is not ntpath:
        return host + path
    if not host and _ROOTED_DRIVE.match(path):
        path = path[1].upper() + path[2:]
    return (host + path).replace("/", "\\")
