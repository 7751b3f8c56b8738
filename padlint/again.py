"""A command that found nothing, given again: the same words in the same folder, and nothing has changed that it rests on.

To import the rest of padlint takes longer than to answer, so this imports next to nothing.
"""

from __future__ import annotations

import json
import os
from collections.abc import Sequence

from padlint.cache import VARIABLE, Cache, program
from padlint.disk import NAME, Disk, Facts


def answer(words: Sequence[str]) -> tuple[str, str] | None:
    """What this command line wrote to standard output, and the summary, if it found nothing and would find nothing now."""
    try:
        match Cache(_folder()).load(_key(words), Disk()):
            case [str(output), str(summary)]:
                return output, summary
    except (OSError, ValueError):  # there is no current folder, a null character in a path
        pass
    return None


def remember(words: Sequence[str], folder: str, facts: Facts, output: str, summary: str) -> None:
    """Let the same command line be answered at once. `folder`: where its cache lies; one that only the configuration
    names would not be found."""
    if folder == _folder():
        Cache(folder).save(_key(words), facts, [output, summary])


def _folder() -> str:
    """Where the cache of the current folder lies, as far as one can tell without reading any configuration."""
    home = os.getcwd()
    chosen = os.environ.get(VARIABLE)
    if chosen:
        return os.path.join(home, os.path.expanduser(chosen))
    above = home
    while not os.path.isdir(os.path.join(above, NAME)):
        above, below = os.path.dirname(above), above
        if above == below:
            return os.path.join(home, NAME)
    return os.path.join(above, NAME)


def _key(words: Sequence[str]) -> str:
    return json.dumps(["again", program(), os.getcwd(), list(words)])
