"""PAD204 misaligned-same-padding: the shape of `same`, but other borders than Keras and ONNX give it."""

from __future__ import annotations

from collections.abc import Iterator

from padlint.arithmetic.dims import equal
from padlint.arithmetic.picture import Sliding, draw_above
from padlint.checks.base import Change, Insertion, Problem, Repair, Rule, Trace
from padlint.checks.intended import intended
from padlint.checks.keras import differences
from padlint.checks.layer import Slid, describe, differs, pad_layer, slid
from padlint.checks.mend import Sides, aligned, by_pad_layer, is_pool
from padlint.evaluate.record import Record
from padlint.intent import Intent
from padlint.layers.inputs import by


def find(trace: Trace) -> Iterator[Problem]:
    """Ported weights would see windows that are shifted by the difference of the paddings before the map."""
    for found, intent, sizes in intended(trace, "same-upper", "same-lower"):
        if any(window.transposed for window in found.windows):
            continue
        if differs(found.after, sizes):
            continue  # PAD201
        wanted = aligned(found)
        if intent.kind == "same-lower":
            wanted = tuple((hi, lo) for lo, hi in wanted)
        starts = [(window.lo, lo) for window, (lo, _) in zip(found.windows, wanted, strict=True)]
        if differs([lo for lo, _ in starts], [lo for _, lo in starts]):
            yield _problem(found, wanted, intent, trace.run.record)
    yield from differences(trace, "PAD204")


def _problem(found: Slid, wanted: Sides, intent: Intent, record: Record) -> Problem:
    before = by([window.lo for window in found.windows])
    meant = by([lo for lo, _ in wanted])
    message = (
        f"{describe(found.module)} pads {before} before the map; {intent.kind} pads {meant} before and "
        f"{by([hi for _, hi in wanted])} after, so its windows lie elsewhere"
    )
    return Problem(
        "PAD204", message, found.module.place, found.op, "padding", evidence=(intent.evidence,),
        repairs=_repairs(found, wanted, record), declared=True, picture=_picture(found, wanted),
    )  # fmt: skip


def _repairs(found: Slid, wanted: Sides, record: Record) -> tuple[Repair, ...]:
    """The same padding before and after needs no layer of its own; any other is put in front as one, or said to the one
    that is there."""
    pad, own = pad_layer(found), slid(found.op) if found.op is not None else None
    if pad is not None and own is not None:
        changes = by_pad_layer(pad, own, wanted)
        return (Repair(changes),) if changes else ()
    if found.pad is not None or not all(isinstance(side, int) for pair in wanted for side in pair):
        return ()
    args = found.module.args or {}
    if args.get("padding_mode", "zeros") != "zeros" or (is_pool(found) and not found.layer.name.startswith("MaxPool")):
        return ()
    sides = ", ".join(f"{lo}, {hi}" for lo, hi in reversed(wanted))
    axes = len(wanted)
    value = "float('-inf')" if is_pool(found) else "0.0"
    name, extra = ("ConstantPad", f", {value}") if is_pool(found) or axes != 2 else ("ZeroPad", "")
    insertion = Insertion(found.module.place, f"{name}{axes}d", f"({sides}){extra}")
    return (Repair((Change(found.module.place, "padding", 0),), keeps_state=False, insertions=(insertion,)),)


def _picture(found: Slid, wanted: Sides) -> str | None:
    """The first axis on which the windows are shifted, as intended above as it is."""
    for n, window, (lo, hi) in zip(found.before, found.windows, wanted, strict=True):
        if equal(window.lo, lo) is False:
            sizes = (n, lo, hi, window.lo, window.hi, window.kernel, window.stride, window.dilation)
            known = [size for size in sizes if isinstance(size, int)]
            if len(known) == len(sizes):
                size, *sides, kernel, stride, dilation = known
                upper = Sliding(size, sides[0], sides[1], kernel, stride, dilation)
                return draw_above(
                    "intended", upper, "as it is", Sliding(size, sides[2], sides[3], kernel, stride, dilation)
                )
    return None


RULE = Rule("PAD204", "misaligned-same-padding", "warning", "the shape of same, but other borders than Keras's", find)
