"""The Keras model that a file and a name stand for."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from padlint.errors import BoundExceeded, UsageError
from padlint.evaluate.interpreter import machine as new_machine
from padlint.evaluate.machine import Raised
from padlint.evaluate.roots import free_call, run_statement
from padlint.evaluate.survey import Survey
from padlint.evaluate.values import MISSING, Function, KerasObject, PythonModule, Value
from padlint.evaluate.world import World
from padlint.finding import Place
from padlint.hints import did_you_mean
from padlint.project import Project


@dataclass(frozen=True, slots=True)
class Reference:
    """A model with the name it was found under. `called`: it is what the function of this name gives."""

    name: str
    model: KerasObject
    called: bool


def reference(project: Project, path: Path, name: str | None) -> Reference:
    """The model that `name` is bound to in a file, or that the function of this name gives; without a name, the only
    one. Raises UsageError: one line that says what is wrong."""
    world = World(project)
    module = world.module_at(path) if project.disk.is_file(path) else None
    if module is None:
        raise UsageError(f"{path}: no such file" if not project.disk.exists(path) else f"{path}: cannot be read")
    survey = Survey(world)
    survey.of(module)
    machine = new_machine(world)
    try:
        for header in survey.statements[module]:
            run_statement(machine, module, header)
    except (Raised, BoundExceeded):
        pass  # what was bound before that stays
    if name is None:
        return _only(world, module, path)
    found = _value(world, module, name)
    if found is MISSING:
        bound = [each for header in module.source.statements for each in header.names]
        raise UsageError(f"{path}: there is no {name!r}{did_you_mean(name, bound)}")
    if not isinstance(found, KerasObject) or found.layer is not None:
        raise UsageError(f"{path}: {name!r} is no Keras model that can be read")
    return Reference(name, found, isinstance(world.own_name(new_machine(world), module, name), Function))


def _value(world: World, module: PythonModule, name: str) -> Value:
    """What a name is bound to; of a function, what it gives."""
    machine = new_machine(world)
    try:
        found = world.own_name(machine, module, name)
        if isinstance(found, Function):
            place = Place(module.path, found.scope.statement, 0)
            return machine.invoke(found, free_call(found, place))
    except (Raised, BoundExceeded):
        return None
    return found


def _only(world: World, module: PythonModule, path: Path) -> Reference:
    names = [each for header in module.source.statements if header.kind == "other" for each in header.names]
    values = {name: _value(world, module, name) for name in dict.fromkeys(names)}
    models = {name: each for name, each in values.items() if isinstance(each, KerasObject) and each.layer is None}
    if not models:
        functions = [h.names[0] for h in module.source.statements if h.kind == "function"]
        given = {name: each for name in functions if isinstance(each := _value(world, module, name), KerasObject)}
        if len(given) == 1:
            name, model = next(iter(given.items()))
            return Reference(name, model, True)
    if not models:
        raise UsageError(f"{path}: holds no Keras model; name a function that gives one: {path}:NAME")
    if len(models) > 1:
        raise UsageError(f"{path}: holds several models ({', '.join(models)}); say which: {path}:{next(iter(models))}")
    name, model = next(iter(models.items()))
    return Reference(name, model, False)
