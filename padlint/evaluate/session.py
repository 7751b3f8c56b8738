"""All roots of a set of files, run in order: what nothing calls first, then what remained unreached."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from padlint.evaluate.havoc import walk
from padlint.evaluate.roots import (
    Declared,
    Inputs,
    Run,
    all_optional,
    definition_place,
    run_alone,
    run_definition,
    run_module,
)
from padlint.evaluate.survey import Survey
from padlint.evaluate.values import PythonModule
from padlint.evaluate.world import World
from padlint.finding import Place
from padlint.syntax import ir


def run_files(world: World, paths: Iterable[Path], declared: Declared, fallback: Inputs | None = None) -> Iterator[Run]:
    """Every run of every root of these files. `fallback`: the inputs of roots for which none are declared."""
    survey = Survey(world)
    modules = [module for path in paths if (module := world.module_at(path)) is not None]
    entries = survey.entries(modules)
    reached: set[Place] = set()

    def watched(runs: Iterable[Run]) -> Iterator[Run]:
        for run in runs:
            reached.update(built.place for built in run.record.built)
            reached.update(built.made.place for built in run.record.keras)
            yield run

    for module in modules:
        yield from watched([run_module(world, module, survey.statements[module], declared, fallback)])
    for module, name in entries:
        header = survey.of(module)[name]
        place = definition_place(module, header)
        by_itself = all_optional(module, header) and not name.startswith("_")
        if place in world.entered and not by_itself and declared(place) is None:
            continue
        yield from watched(run_definition(world, module, header, name, declared, fallback))
    for module in modules:
        yield from watched(_unreached(world, module, survey, reached))


def _unreached(world: World, module: PythonModule, survey: Survey, reached: set[Place]) -> Iterator[Run]:
    """Every `Sequential(...)` that no run came to, evaluated by itself."""
    for header in [*survey.of(module).values(), *survey.statements[module]]:
        if "Sequential" not in module.source.words(header.index):
            continue
        for qualname, call in sequential_calls(module.source.lower(header.index)):
            if Place(module.path, header.index, call.at) not in reached:
                yield from run_alone(world, module, header.index, call, qualname)


def sequential_calls(block: ir.Block, qualname: str = "") -> Iterator[tuple[str, ir.Call]]:
    """Every call of something named Sequential, with the function it stands in."""
    for node in walk(block):
        if isinstance(node, ir.Function | ir.Class):
            yield from sequential_calls(node.body, f"{qualname}.{node.name}".lstrip("."))
        elif isinstance(node, ir.Call):
            func = node.func
            name = func.attr if isinstance(func, ir.Attribute) else func.id if isinstance(func, ir.Name) else ""
            if name == "Sequential":
                yield qualname, node
