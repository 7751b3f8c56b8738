"""Pieces of Python with marked lines: the code blocks of the rules' pages and the cases of the fixtures.

`# error: PAD201` at the end of a line says that exactly this is reported there. The mark is cut off before anything
looks at the text, so that nobody can mistake it for a part of the program.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from padlint.pages import Page, sections

_MARK = re.compile(r"[ \t]*# error: (PAD\d{3}(?:, PAD\d{3})*)$", re.MULTILINE)
_BLOCK = re.compile(r"^```python\n(.*?)^```\n(?:\n(?:torch|Python): `([^`\n]+)`$)?", re.MULTILINE | re.DOTALL)
_CASE = re.compile(r"^# case: (.+)$", re.MULTILINE)


@dataclass(frozen=True)
class Example:
    """A module without its marks. `expected`: (line, code) of each mark. `verdict`: what the page says torch says."""

    title: str
    text: str
    expected: tuple[tuple[int, str], ...]
    verdict: str | None = None

    def __str__(self) -> str:
        return self.title


def parse(title: str, text: str, verdict: str | None = None) -> Example:
    """Takes the marks off a text."""
    found = [
        (number, code)
        for number, line in enumerate(text.split("\n"), 1)
        for match in _MARK.finditer(line)
        for code in match[1].split(", ")
    ]
    return Example(title, _MARK.sub("", text), tuple(sorted(found)), verdict)


def blocks(page: Page, section: str) -> Iterator[Example]:
    """The Python blocks of one section of a page."""
    body = dict(sections(page)).get(section, "") + "\n"
    for number, match in enumerate(_BLOCK.finditer(body), 1):
        yield parse(f"{page.code}-{section.lower().replace(' ', '-')}-{number}", match[1], match[2])


def cases(path: Path) -> Iterator[Example]:
    """The cases of a fixture, each with the imports above the first one and on the lines that it has in the file."""
    text = path.read_text(encoding="utf-8")
    starts = list(_CASE.finditer(text))
    preamble = text[: starts[0].start()]
    for this, following in zip(starts, [*starts[1:], None], strict=True):
        between = "\n" * text.count("\n", starts[0].start(), this.start())
        body = text[this.start() : following.start() if following else len(text)]
        yield parse(f"{path.stem}-{this[1].strip()}", preamble + between + body.rstrip() + "\n")
