"""`padlint rule`: the page of a rule."""

from __future__ import annotations

import json
import sys
from argparse import ArgumentParser, Namespace
from collections.abc import Iterator, Sequence

from padlint.errors import UsageError
from padlint.hints import did_you_mean
from padlint.output import emit
from padlint.pages import Page, pages
from padlint.report.terminal import printable, styled, wants_color

SUMMARY = "explain a rule"


def add_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("rule", nargs="?", metavar="CODE|NAME", help="PAD201 or shape-not-same")
    parser.add_argument("--all", action="store_true", help="every rule")
    parser.add_argument("--output-format", choices=("text", "json"), default="text", help="(default: text)")
    parser.add_argument("--color", choices=("auto", "always", "never"), default="auto", help="colours (default: auto)")


def run(arguments: Namespace) -> int:
    if bool(arguments.rule) == arguments.all:
        raise UsageError("name one rule, or say --all")
    chosen = list(pages().values()) if arguments.all else [_page(arguments.rule)]
    if arguments.output_format == "json":
        emit(json.dumps([_as_json(page) for page in chosen], indent=2) + "\n")
    else:
        emit(_text(chosen, wants_color(arguments.color, sys.stdout)))
    return 0


def _page(wanted: str) -> Page:
    for page in pages().values():
        if wanted.upper() == page.code or wanted == page.name:
            return page
    words = [word for page in pages().values() for word in (page.code, page.name)]
    raise UsageError(f"unknown rule {wanted!r}{did_you_mean(wanted, words)}")


def _as_json(page: Page) -> dict[str, str]:
    return {"code": page.code, "name": page.name, "summary": page.summary, "page": page.text, "url": page.url}


def _text(chosen: Sequence[Page], color: bool) -> str:
    return "\n\n".join("\n".join(_lines(page.text, color)) for page in chosen) + "\n"


def _lines(text: str, color: bool) -> Iterator[str]:
    """Markdown is written to be read as it is; a terminal with colours gets its headings and its code set apart."""
    code = False
    for line in text.rstrip().split("\n"):
        if line.startswith("```"):
            code = not code
            if color:
                continue
        if color and line.startswith("#"):
            line = styled(line.lstrip("# "), "bold", color)
        yield styled(f"    {printable(line)}", "cyan", color) if code and color else line
