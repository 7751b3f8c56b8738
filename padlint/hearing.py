"""What became of what is declared: whether a run came to it, and what kept it from being judged."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from padlint.arithmetic.dims import Unknown
from padlint.checks.layer import shape_text
from padlint.evaluate.follow import is_callable
from padlint.evaluate.record import Op, Record
from padlint.evaluate.roots import Run
from padlint.evaluate.tensors import settled
from padlint.evaluate.values import Function, Instance, Tensor, Value, in_mro, linearised
from padlint.evaluate.world import World
from padlint.finding import Place
from padlint.intent import Declarations, Said, key, unlike
from padlint.layers.base import Shape
from padlint.syntax.comments import InputShape, OutputShape, word
from padlint.units import JUDGED, MADE, NOTHING, SETTINGS, UNSURE, Heard

_Input = tuple[Place | None, Said, str | int, Shape]


def hear(run: Run, declarations: Declarations) -> None:
    """Note which of the inputs that are declared were given to the modules of a run."""
    calls: dict[int, list[Op]] = {}
    for op in run.record.ops:
        if op.instance is not None:
            calls.setdefault(id(op.instance), []).append(op)
    for built in run.record.built:
        module, speaking = built.instance, list(_speaking(built.instance, declarations))
        became: dict[tuple[str | int, Shape], tuple[int, str]] = {}
        for place, said, parameter, shape in speaking:
            if place == speaking[0][0]:
                rank, reason = _given(module, parameter, shape, calls.get(id(module), []))
                known = run.world.unfit.get(place) if place is not None and rank < JUDGED else None
                became[parameter, shape] = (rank, reason) if known is None else (NOTHING, known)
            overruled = UNSURE, "another input is declared for each module of it"
            declarations.note(said, *became.get((parameter, shape), overruled))
        if not is_callable(module):
            for place, _, _ in declarations.speaking(module, OutputShape):
                declarations.note(Said(place, "out"), NOTHING, f"a {module.cls.name} is not called")
    _of_the_command_line(run.record, declarations)


def _speaking(module: Instance, declarations: Declarations) -> Iterator[_Input]:
    """The inputs declared for a module, with the places that say them; the first that speaks counts."""
    for place, _, item in declarations.speaking(module, InputShape):
        yield place, Said(place, word(item)), item.parameter or 0, item.shape
    for model in declarations.settings.models:
        if model.inputs and declarations.fits(model.pattern, module):
            for index, shape in enumerate(model.inputs):
                yield None, Said(None, key(model, "input")), index, shape


def _given(module: Instance, parameter: str | int, shape: Shape, calls: Iterable[Op]) -> tuple[int, str]:
    """Was a module called with this shape for this parameter, and if not, why?"""
    if not is_callable(module):
        return NOTHING, f"a {module.cls.name} is not called"
    forward = in_mro(linearised(module.cls), "forward")
    names = [each.name for each in forward.node.parameters[1:]] if isinstance(forward, Function) else ["input"]
    index = names.index(parameter) if parameter in names else parameter if isinstance(parameter, int) else None
    if index is None:
        return NOTHING, f"the forward of {module.cls.name} has no parameter {parameter!r}: it has {', '.join(names)}"
    if index >= len(names):
        return NOTHING, f"the forward of {module.cls.name} takes {len(names)} inputs"
    others: list[Tensor] = []
    for op in calls:
        value: Value = settled(op.call.get(index, names[index]))
        if index == 0 and not isinstance(value, Tensor) and op.inputs:
            value = op.inputs[0]
        if isinstance(value, Tensor):
            if not unlike(value.shape, shape):
                return JUDGED, ""
            others.append(value)
    if others:
        return NOTHING, f"{module.cls.name} is called with {shape_text(others[0])}"
    return UNSURE, f"{module.cls.name} is not called"


def _of_the_command_line(record: Record, declarations: Declarations) -> None:
    shapes = declarations.settings.inputs
    for op in record.ops if shapes else ():
        if op.inputs and isinstance(op.inputs[0], Tensor) and op.inputs[0].shape == shapes[0]:
            declarations.note(Said(None, "--input"), JUDGED)


def heard(world: World, declarations: Declarations, ended: str | None = None) -> Iterator[Heard]:
    """What became, in all that a world ran, of each thing that is declared in the files that it read. `ended`: why something
    was not run to its end, and may have come to more."""
    for module in world.modules.values():
        for place, items in module.source.declared.items():
            for item in items:
                said = Said(place, word(item))
                rank, reason = declarations.heard.get(said, (0, ""))
                if not rank and place in world.gave:
                    rank, reason = _of_value(world.gave[place])
                if rank < UNSURE and ended is not None:
                    rank, reason = UNSURE, ended
                if rank:
                    yield Heard(place, said.word, rank, reason)
    for said, (rank, reason) in declarations.heard.items():
        if said.place is None:
            yield Heard(SETTINGS, said.word, rank, reason)


def _of_value(gave: str | Unknown | None) -> tuple[int, str]:
    """What is said of a construct of which no rule asked."""
    if isinstance(gave, str):
        return NOTHING, gave
    return (MADE, "what it does was not understood") if gave is None else (UNSURE, gave.reason)
