"""All roots of a set of files, run in order: what nothing calls first, then what remained unreached.

`run_files` runs them in one world. `plan` divides them into tasks, each in a world of its own: those of one level do not
depend on each other, those of the next depend only on which functions and classes were called before.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from padlint.evaluate.follow import Declared, Inputs
from padlint.evaluate.havoc import walk
from padlint.evaluate.interpreter import machine as new_machine
from padlint.evaluate.roots import (
    Run,
    Written,
    all_optional,
    definition_place,
    run_alone,
    run_definition,
    run_module,
    run_statement,
)
from padlint.evaluate.survey import Survey
from padlint.evaluate.values import PythonModule
from padlint.evaluate.world import World
from padlint.finding import Place
from padlint.syntax import ir
from padlint.units import Node, Task


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
        if place in world.entered and not (by_itself and declared(place) is None):
            continue
        if world.budget.allows(module.path, header.index):
            yield from watched(run_definition(world, module, header, name, declared, fallback))
    for module in modules:
        yield from watched(_unreached(world, module, survey, reached))


def _unreached(world: World, module: PythonModule, survey: Survey, reached: set[Place]) -> Iterator[Run]:
    """Every `Sequential(...)` that no run came to, evaluated by itself."""
    headers = [header.index for header in [*survey.of(module).values(), *survey.statements[module]]]
    for node, written in _sequentials(module, headers):
        if Place(module.path, *node) not in reached and world.budget.allows(module.path, node[0]):
            yield from run_alone(world, module, node[0], written)


# ---------------------------------------------------------------- tasks


def plan(world: World, paths: Iterable[Path]) -> list[list[Task]]:
    """The tasks of these files by level; the first has one for every file that has to do with layers."""
    survey = Survey(world)
    modules = [module for path in paths if (module := world.module_at(path)) is not None]
    definitions: dict[tuple[int, PythonModule], list[tuple[str, int]]] = {}
    for (module, name), level in survey.levels(modules).items():
        definitions.setdefault((level, module), []).append((name, survey.of(module)[name].index))
    found: list[list[Task]] = []
    for level in range(1 + max((level for level, _ in definitions), default=0)):
        tasks: list[Task] = []
        for module in modules:
            own = definitions.get((level, module), [])
            statements = tuple(header.index for header in survey.statements[module])
            relevant = (*(header.index for header in survey.of(module).values()), *statements)
            if own or (level == 0 and relevant):
                size = sum(len(module.source.statement_text(index)) for _, index in own)
                file, first = str(module.names["__file__"]), level == 0
                here = relevant if first else ()
                tasks.append(Task(module.path, file, size, first, statements, tuple(own), relevant=here))
        found.append(tasks)
    return found


def run_task(world: World, task: Task, declared: Declared, fallback: Inputs | None = None) -> Iterator[Run]:
    """Every run of the roots of a task."""
    module = world.module_at(Path(task.file))
    if module is None:
        return
    world.budget.spent = task.spent
    headers = [module.source.statements[index] for index in task.statements]
    if task.first:
        yield run_module(world, module, headers, declared, fallback)
    else:
        machine = new_machine(world)
        for header in headers:
            run_statement(machine, module, header)
        machine.pay()
    if task.alone:
        calls = dict(_sequentials(module, [index for index, _ in task.alone]))
        for index, at in task.alone:
            if not world.budget.allows(module.path, index):
                continue
            yield from run_alone(world, module, index, calls[index, at])
    for name, index in task.definitions:
        header = module.source.statements[index]
        place = definition_place(module, header)
        called = place in world.entered or index in task.entered
        by_itself = all_optional(module, header) and not name.startswith("_")
        # What is declared for a definition is for what the program makes of it, for its defaults only where that is nothing.
        wanted = not called or (by_itself and declared(place) is None)
        if wanted and world.budget.allows(module.path, index):
            yield from run_definition(world, module, header, name, declared, fallback)


def entered_statements(world: World) -> dict[str, tuple[int, ...]]:
    """By path, the statements whose function or class was called."""
    found: dict[str, set[int]] = {}
    for module in world.modules.values():
        places = {place.statement for place in world.entered if place.path == module.path}
        for index in places:
            header = module.source.statements[index]
            if header.kind in ("function", "class") and definition_place(module, header) in world.entered:
                found.setdefault(module.path, set()).add(index)
    return {path: tuple(sorted(indices)) for path, indices in found.items()}


def sequentials_of(world: World, task: Task) -> tuple[Node, ...]:
    """Every call of something named Sequential in the statements that a first task is about."""
    module = world.module_at(Path(task.file))
    return tuple(node for node, _ in _sequentials(module, task.relevant)) if module is not None else ()


def _sequentials(module: PythonModule, statements: Iterable[int]) -> Iterator[tuple[Node, Written]]:
    for index in statements:
        if "Sequential" in module.source.words(index):
            for written in sequential_calls(module.source.lower(index)):
                yield (index, written.call.at), written


def sequential_calls(block: ir.Block, around: tuple[ir.Function | ir.Class, ...] = ()) -> Iterator[Written]:
    """Every call of something named Sequential."""
    for node in walk(block):
        if isinstance(node, (ir.Function, ir.Class)):
            yield from sequential_calls(node.body, (*around, node))
        elif isinstance(node, ir.Call) and ir.last_name(node.func) == "Sequential":
            yield Written(node, around)
