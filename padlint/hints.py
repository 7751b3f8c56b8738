"""The nearest valid word, for messages about unknown ones."""

from __future__ import annotations

from collections.abc import Iterable


def nearest(word: str, valid: Iterable[str]) -> str | None:
    """The valid word that was probably meant, if any is near. Case does not count."""
    from difflib import get_close_matches  # slow to import, needed for mistakes only

    by_folded = {each.casefold(): each for each in valid}
    near = get_close_matches(word.casefold(), by_folded, n=1, cutoff=0.5)
    return by_folded[near[0]] if near else None


def did_you_mean(word: str, valid: Iterable[str]) -> str:
    """`; did you mean 'select'?`, or nothing where no valid word is near."""
    near = nearest(word, valid)
    return f"; did you mean {near!r}?" if near else ""
