"""Where an argument of a call is written."""

from __future__ import annotations

from padlint.finding import Place, Span
from padlint.layers.base import Layer
from padlint.syntax.source import Source


def argument_span(
    source: Source, place: Place, argument: str | int, layer: Layer | None, whole: bool = False
) -> Span | None:
    """Where an argument of a layer's call stands, given by keyword or by position; its value, or the `whole` of it."""
    find = source.argument_span if whole else source.argument_value_span
    names = [parameter.name for parameter in layer.signature] if layer is not None else []
    found = find(place, argument)
    if isinstance(argument, int):
        return found
    return find(place, names.index(argument)) if found is None and argument in names else found
