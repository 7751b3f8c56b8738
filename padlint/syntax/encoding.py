"""Bytes to text and back as Python itself reads a source file: UTF-8, with or without BOM, or what PEP 263 declares."""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass

from padlint.errors import UnreadableError

_DECLARATION = re.compile(rb"[ \t\f]*#.*?coding[:=][ \t]*([-\w.]+)")
_BLANK = re.compile(rb"[ \t\f]*(?:#|$)")
_LINE_END = re.compile(rb"\r\n?|\n")


@dataclass(frozen=True, slots=True)
class Encoding:
    """How a file's characters are stored. `exact` says that encoding what was decoded gives the same bytes again."""

    name: str = "utf-8"
    bom: bool = False
    exact: bool = True

    def encode(self, text: str) -> bytes:
        """Raises UnreadableError where the text cannot be written in this encoding."""
        if not self.exact:
            raise UnreadableError(f"a file in {self.name} that cannot be written back byte for byte")
        try:
            data = text.encode(self.name)
        except UnicodeEncodeError as error:
            character = text[error.start]
            raise UnreadableError(f"{character!r} cannot be written in {self.name}, the file's encoding") from None
        return codecs.BOM_UTF8 + data if self.bom else data


class Undecodable(Exception):
    """Bytes that are no text; `line` and `column` count from 1."""

    def __init__(self, message: str, line: int, column: int) -> None:
        super().__init__(message)
        self.message = message
        self.line = line
        self.column = column


def decode(data: bytes) -> tuple[str, Encoding]:
    """The text without its BOM, line ends as they are. Raises Undecodable."""
    bom = data.startswith(codecs.BOM_UTF8)
    if bom:
        data = data[len(codecs.BOM_UTF8) :]
    name, line = _declared(data)
    if name.lower().replace("_", "-") in ("utf-8", "utf8"):
        return _decode(data, "utf-8", line), Encoding("utf-8", bom)
    if bom:
        raise Undecodable(f"encoding problem: {name} with BOM", line, 1)
    text = _decode(data, name, line)
    try:
        exact = text.encode(name) == data
    except UnicodeError:
        exact = False
    return text, Encoding(name, False, exact)


def _declared(data: bytes) -> tuple[str, int]:
    """The declared encoding and its line: in the first line, or in the second under a blank or a comment."""
    start = 0
    for line in (1, 2):
        match = _LINE_END.search(data, start)
        content = data[start : match.start() if match else len(data)]
        if declaration := _DECLARATION.match(content):
            return declaration[1].decode("ascii", "replace"), line
        if match is None or not _BLANK.match(content):
            break
        start = match.end()
    return "utf-8", 1


def _decode(data: bytes, name: str, line: int) -> str:
    try:
        # `bytes.decode` refuses codecs that are not text encodings ("hex", "zlib"), by LookupError too.
        return data.decode(name)
    except LookupError:
        raise Undecodable(f"unknown encoding: {name}", line, 1) from None
    except UnicodeDecodeError as error:
        before = data[: error.start]
        line_start = max((match.end() for match in _LINE_END.finditer(before)), default=0)
        lines = sum(1 for _ in _LINE_END.finditer(before))
        message = (
            f"(unicode error) {error.encoding!r} codec can't decode byte 0x{data[error.start]:02x}: {error.reason}"
        )
        column = _length(data[line_start : error.start], name) + 1
        raise Undecodable(message, lines + 1, column) from None
    except UnicodeError as error:
        raise Undecodable(f"(unicode error) {error}", line, 1) from None


def _length(data: bytes, name: str) -> int:
    """In characters; a few codecs cannot decode a part, and know no replacements."""
    try:
        return len(data.decode(name, "replace"))
    except UnicodeError:
        return len(data)
