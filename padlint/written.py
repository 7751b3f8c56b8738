"""Where an argument of a call is written."""

from __future__ import annotations

from collections.abc import Sequence

from padlint.finding import Place, Span
from padlint.syntax.source import Source


def argument_span(
    source: Source, place: Place, argument: str | int, names: Sequence[str], whole: bool = False
) -> Span | None:
    """Where an argument of a call stands, given by keyword or by its position among the names; its value, or the `whole`
    of it."""
    find = source.argument_span if whole else source.argument_value_span
    found = find(place, argument)
    if isinstance(argument, int):
        return found
    return find(place, names.index(argument)) if found is None and argument in names else found
