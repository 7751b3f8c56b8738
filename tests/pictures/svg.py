"""A screen of cells as a small SVG whose text can be read, searched and copied."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from html import escape, unescape
from itertools import groupby

CELL_WIDTH, CELL_HEIGHT = 8, 18
MARGIN = 12
FONT = "ui-monospace, 'DejaVu Sans Mono', Menlo, Consolas, monospace"


@dataclass(frozen=True, slots=True)
class Style:
    """Colours as `#rrggbb`; no background is that of the screen."""

    foreground: str
    background: str | None = None
    bold: bool = False
    underline: str | None = None


Row = Sequence[tuple[str, Style]]
"""The cells of a line: a character and how it looks."""


def picture(rows: Sequence[Row], background: str, title: str) -> str:
    """The rows as SVG, cells of 8 by 18 pixels."""
    columns = max(len(row) for row in rows)
    width, height = columns * CELL_WIDTH + 2 * MARGIN, len(rows) * CELL_HEIGHT + 2 * MARGIN
    lines = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" role="img">',
        f"<title>{escape(title)}</title>",
        f'<rect width="{width}" height="{height}" rx="6" fill="{background}"/>',
        f'<g font-family="{FONT}" font-size="13" xml:space="preserve" style="white-space:pre">',
    ]
    for number, row in enumerate(rows):
        lines.extend(_row(row, MARGIN + number * CELL_HEIGHT))
    return "\n".join([*lines, "</g>", "</svg>", ""])


def text(svg: str) -> list[str]:
    """The lines of a picture, without the space at their ends."""
    shown = re.findall(r"^<text[^>]*>(.*)</text>$", svg, flags=re.MULTILINE)
    return [unescape(re.sub("<[^>]*>", "", line)).rstrip() for line in shown]


def _row(row: Row, top: int) -> list[str]:
    runs: list[str] = []
    behind: list[str] = []
    column = 0
    for style, cells in groupby(_merged(row), key=lambda cell: cell[1]):
        shown = "".join(character for character, _ in cells)
        left, width = MARGIN + column * CELL_WIDTH, len(shown) * CELL_WIDTH
        column += len(shown)
        if style.background is not None:
            behind.append(_box(left, top, width, CELL_HEIGHT, style.background))
        if style.underline is not None:
            behind.append(_box(left, top + CELL_HEIGHT - 3, width, 2, style.underline))
        bold = ' font-weight="bold"' if style.bold else ""
        runs.append(
            f'<tspan x="{left}" textLength="{width}" fill="{style.foreground}"{bold}>{escape(shown, quote=False)}</tspan>'
        )
    return [*behind, f'<text y="{top + CELL_HEIGHT - 5}">{"".join(runs)}</text>']


def _box(left: int, top: int, width: int, height: int, fill: str) -> str:
    return f'<rect x="{left}" y="{top}" width="{width}" height="{height}" fill="{fill}"/>'


def _merged(row: Row) -> list[tuple[str, Style]]:
    """The cells up to the last that shows something; a space looks as the cell before it where nobody can tell."""
    found: list[tuple[str, Style]] = []
    for character, style in row:
        if character == " " and found:
            before = found[-1][1]
            if replace(style, foreground=before.foreground, bold=before.bold) == before:
                style = before
        found.append((character, style))
    while found and found[-1][0] == " " and found[-1][1].background is None and found[-1][1].underline is None:
        found.pop()
    return found
