"""The rules' pages: `rules/PAD101.md` is documentation, test, `padlint rule PAD101`, and the help of every report.

A page begins with `# PAD101: strided-same-padding`; its first paragraph says what the rule finds.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from padlint.errors import UnreadableError
from padlint.paths import uri_of

_TITLE = re.compile(r"# (PAD\d{3}): ([a-z0-9-]+)")


@dataclass(frozen=True, slots=True)
class Page:
    """One page. `summary` is its first paragraph on one line, `text` all of it in Markdown, `url` where it lies."""

    code: str
    name: str
    summary: str
    text: str
    url: str


def folder() -> Path:
    """Where the pages lie: within the package in a wheel, beside it in a checkout and an editable install."""
    package = Path(__file__).resolve().parent
    packaged = package / "rules"
    return packaged if packaged.is_dir() else package.parent / "rules"


@functools.cache
def pages() -> Mapping[str, Page]:
    """All pages by code, in the order of the codes."""
    found = {page.code: page for page in map(_parse, sorted(folder().glob("PAD*.md")))}
    if not found:
        raise UnreadableError(f"{folder()}: the rules' pages are missing from this installation")
    return found


def _parse(path: Path) -> Page:
    text = path.read_text(encoding="utf-8")
    title, _, body = text.partition("\n")
    found = _TITLE.fullmatch(title.rstrip())
    if not found or found.group(1) != path.stem:
        raise UnreadableError(f"{path}: does not begin with '# {path.stem}: name'")
    summary = " ".join(body.strip().partition("\n\n")[0].split())
    return Page(found.group(1), found.group(2), summary, text, uri_of(str(path)))


def sections(page: Page) -> Iterator[tuple[str, str]]:
    """The parts of a page: title of each `##` heading and the Markdown below it."""
    for part in re.split(r"^## ", page.text, flags=re.MULTILINE)[1:]:
        title, _, body = part.partition("\n")
        yield title.strip(), body.strip()


def url(code: str) -> str | None:
    """Where a rule's page lies on this machine, in the very version that is installed; None for a rule without one."""
    path = folder() / f"{code}.md"
    return uri_of(str(path)) if path.is_file() else None
