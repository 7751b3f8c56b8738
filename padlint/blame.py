"""Which layer is at fault when shapes do not fit, possibly far from where it shows: the smallest repair that mends it.

Repairs are tried in tiers, by running the root again with other arguments; the first tier with exactly one repair that
mends the problem, and brings no other, wins:

1. one hypothesis, `same`, for the windows of one Sequential (or, if that is not enough, of the whole model);
2. `same` or `valid` for one layer;
3. a stride that was meant as padding; then another value for one argument of one layer;
4. the layer where it shows.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from padlint.arithmetic.dims import equal, less
from padlint.checks.base import Change, Problem, Repair
from padlint.checks.flow import upstream
from padlint.checks.layer import Slid, describe, pad_layer, padded, slid_function, slid_within, text
from padlint.checks.mend import Sides, aligned, by_pad_layer, is_pool, to_same, to_same_string, to_valid
from padlint.checks.passed import Given, given_at, moved
from padlint.checks.spelt import full_as_spelt, same_as_spelt
from padlint.evaluate.protocols import container_kind
from padlint.evaluate.record import Op, Record
from padlint.evaluate.values import Value
from padlint.finding import Place
from padlint.layers.inputs import by
from padlint.syntax.source import Source

ATTEMPTS = 120
Mends = Callable[[Sequence[Change]], bool]
Sources = Callable[[str], Source]
Spellings = Sequence[tuple[Change, ...]]


@dataclass(frozen=True, slots=True)
class Suspect:
    """One place in the source where a layer with windows is built, with all its calls that the problem depends on; those
    alone whose padding is given by one and the same call of the program, where that is `given`."""

    place: Place
    calls: tuple[Slid, ...]
    given: Given | None = None

    @property
    def first(self) -> Slid:
        return self.calls[0]

    @property
    def key(self) -> tuple[Place, Given | None]:
        return self.place, self.given

    @property
    def places(self) -> set[Place]:
        """Where its repairs may stand."""
        return {self.place} if self.given is None else {self.place, self.given.place}


def localise(problem: Problem, record: Record, source: Sources, mends: Mends) -> Problem:
    """The problem at the layer that is at fault, with its repair; else where it shows, with all that would mend it."""
    if problem.op is None:
        return replace(problem, elsewhere=False)
    whole = find_suspects(problem.op, record)
    apart = [part for suspect in whole for part in _by_giver(suspect, record, source)]
    tried = _Trials(mends)
    listed: tuple[Repair, ...] = ()
    for suspects in [whole] if apart == whole else [apart, whole]:
        for tier in _tiers(suspects, record, source, problem.code):
            winners = [repair for each in tier if (repair := next(filter(tried.works, each), None)) is not None]
            if len(winners) == 1:
                guilty = [*suspects, *(pad for pad, _ in _pads(suspects, record))]
                return _at_fault(problem, tried.least(winners[0]), guilty)
            listed = listed or tuple(winners)
    own = [repair for repair in problem.repairs if not can_be_tried(repair) or tried.works(repair)]
    others = tuple(repair for repair in listed if repair not in own)
    return replace(problem, repairs=(*own, *others), elsewhere=len(own) != 1)


def can_be_tried(repair: Repair) -> bool:
    """Does it change layers alone? A change of another call is proved only by checking the changed text."""
    return all(isinstance(change.argument, str) for change in repair.changes)


class _Trials:
    """Every repair is tried once, and only so many."""

    def __init__(self, mends: Mends) -> None:
        self.mends = mends
        self.known: dict[tuple[Change, ...], bool] = {}

    def works(self, repair: Repair) -> bool:
        if repair.changes not in self.known:
            if len(self.known) >= ATTEMPTS:
                return False
            self.known[repair.changes] = self.mends(repair.changes)
        return self.known[repair.changes]

    def least(self, repair: Repair) -> Repair:
        """What one place of several is enough for, if only one is: the others were right as they were."""
        places = dict.fromkeys(change.place for change in repair.changes)
        if len(places) == 1:
            return repair
        parts = [Repair(tuple(each for each in repair.changes if each.place == place)) for place in places]
        enough = [part for part in parts if self.works(part)]
        return enough[0] if len(enough) == 1 else repair


# ---------------------------------------------------------------- suspects


def find_suspects(op: Op, record: Record) -> list[Suspect]:
    """The layers with windows that what a call got depends on, in the order of their calls."""
    places: dict[Place, list[Slid]] = {}
    for each in upstream(op, record):
        found = slid_within(each) or slid_function(each)
        if found is not None:
            places.setdefault(found.module.place, []).append(found)
    return [Suspect(place, tuple(calls)) for place, calls in places.items()]


def _by_giver(suspect: Suspect, record: Record, source: Sources) -> list[Suspect]:
    """The suspect once for each call that gives its padding, or that of the pad layer in front of it."""
    parts: dict[Given | None, list[Slid]] = {}
    for call in suspect.calls:
        own = pad_layer(padded(call, record)) or call
        parts.setdefault(given_at(record.making(own.module), "padding", source), []).append(call)
    return [Suspect(suspect.place, tuple(calls), given) for given, calls in parts.items()]


# ---------------------------------------------------------------- tiers


def _tiers(
    suspects: list[Suspect], record: Record, source: Sources, code: str
) -> Iterator[Iterable[tuple[Repair, ...]]]:
    """Every repair in the ways in which it can be written, the simplest first."""
    groups = _by_sequential(suspects, record)
    same = {suspect.key: _given(suspect, spellings(suspect, record, source)) for suspect in suspects}
    pads = list(_pads(suspects, record))
    yield _distinct(_whole(group, same) for group in groups.values())
    if len(groups) > 1:
        yield _distinct([_whole(suspects, same)])
    alone = [ways for suspect in suspects for ways in (same[suspect.key], _given(suspect, _valid_for(suspect)))]
    yield _distinct([*alone, *(_given(pad, _same_by_pad(pad, suspect)) for pad, suspect in pads)])
    yield _distinct(_given(suspect, _meant_as_padding(suspect)) for suspect in suspects)
    yield _distinct(_given(suspect, ways) for suspect in suspects for ways in _as_its_like(suspect, suspects, source))
    strides = code != "PAD303"  # a Linear that is one pool off is at fault itself, whatever stride would hide it
    yield _distinct(_given(suspect, ways) for suspect in suspects for ways in _other_values(suspect, strides))


def _given(suspect: Suspect, ways: Spellings) -> Spellings:
    """The same changes at the call that gives the padding."""
    given = suspect.given
    if given is None:
        return ways
    repairs = [moved(Repair(changes), suspect.place, "padding", given) for changes in ways]
    return [repair.changes for repair in repairs if repair is not None]


def _distinct(proposals: Iterable[Spellings]) -> list[tuple[Repair, ...]]:
    found = dict.fromkeys(tuple(changes for changes in ways if changes) for ways in proposals)
    return [tuple(Repair(changes) for changes in ways) for ways in found if ways]


def _by_sequential(suspects: list[Suspect], record: Record) -> Mapping[Place | None, list[Suspect]]:
    """The suspects by the innermost Sequential around them."""
    groups: dict[Place | None, list[Suspect]] = {}
    for suspect in suspects:
        within = suspect.first.op.within if suspect.first.op is not None else ()
        modules = (record.ops[number].instance for number in reversed(within))
        home = next((module.place for module in modules if module is not None and container_kind(module)), None)
        groups.setdefault(home, []).append(suspect)
    return groups


def _whole(suspects: Iterable[Suspect], same: Mapping[tuple[Place, Given | None], Spellings]) -> Spellings:
    """`same` for every window that slides: one that only partitions the map is not meant to be padded."""
    sliding = [suspect for suspect in suspects if not partitions(suspect.first)]
    ways = [same[suspect.key] for suspect in sliding]
    # One hypothesis is one mistake: layers that were padded differently are not all wrong for one reason.
    present = {(suspect.first.module.args or {}).get("padding") for suspect in sliding if any(same[suspect.key])}
    if not all(ways) or len(present) > 1 or any(suspect.given is not None for suspect in sliding):
        return ()
    return [tuple(change for each in ways for change in each[which]) for which in (0, -1)]


def partitions(found: Slid) -> bool:
    """Does the stride reach as far as the window, as in MaxPool2d(2)?"""
    return all(
        less(window.stride, window.kernel) is False for window in found.windows if not window.transposed
    ) and not any(window.transposed for window in found.windows)


def spellings(suspect: Suspect, record: Record, source: Sources) -> Spellings:
    """The changes that make every call of this place `same`: a number, `'same'`, an expression. `[()]`: they are.

    What a number mends for the calls that are seen here, it may break for others. A pad layer in front is padding.
    """
    numbers = {to_same(call) for call in suspect.calls}
    if numbers == {()} or any(padded(call, record).pad is not None for call in suspect.calls):
        return [()]
    strings = {to_same_string(call) for call in suspect.calls}
    spelt = same_as_spelt(suspect.calls, source(suspect.place.path))
    agreed = [ways.pop() for ways in (numbers, strings) if len(ways) == 1]
    return [changes for changes in (*agreed, spelt) if changes]


def _valid_for(suspect: Suspect) -> Spellings:
    proposals = {to_valid(call) for call in suspect.calls}
    return [changes for changes in proposals if changes] if len(proposals) == 1 else ()


def _pads(suspects: Iterable[Suspect], record: Record) -> Iterator[tuple[Suspect, Suspect]]:
    """The pad layers directly in front of layers with windows, and those layers."""
    for suspect in suspects:
        pads = [pad for call in suspect.calls if (pad := pad_layer(padded(call, record))) is not None]
        if len(pads) == len(suspect.calls) and len({pad.module.place for pad in pads}) == 1:
            yield Suspect(pads[0].module.place, tuple(pads), suspect.given), suspect


def _same_by_pad(pad: Suspect, behind: Suspect) -> Spellings:
    ways = {by_pad_layer(one, own, _sided(one, own)) for one, own in zip(pad.calls, behind.calls, strict=True)}
    return [changes for changes in ways if changes] if len(ways) == 1 else ()


def _sided(pad: Slid, own: Slid) -> Sides:
    """What `same` needs around the map: all of it on one side where only that side is padded, as causal layers do."""
    needed = zip(aligned(own, pad.before), pad.windows, strict=True)
    return tuple(
        (lo + hi, 0)
        if equal(at.hi, 0) and not equal(at.lo, 0)
        else (0, lo + hi)
        if equal(at.lo, 0) and not equal(at.hi, 0)
        else (lo, hi)
        for (lo, hi), at in needed
    )


def _meant_as_padding(suspect: Suspect) -> Spellings:
    """`Conv2d(64, 64, 5, 2)`: the number after the kernel size is the stride, and was meant as padding."""
    args = suspect.first.module.args or {}
    stride = args.get("stride")
    if is_pool(suspect.first) or args.get("padding") != 0 or not isinstance(stride, int) or stride == 1:
        return ()
    return [(Change(suspect.place, "stride", 1), Change(suspect.place, "padding", stride))]


def _as_its_like(suspect: Suspect, suspects: Iterable[Suspect], source: Sources) -> Iterator[Spellings]:
    """The padding that the other layers of this kind with this kernel have; all of it, as causal layers have."""
    own = suspect.first.module.args or {}
    if (full := full_as_spelt(suspect.calls, source(suspect.place.path))) is not None:
        yield [full]
    for other in suspects:
        args = other.first.module.args or {}
        alike = other.first.layer is suspect.first.layer and args.get("kernel_size") == own.get("kernel_size")
        padding = args.get("padding")
        if alike and isinstance(padding, int | tuple) and padding != own.get("padding"):
            yield [(Change(suspect.place, "padding", padding),)]


def _other_values(suspect: Suspect, strides: bool) -> Iterator[Spellings]:
    """Another value for one argument: padding, ceil_mode, output_padding, stride."""
    found = suspect.first
    args = found.module.args or {}
    reach = [window.dilation * (window.kernel - 1) for window in found.windows]
    most = min((size for size in reach if isinstance(size, int)), default=0)
    values: dict[str, Iterable[Value]] = {"padding": range(min(most // 2 if is_pool(found) else most, 8) + 1)}
    values["ceil_mode"] = (True, False)
    values["output_padding"] = range(4)
    values["stride"] = range(1, 5) if strides else ()
    for argument, candidates in values.items():
        present = args.get(argument)
        if argument in args and isinstance(present, int):
            for value in candidates:
                if value != present:
                    yield [(Change(suspect.place, argument, value),)]


# ---------------------------------------------------------------- the finding


def _at_fault(problem: Problem, repair: Repair, suspects: list[Suspect]) -> Problem:
    """The problem as seen at the first layer that the repair changes."""
    changed = {change.place for change in repair.changes}
    suspect = next(suspect for suspect in suspects if suspect.places & changed)
    # Of several calls, the one that the change is about: a helper's layer is right for some of its users.
    call = next((call for call in suspect.calls if to_same(call)), suspect.first)
    place = next(change.place for change in repair.changes if change.place in suspect.places)
    own = [change for change in repair.changes if change.place == place]
    set_arguments = {str(change.argument): change.value for change in own}
    advice = " and ".join(f"{name}={text(value)}" for name, value in set_arguments.items())
    others = len(changed) - 1
    also = f" (and {others} more layer{'s' if others > 1 else ''})" if others else ""
    gives = f" gives {by(call.after)} from {by(call.before)}" if call.after and not _same_sizes(call) else ""
    layer = describe(call.module, *set_arguments)
    message = f"{layer}{gives}, but {problem.message}; it fits with {advice}{also}"
    return replace(
        problem,
        code=_nearest_code(problem.code, call),
        message=message,
        place=place,
        op=call.op,
        argument=str(own[0].argument),
        repairs=(replace(repair, keeps_state=True),),
        elsewhere=False,
    )


def _nearest_code(code: str, call: Slid) -> str:
    """PAD205 and PAD206 say of a layer what PAD207 and PAD208 say of the tensors that do not fit."""
    if code not in ("PAD207", "PAD208") or any(w.transposed or equal(w.stride, 1) is not True for w in call.windows):
        return code
    if any(equal(w.kernel % 2, 0) is True and equal(w.lo, w.kernel // 2) is True for w in call.windows):
        return "PAD205"
    forgot = [equal(w.dilation, 1) is False and equal(2 * w.lo, w.kernel - 1) is True for w in call.windows]
    return "PAD206" if any(forgot) and any(equal(w.lo, 0) is False for w in call.windows) else code


def _same_sizes(call: Slid) -> bool:
    return all(equal(a, b) is True for a, b in zip(call.before, call.after, strict=True))
