"""A port laid beside the Keras model that it is a port of: what differs, step by step."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass

from padlint.arithmetic.dims import Unknown, equal
from padlint.checks.base import Change, Insertion, Problem, Repair, Trace
from padlint.checks.layer import text
from padlint.checks.mend import compact
from padlint.errors import UsageError
from padlint.evaluate.follow import is_callable
from padlint.evaluate.values import Instance, KerasObject, Value
from padlint.finding import Reason
from padlint.intent import Declarations, Said, key
from padlint.keras.alignment import UNCOMPARED, Pair, aligned, unsure
from padlint.keras.named import file_of_comment, of_comment, of_settings
from padlint.keras.steps import Step
from padlint.keras.steps import steps as keras_steps
from padlint.keras.torch_steps import is_whole
from padlint.keras.torch_steps import steps as torch_steps
from padlint.layers.base import Window
from padlint.layers.inputs import by
from padlint.layers.keras.base import channels_first
from padlint.layers.sliding import slide
from padlint.syntax.comments import KerasReference
from padlint.units import JUDGED, NOTHING, UNSURE

_CODES = {
    "kernel_size": "PAD402", "stride": "PAD402", "dilation": "PAD402", "groups": "PAD402",
    "out_channels": "PAD403", "out_features": "PAD403", "bias": "PAD403",
    "eps": "PAD404", "momentum": "PAD404", "affine": "PAD404",
    "activation": "PAD405", "negative_slope": "PAD405", "alpha": "PAD405",
}  # fmt: skip
_NOT_MENDED = frozenset({"out_channels", "out_features", "groups", "activation"})
_KEEPS_STATE = frozenset({"stride", "dilation", "eps", "momentum", "negative_slope", "alpha"})
_POINTWISE = frozenset({"activation", "batch_norm", "LayerNormalization", "GroupNormalization", "own"})
_LAST = frozenset({"softmax", "sigmoid", "log_softmax"})


@dataclass(frozen=True, slots=True)
class Difference:
    """One way in which a layer of a port differs. Equal ones at several layers are one finding."""

    code: str
    message: str
    place_of: Step
    changes: tuple[tuple[str, Value], ...] = ()
    keeps_state: bool = True
    insertion: tuple[str, str] | None = None
    argument: str | None = None


@dataclass(frozen=True, slots=True)
class _Port:
    """A module with the reference that is named for it, and who named it."""

    module: Instance
    model: KerasObject
    named: str
    said: Said


def differences(trace: Trace, code: str) -> Iterator[Problem]:
    """What one rule reports of the ports of a run."""
    for port in _ports(trace):
        own = torch_steps(port.module, trace.run.record)
        if isinstance(own, Unknown):
            trace.declarations.note(port.said, UNSURE, own.reason)
            continue
        keras = keras_steps(port.model)
        pairs = aligned(keras, own)
        known = [step for step in own if step.kind != "own"]
        both = sum(a is not None and b is not None for a, b in pairs)
        if both * 2 < len(known) or not both:  # another model: nothing could be said of single layers
            less = f"{both} of {len(known)} layers of {port.module.cls.name} stand for one of {port.named}"
            trace.declarations.note(port.said, UNSURE if len(known) < len(own) else NOTHING, f"only {less}")
            continue
        trace.declarations.note(port.said, JUDGED)
        found = [each for each in _found(pairs, port.model, is_whole(port.module)) if each.code == code]
        yield from _problems(found, trace, port.named)


def _ports(trace: Trace) -> Iterator[_Port]:
    """The models for which a reference is named: at themselves, by the configuration, or for all."""
    record, project, declarations = trace.run.record, trace.run.world.project, trace.declarations
    settings = declarations.settings
    configured = settings.keras is not None or any(model.keras is not None for model in settings.models)
    children = {id(child) for built in record.built for child in built.instance.children.values()} if configured else ()
    for module in [built.instance for built in record.built]:
        said = next(declarations.speaking(module, KerasReference), None)
        if said is not None:
            place, _, item = said
            with suppress(UsageError):  # which is a PAD002 of its own
                model = of_comment(item, declarations.source(place.path), declarations, project)
                yield _Port(module, model, f"{file_of_comment(item, place.path)}:{item.name}", Said(place, "keras"))
        elif configured and (named := _configured(module, declarations, id(module) in children)) is not None:
            yield _Port(module, of_settings(named[0], declarations, project), *named)


def _configured(module: Instance, declarations: Declarations, inside: bool) -> tuple[str, Said] | None:
    for model in declarations.settings.models:
        if model.keras is not None and declarations.fits(model.pattern, module):
            return model.keras, Said(None, key(model, "keras"))
    whole = bool(module.children) and module.args is None and not inside and is_callable(module)
    named = declarations.settings.keras
    return (named, Said(None, "keras")) if whole and named is not None else None


def _problems(found: Sequence[Difference], trace: Trace, said: str) -> Iterator[Problem]:
    groups: dict[object, list[Difference]] = {}
    for each in found:
        groups.setdefault((each.message, each.changes, each.insertion), []).append(each)
    for group in groups.values():
        first, *others = [each.place_of.place for each in group]
        repairs = (_repair(group),) if group[0].changes else ()
        op = next((op for op in trace.run.record.ops if op.instance is not None and op.instance.place == first), None)
        yield Problem(
            group[0].code, group[0].message, first, op, group[0].argument, evidence=(Reason(f"the reference is {said}"),),
            repairs=repairs, declared=True, too=tuple(others),
        )  # fmt: skip


def _repair(group: Sequence[Difference]) -> Repair:
    places = [each.place_of.place for each in group]
    changes = tuple(Change(place, name, value) for place in places for name, value in group[0].changes)
    insertion = group[0].insertion
    insertions = tuple(Insertion(place, *insertion) for place in places) if insertion is not None else ()
    return Repair(changes, group[0].keeps_state and insertion is None, insertions)


# ---------------------------------------------------------------- one pair after the other


def _found(pairs: Sequence[Pair], model: KerasObject, whole: bool) -> Iterator[Difference]:
    first = any(isinstance(each, KerasObject) and channels_first(each.args) for each in model.layers)
    before: Step | None = None
    moved = False  # a module of the port's own, or Keras, may have moved the axes
    for index, ((keras, torch), open_) in enumerate(zip(pairs, unsure(pairs), strict=True)):
        if keras is None and torch is not None:
            if torch.kind not in UNCOMPARED and whole and not open_:
                yield Difference("PAD405", f"{torch.label} has no counterpart in the Keras model", torch)
        elif torch is None and keras is not None and not open_:
            yield from _lacking(keras, pairs, index, before, whole)
        elif keras is not None and torch is not None and "own" not in (keras.kind, torch.kind):
            yield from _pair(keras, torch, None if moved else first)
            if keras.kind == torch.kind and not _parted(pairs, index) and not _corrected(pairs, index):
                yield from _padding(keras, torch)
            if keras.facts.get("order") and whole and not first and not moved and _next_kind(pairs, index) == "linear":
                message = "Flatten puts channels first, Keras's puts them last: the Linear behind it sees other columns"
                yield Difference("PAD405", message, torch)
        moved = moved or any(step is not None and step.kind in ("own", "permutation") for step in (keras, torch))
        before = torch or before


def _parted(pairs: Sequence[Pair], index: int) -> bool:
    """Does a pad layer stand somewhere in front, with something between that keeps it from being part of the windows?"""
    for pair in reversed(pairs[:index]):
        if None not in pair and all(step is not None and step.kind not in UNCOMPARED for step in pair):
            return False
        if any(step is not None and step.kind == "pad" for step in pair):
            return True
    return False


def _corrected(pairs: Sequence[Pair], index: int) -> bool:
    """May something beside a layer make up for its borders? Nothing between keeps it from that but windows that see them."""
    counted = any(step is not None and step.kind == "avg_pool" for step in pairs[index])
    for side in (pairs[index + 1 :], pairs[:index][::-1]):
        for pair in side:
            steps = [step for step in pair if step is not None]
            if any(step.kind == "own" and (counted or "keeps" not in step.facts) for step in steps):
                return True
            if any(step.kind in ("pad", "permutation") for step in steps) and len(steps) == 1:
                return True
            if not all(step.kind in _POINTWISE or _sees_points(step) for step in steps):
                break
    return False


def _sees_points(step: Step) -> bool:
    """Does each window see one place?"""
    return bool(step.windows) and all(window.kernel == 1 and window.stride == 1 for window in step.windows)


def _next_kind(pairs: Sequence[Pair], index: int) -> str:
    following = (keras.kind for keras, _ in pairs[index + 1 :] if keras is not None and keras.kind != "activation")
    return next(following, "")


def _lacking(keras: Step, pairs: Sequence[Pair], index: int, before: Step | None, whole: bool) -> Iterator[Difference]:
    if keras.kind in UNCOMPARED or (keras.kind == "activation" and not whole):
        return
    rest = [torch for _, torch in pairs[index:] if torch is not None]
    if keras.kind == "activation" and keras.facts["activation"] in _LAST and not rest:
        return  # a loss of torch may hold it
    at = before or (rest[0] if rest else None)
    if at is not None:
        what = keras.facts.get("activation", keras.kind)
        yield Difference("PAD405", f"behind {at.label} the port lacks {keras.label} ({what})", at)


def _pair(keras: Step, torch: Step, first: bool | None) -> Iterator[Difference]:
    if keras.kind != torch.kind:
        yield Difference("PAD405", f"{torch.label} stands where Keras has {_class(keras)}", torch)
        return
    unlike = {name: value for name, value in keras.facts.items() if _differs(torch.facts.get(name), value)}
    if keras.kind == "batch_norm" and (message := _axis(keras, torch, first)):
        yield Difference("PAD404", message, torch)
        unlike = {}
    for code in ("PAD402", "PAD403", "PAD404", "PAD405"):
        own = {name: value for name, value in unlike.items() if _CODES.get(name) == code}
        if own:
            yield _of_facts(code, own, keras, torch)


def _class(step: Step) -> str:
    return step.label.partition(" '")[0]


def _differs(found: Value, wanted: Value) -> bool:
    """Proved to be different; what is not known on one side is not."""
    if found is None or wanted is None:
        return False
    if isinstance(found, tuple) and isinstance(wanted, tuple):
        return len(found) != len(wanted) or any(_differs(a, b) for a, b in zip(found, wanted, strict=True))
    if isinstance(found, bool | str) or isinstance(wanted, bool | str):
        return type(found) is type(wanted) and found != wanted
    if isinstance(found, float) or isinstance(wanted, float):
        return isinstance(found, int | float) and isinstance(wanted, int | float) and abs(found - wanted) > 1e-12
    return isinstance(found, int) and isinstance(wanted, int) and found != wanted


def _of_facts(code: str, own: Mapping[str, Value], keras: Step, torch: Step) -> Difference:
    is_ = " and ".join(f"{name}={text(_short(torch.facts[name]))}" for name in own)
    wanted = " and ".join(f"{name}={text(_short(value))}" for name, value in own.items())
    message = f"{torch.label} has {is_}; {_class(keras)} there has {wanted}"
    changes = tuple((name, _short(value)) for name, value in own.items() if name not in _NOT_MENDED)
    if len(changes) < len(own):
        changes = ()
    argument = next((name for name in own if name != "activation"), None)
    return Difference(code, message, torch, changes, set(own) <= _KEEPS_STATE, argument=argument)


def _short(value: Value) -> Value:
    """One number where all axes agree."""
    return value[0] if isinstance(value, tuple) and value and all(each == value[0] for each in value) else value


def _axis(keras: Step, torch: Step, first: bool | None) -> str | None:
    axis, rank = keras.facts["axis"], len(keras.before)
    channels = 1 if first or rank == 2 else rank - 1
    if first is None or not isinstance(axis, tuple) or axis == (channels,):
        return None
    given = ", ".join(map(str, axis))
    return f"{torch.label} normalises channels; {_class(keras)} with axis={given} normalises another axis of channels-last data"


# ---------------------------------------------------------------- padding


def _padding(keras: Step, torch: Step) -> Iterator[Difference]:
    if not keras.windows or len(keras.windows) != len(torch.windows):
        return
    if any(_CODES.get(name) == "PAD402" and _differs(torch.facts.get(name), keras.facts[name]) for name in keras.facts):
        return
    if torch.facts.get("padding_mode", "zeros") != "zeros":
        return
    wanted = [(each.lo, each.hi) for each in keras.windows]
    pads = [(each.lo, each.hi - each.output_padding) for each in torch.windows]
    if said := _unlike_sizes(keras, torch):
        yield _padded("PAD401", said, keras, torch)
    elif any(equal(lo, own) is False for (lo, _), (own, _) in zip(wanted, pads, strict=True)):
        yield _padded("PAD204", "the shape is the same, its windows lie elsewhere", keras, torch)
    elif _differs(torch.facts.get("counted"), keras.facts.get("counted")) and any(
        equal(lo, 0) is False for lo, _ in pads
    ):
        counts = keras.facts["counted"] is True
        there = "counts" if counts else "leaves"
        here = "leaves its padding out of" if counts else "counts its padding in"
        message = f"{torch.label} {here} the mean; {_class(keras)} there {there} it{' in' if counts else ' out'}"
        yield Difference("PAD401", message, torch, (("count_include_pad", counts),), argument="padding")


def _unlike_sizes(keras: Step, torch: Step) -> str | None:
    """The sizes that both give from what comes in in Keras, where they are proved to differ."""
    if keras.kind == "transposed":
        totals = [
            (wanted.lo + wanted.hi, own.lo + own.hi - own.output_padding)
            for wanted, own in zip(keras.windows, torch.windows, strict=True)
        ]
        return "another size" if any(equal(a, b) is False for a, b in totals) else None
    rows = list(zip(keras.before, keras.windows, torch.windows, strict=True))
    wanted_sizes = [slide(n, wanted) for n, wanted, _ in rows]
    sizes = [slide(n, own) for n, _, own in rows]
    if any(equal(a, b) is False for a, b in zip(sizes, wanted_sizes, strict=True)):
        return f"{by(sizes)} from {by(keras.before)} instead of {by(wanted_sizes)}"
    at_one = all(equal(wanted.stride, 1) is True for wanted in keras.windows)
    sums = [(wanted.lo + wanted.hi, own.lo + own.hi) for _, wanted, own in rows]
    return "another size" if at_one and any(equal(a, b) is False for a, b in sums) else None


def _padded(code: str, said: str, keras: Step, torch: Step) -> Difference:
    sides = [(each.lo, each.hi) for each in keras.windows]
    before, after = by([lo for lo, _ in sides]), by([hi for _, hi in sides])
    own = by([each.lo for each in torch.windows])
    if keras.kind == "transposed":
        message = f"{torch.label} crops {own} before and {by([w.hi - w.output_padding for w in torch.windows])} after"
        return Difference(
            code, f"{message}, {_class(keras)} {before} and {after}: {said}", torch,
            _crops(keras.windows), argument="padding",
        )  # fmt: skip
    message = f"{torch.label} pads {own}, {_class(keras)} {before} before and {after} after: {said}"
    changes, insertion = _pads(keras, sides)
    return Difference(code, message, torch, changes, True, insertion, "padding")


def _crops(windows: Sequence[Window]) -> tuple[tuple[str, Value], ...]:
    los = [window.lo for window in windows if isinstance(window.lo, int)]
    extras = [window.lo - window.hi for window in windows]
    known = [extra for extra in extras if isinstance(extra, int)]
    if len(los) < len(windows) or len(known) < len(windows) or min(known, default=0) < 0:
        return ()  # torch can only add at the end
    return (("padding", compact(los, None)), ("output_padding", compact(known, None)))


def _pads(
    keras: Step, sides: Sequence[tuple[object, object]]
) -> tuple[tuple[tuple[str, Value], ...], tuple[str, str] | None]:
    """Numbers where both sides are alike, `'same'` where torch takes it, else a pad layer in front."""
    known = [(lo, hi) for lo, hi in sides if isinstance(lo, int) and isinstance(hi, int)]
    if len(known) < len(sides):
        return (), None
    if all(lo == hi for lo, hi in known):
        return (("padding", compact([lo for lo, _ in known], None)),), None
    whole = [(window.kernel - 1) * window.dilation for window in keras.windows]
    same = all(lo == total // 2 and lo + hi == total for (lo, hi), total in zip(known, whole, strict=True))
    if keras.kind == "convolution" and same and all(window.stride == 1 for window in keras.windows):
        return (("padding", "same"),), None
    if keras.kind == "avg_pool":
        return (), None
    amounts, axes = ", ".join(f"{lo}, {hi}" for lo, hi in reversed(known)), len(known)
    if keras.kind == "max_pool":
        return (("padding", 0),), (f"ConstantPad{axes}d", f"({amounts}), float('-inf')")
    name, extra = ("ZeroPad2d", "") if axes == 2 else (f"ConstantPad{axes}d", ", 0.0")
    return (("padding", 0),), (name, f"({amounts}){extra}")
