"""From repairs to edits: which bytes of the source say the arguments that a repair changes."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence

from padlint.checks.base import Change, Insertion, Repair
from padlint.checks.layer import text
from padlint.finding import Applicability, Edit, Fix, Place, Span
from padlint.syntax.source import Source
from padlint.written import argument_span

Signatures = Mapping[Place, Sequence[str]]
_NUMBER = re.compile(r"\d+")


def as_fix(repair: Repair, source: Callable[[str], Source], signatures: Signatures, safe: bool) -> Fix | None:
    """The edits of a repair; None where one of its arguments stands nowhere that could be edited. `signatures`: what
    the arguments of the calls are called, by position."""
    edits: list[Edit] = []
    for place in dict.fromkeys(change.place for change in repair.changes):
        own = [change for change in repair.changes if change.place == place]
        insertion = next((each for each in repair.insertions if each.place == place), None)
        made = _edits(own, insertion, source(place.path), signatures.get(place, ()))
        if made is None:
            return None
        edits.extend(made)
    parts = [assignment(change) for change in repair.changes]
    said = [f"put {each.layer}({each.arguments}) in front" for each in repair.insertions]
    message = ", ".join(dict.fromkeys([*said, *([f"set {' and '.join(dict.fromkeys(parts))}"] if parts else [])]))
    applicability: Applicability = "safe" if safe and repair.keeps_state and not repair.insertions else "unsafe"
    return Fix(message, tuple(edits), applicability)


def _edits(
    changes: Sequence[Change], insertion: Insertion | None, source: Source, names: Sequence[str]
) -> list[Edit] | None:
    edits: list[Edit] = []
    added: list[str] = []
    for change in changes:
        span = argument_span(source, change.place, change.argument, names)
        if span is not None:
            edits.append(Edit(span, _written(change, source.text_of(span))))
        else:
            added.append(assignment(change))
    if added:
        edit = source.insertion(changes[0].place, ", ".join(added))
        if edit is None:
            return None
        edits.append(edit)
    if insertion is not None:
        edit = _in_front(insertion, source)
        if edit is None:
            return None
        edits.append(edit)
    return edits


def assignment(change: Change) -> str:
    """`padding=1`; the value alone for an argument without a name."""
    return f"{change.argument}={text(change.value)}" if isinstance(change.argument, str) else text(change.value)


def _written(change: Change, present: str) -> str:
    """The new value in the manner of the old text: its quotes, its product of factors."""
    value = change.value
    if isinstance(value, str):
        quote = '"' if '"' in present else "'"
        return f"{quote}{value}{quote}"
    if isinstance(value, int) and not isinstance(value, bool) and "*" in present:
        return product(value, present) or str(value)
    return text(value)


def product(value: int, present: str) -> str | None:
    """`64 * 14 * 14` for 3136 becomes `64 * 7 * 7`: the first factor stays, the others stay equal."""
    if not re.fullmatch(r"[\d\s*()]+", present) or "**" in present:
        return None
    numbers = [int(number) for number in _NUMBER.findall(present)]
    first, others = numbers[0], len(numbers) - 1
    if first == 0 or value % first:
        return None
    rest = value // first
    root = round(rest ** (1 / others)) if others else 0
    factors = [root] * others if root**others == rest and len(set(numbers[1:])) == 1 else [rest, *[1] * (others - 1)]
    if others > 1 and factors[1:] == [1] * (others - 1):
        return None
    filled = iter([first, *factors])
    return _NUMBER.sub(lambda match: str(next(filled)), present)


def _in_front(insertion: Insertion, source: Source) -> Edit | None:
    """Put a layer before another one in the argument list that it stands in, written with the same prefix."""
    span = source.span(insertion.place)
    call = source.text_of(span)
    prefix, _, name = call.partition("(")[0].rpartition(".")
    if not prefix or not name:
        return None
    start = source.offset(span.start, span.cell)
    before = source.text[:start].rstrip()
    if not before.endswith(("(", ",", "[")):
        return None
    return Edit(
        Span(span.path, span.start, span.start, span.cell), f"{prefix}.{insertion.layer}({insertion.arguments}), "
    )
