"""Where evaluation begins: which definitions and statements of a file are run, with which arguments, along which paths."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import partial

from padlint.arithmetic.dims import Unknown
from padlint.errors import within_bounds
from padlint.evaluate.annotations import free_value, may_be_none
from padlint.evaluate.classes import is_module_level
from padlint.evaluate.effects import bound_in, names_of
from padlint.evaluate.follow import Declared, Inputs, call_forward, follow_up, refused_at_once
from padlint.evaluate.havoc import walk
from padlint.evaluate.interpreter import machine as new_machine
from padlint.evaluate.machine import DECISIONS, STEPS, TOO_MANY_STEPS, Decisions, Infeasible, Machine, Raised
from padlint.evaluate.protocols import container_kind
from padlint.evaluate.record import Record
from padlint.evaluate.values import (
    MISSING,
    Call,
    ClassValue,
    Function,
    Instance,
    Many,
    PythonModule,
    Scope,
    Value,
    initialiser,
)
from padlint.evaluate.world import World
from padlint.finding import Place
from padlint.syntax import ir
from padlint.syntax.index import Header

PATHS = 16
FORWARD_PATHS = 3
WORK = 300_000


@dataclass(frozen=True, slots=True)
class Run:
    """One path through one root. `sure` counts the decisions on unknown conditions, from the first on, whose other sides
    were followed as well. `reached` is False for code that was run only because nothing reaches it, `unbuilt` where what
    the root builds raises."""

    root: str
    place: Place
    record: Record
    sure: int
    result: Value
    unchained: frozenset[int]
    world: World
    reached: bool = True
    unbuilt: bool = False


def explore(world: World, name: str, place: Place, start: Callable[[Machine], Value]) -> Iterator[Run]:
    """Run a root once for every way its unknown conditions may go, up to bounds on the paths and on the work."""
    pending: list[tuple[bool, ...]] = [()]
    later: list[tuple[bool, ...]] = []
    calls = 1
    runs: list[tuple[Machine, Value, bool]] = []
    work = 0
    while pending and len(runs) < PATHS and work < WORK:
        prefix = pending.pop(0)
        machine = new_machine(world, Decisions(prefix, DECISIONS))
        result, raised = attempt(machine, place, partial(start, machine))
        taken = tuple(machine.decisions.taken)
        built = len(taken) if machine.decisions.built is None else machine.decisions.built
        for index in range(len(prefix), len(taken)):
            (pending if index < built else later).append((*taken[:index], not taken[index]))
        if not pending and later and calls < FORWARD_PATHS:
            calls += 1
            pending.append(later.pop(0))
        runs.append((machine, result, raised))
        work += STEPS - machine.steps
    if pending and len(runs) < PATHS:
        world.leave_out(place.path, place.statement, TOO_MANY_STEPS)
    kept = [run for run in runs if not run[2]] or runs[:1]
    for machine, result, raised in kept:
        unbuilt = raised and machine.decisions.built is None
        sure = _sure(tuple(machine.decisions.taken), (*pending, *later))
        yield Run(name, place, machine.record, sure, result, frozenset(map(id, machine.walked)), world, unbuilt=unbuilt)


def _sure(taken: tuple[bool, ...], left: Iterable[tuple[bool, ...]]) -> int:
    """How many of the decisions of a path were followed the other way too, from the first on; `left` was not followed."""
    return min((len(each) - 1 for each in left if each[:-1] == taken[: len(each) - 1]), default=len(taken))


def attempt(machine: Machine, place: Place, run: Callable[[], Value]) -> tuple[Value, bool]:
    """Run something within the bounds: what it gives, and whether the program raises. Why it ended early is recorded."""
    result, raised = None, False

    def give_up(why: str) -> Value:
        machine.record.given_up = why
        machine.world.leave_out(place.path, place.statement, why)
        return None

    try:
        result = within_bounds(run, give_up)
    except (Raised, Infeasible) as problem:
        raised = True
        machine.record.given_up = f"raises {problem}"
    if machine.record.given_up is not None:
        leave_open(machine, machine.record.given_up)
    machine.pay()
    return result, raised


def leave_open(machine: Machine, reason: str) -> None:
    """Where a path ended early, containers that were being filled may have been meant to hold more."""
    for built in machine.record.built:
        made = built.instance
        if container_kind(made) is not None and (id(made) in machine.grown or not made.children):
            made.open = made.open or Unknown(reason, built.place)


# ---------------------------------------------------------------- arguments


def free_call(
    func: Function, place: Place, given: tuple[Value, ...] = (), chosen: Mapping[str, Value] | None = None
) -> Call:
    """Call a function with what is chosen, else its defaults, and symbols where it has none.

    What a `*args` may take is not known; `**kwargs` is taken to be empty, as defaults are taken. So is the `*args` of what
    a decorator put around a function: it would take what the function inside asks for.
    """
    parameters = func.node.parameters[len(given) :]
    own = is_module_level(func.scope)
    many = next((each for each in parameters if each.kind == "args"), None) if own else None
    args, keywords = list(given), dict(chosen or {})
    for parameter in parameters:
        in_order = parameter.kind == "positional_only" or (parameter.kind == "positional" and many is not None)
        settled = not in_order and (parameter.name in keywords or parameter.name in func.defaults)
        if parameter.kind in ("args", "kwargs") or settled:
            continue
        value = keywords.pop(parameter.name, func.defaults.get(parameter.name, MISSING))
        value = free_value(parameter, func.scope.place(parameter)) if value is MISSING else value
        if in_order:
            args.append(value)
        else:
            keywords[parameter.name] = value
    if many is not None:
        args.append(Many(Unknown(f"the parameter '*{many.name}'", func.scope.place(many))))
    return Call(tuple(args), keywords, place)


# ---------------------------------------------------------------- running


def run_definition(
    world: World,
    module: PythonModule,
    header: Header,
    name: str,
    declared: Declared,
    fallback: Inputs | None = None,
) -> Iterator[Run]:
    """Run a function or class of a file: build, then call what it builds with the inputs declared for it, else with
    `fallback`, unless its first layer takes no such input."""
    place = definition_place(module, header)
    found = definition(world, module, name)
    if not isinstance(found, (Function, ClassValue)):
        return

    def start(inputs: Inputs | None, given: Mapping[str, Value], machine: Machine) -> Value:
        value = instantiate_or_call(machine, found, Place(module.path, header.index, 0), given)
        call_forward(machine, value, inputs)
        follow_up(machine, declared, fallback if isinstance(found, Function) else None)
        return value

    inputs = declared(place)
    if not inputs and fallback:
        runs = list(explore(world, name, place, partial(start, fallback, {})))
        if not any(contradicts(run) for run in runs):
            yield from runs
            return
    runs = list(explore(world, name, place, partial(start, inputs, {})))
    yield from runs
    others = optional_members(world, module, header)
    if not others and all(run.unbuilt for run in runs):
        others = stand_ins(found)
    if others:
        yield from explore(world, name, place, partial(start, inputs, others))


def stand_ins(found: Function | ClassValue) -> dict[str, Value]:
    """The parameters that are None or a negative number by default, which often stands for what has to be given."""
    func = found if isinstance(found, Function) else initialiser(found)
    if func is None:
        return {}
    return {
        each.name: Unknown(f"the parameter {each.name!r}", func.scope.place(each))
        for each in func.node.parameters
        if each.name in func.defaults and _stands_for_nothing(func.defaults[each.name])
    }


def _stands_for_nothing(default: Value) -> bool:
    return default is None or (isinstance(default, int) and default < 0)


def optional_members(world: World, module: PythonModule, header: Header) -> dict[str, Value]:
    """The parameters of a function that are a member of an enumeration by default and may be None: pretrained weights.
    Without them a model can be another one, so both are run."""
    node = next((node for node in module.source.lower(header.index) if isinstance(node, ir.Function)), None)
    result: dict[str, Value] = {}
    for parameter in node.parameters if node is not None else ():
        if isinstance(parameter.default, ir.Attribute) and may_be_none(parameter.annotation):
            default = new_machine(world).evaluate(parameter.default, Scope(module, header.index, module.names))
            if isinstance(default, Instance) and isinstance(default.cls, ClassValue) and default.cls.kind == "enum":
                result[parameter.name] = None
    return result


def contradicts(run: Run) -> bool:
    """Does the first layer that is called refuse its input by channels or rank?"""
    return refused_at_once(run.record.ops) is not None


def definition_place(module: PythonModule, header: Header) -> Place:
    """Where a function or class is defined, whatever its decorators made of it."""
    nodes = (node for node in module.source.lower(header.index) if isinstance(node, (ir.Function, ir.Class)))
    return Place(module.path, header.index, next((node.at for node in nodes), 0))


def all_optional(module: PythonModule, header: Header) -> bool:
    """Is this a function that can be called without arguments?"""
    nodes = [node for node in module.source.lower(header.index) if isinstance(node, ir.Function)]
    return bool(nodes) and all(p.default is not None or p.kind in ("args", "kwargs") for p in nodes[0].parameters)


def definition(world: World, module: PythonModule, name: str) -> Value:
    """The function or class behind a name, without the decorators that hide it."""
    return world.own_name(new_machine(world), module, name)


def instantiate_or_call(
    machine: Machine, found: Function | ClassValue, place: Place, given: Mapping[str, Value]
) -> Value:
    init = found if isinstance(found, Function) else initialiser(found)
    machine.ungiven = Unknown(f"{found.name} called with nothing but its defaults", place)
    machine.spare = init is None or any(parameter.kind == "kwargs" for parameter in init.node.parameters)
    if isinstance(found, Function):
        return machine.invoke(found, free_call(found, place, chosen=given))
    call = free_call(init, place, (None,), given) if init is not None else Call((), {}, place)
    return machine.invoke(found, Call(call.args[1:], call.keywords, place))


def run_statement(machine: Machine, module: PythonModule, header: Header) -> None:
    """Run a top-level statement; what happens is written into the module's own record."""
    if "__main__" in module.source.statement_text(header.index) and header.index not in module.done:
        module.names["__name__"] = "__main__"
    if header.index not in module.done:
        machine.world.run(machine, module, header.index)


def run_module(
    world: World, module: PythonModule, headers: Iterable[Header], declared: Declared, fallback: Inputs | None = None
) -> Run:
    """Run the top-level statements of a file that build or call something, in order."""
    machine = new_machine(world)
    for header in headers:
        run_statement(machine, module, header)
    machine.record = module.record
    place = Place(module.path, 0, 0)
    attempt(machine, place, partial(follow_up, machine, declared, fallback, fallback))
    return Run(module.name, place, module.record, 0, None, frozenset(map(id, machine.walked)), world)


@dataclass(frozen=True, slots=True)
class Written:
    """A call as it stands in a file, with the functions and classes around it, outermost first."""

    call: ir.Call
    around: tuple[ir.Function | ir.Class, ...]

    @property
    def qualname(self) -> str:
        return ".".join(node.name for node in self.around)

    @property
    def names(self) -> frozenset[str]:
        """What the functions and classes bind, but for what they import: that is the same wherever it stands."""
        found = frozenset[str]()
        for node in self.around:
            imports = tuple(each for each in walk(node.body) if isinstance(each, (ir.Import, ir.ImportFrom)))
            found |= bound_in(node.body) - bound_in(imports)
            found |= names_of(node) if isinstance(node, ir.Function) else frozenset()
        return found


def run_alone(world: World, module: PythonModule, statement: int, written: Written) -> Iterator[Run]:
    """Evaluate one call by itself, all names of its function unknown: the last resort for code that nothing reaches."""
    call, qualname = written.call, written.qualname

    def start(machine: Machine) -> Value:
        around = Scope(module, statement, module.names)
        reason = Unknown("built in code that no known call reaches", around.place(call))
        scope = Scope(module, statement, dict.fromkeys(written.names, reason), around, qualname)
        value = machine.evaluate(call, scope)
        if isinstance(value, Instance):
            value.open = reason
        follow_up(machine, lambda place: None)
        return value

    for run in explore(world, qualname, Place(module.path, statement, call.at), start):
        yield replace(run, reached=False)
