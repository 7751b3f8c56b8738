"""PAD102 unsupported-string-padding: a string on a layer that takes numbers only, or a string torch does not know."""

from __future__ import annotations

from collections.abc import Iterator

from padlint.checks.base import Change, Problem, Repair, Rule, Trace
from padlint.checks.legal import with_padding
from padlint.checks.refusals import built_refusals, call_refusals
from padlint.evaluate.record import Op
from padlint.evaluate.values import Instance
from padlint.layers.base import Refusal


def find(trace: Trace) -> Iterator[Problem]:
    """`'SAME'` is `'same'` misspelt; on a layer without strings, the number that does what the word means."""
    yield from built_refusals(trace, "PAD102", _mend)
    yield from call_refusals(trace, "PAD102", _mend)


def _mend(module: Instance, refusal: Refusal, op: Op | None) -> tuple[Repair, ...]:
    written = (module.args or {}).get("padding")
    word = written.lower() if isinstance(written, str) else ""
    if word == "valid":
        return (Repair((Change(module.place, "padding", 0),)),)
    if word != "same":
        return ()
    spelt = (Repair((Change(module.place, "padding", "same"),)),) if word != written else ()
    return (*spelt, *with_padding(module, op))


RULE = Rule(
    "PAD102",
    "unsupported-string-padding",
    "error",
    "a string where numbers belong, or an unknown string",
    find,
)
