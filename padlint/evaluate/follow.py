"""What is called beside what a program calls: that for which something is declared, and what nothing else calls."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from padlint.evaluate.annotations import free_value
from padlint.evaluate.inputs import annotated_shape, example_inputs
from padlint.evaluate.machine import Machine, Raised
from padlint.evaluate.protocols import container_kind, defines
from padlint.evaluate.record import Built, Op
from padlint.evaluate.said import classes_of, places_of
from padlint.evaluate.values import (
    Call,
    ClassValue,
    Fresh,
    Function,
    Instance,
    ListValue,
    Tensor,
    Value,
    in_mro,
    initialiser,
    is_module,
    linearised,
)
from padlint.finding import Place
from padlint.layers.base import Shape
from padlint.syntax import ir

Inputs = Mapping[str | int, Shape]  # by the name of a parameter of forward, or by its position
Declared = Callable[[Place], Inputs | None]
"""The inputs that are declared at a place: nothing where only other things are, None where nothing is."""


def free_inputs(module: Instance, declared: Inputs | None) -> tuple[tuple[Value, ...], dict[str, Value]]:
    """Inputs for a module's forward: the declared shapes, else inputs of which nothing is known."""
    forward = in_mro(linearised(module.cls), "forward")
    shapes = dict(declared or {})
    if not isinstance(forward, Function):
        return (Tensor(shapes[0]) if 0 in shapes else Fresh("input"),), {}
    keywords: dict[str, Value] = {}
    for position, parameter in enumerate(forward.node.parameters[1:]):
        if parameter.name in shapes:
            keywords[parameter.name] = Tensor(shapes[parameter.name])
        elif position in shapes:
            keywords[parameter.name] = Tensor(shapes[position])
        elif parameter.kind in ("args", "kwargs") or parameter.name in forward.defaults:
            continue
        elif (shape := annotated_shape(parameter.annotation)) is not None:
            keywords[parameter.name] = Tensor(shape)
        elif isinstance(parameter.annotation, ir.Name) and parameter.annotation.id in ("int", "float", "bool", "str"):
            keywords[parameter.name] = free_value(parameter, forward.scope.place(parameter))
        else:
            keywords[parameter.name] = Fresh(parameter.name, "" if position == 0 else str(position + 1))
    args: list[Value] = []
    for parameter in forward.node.parameters[1:]:  # positional as far as they go: a rule reads them in order
        if parameter.kind not in ("positional", "positional_only") or parameter.name not in keywords:
            break
        args.append(keywords.pop(parameter.name))
    return tuple(args), keywords


def call_forward(machine: Machine, value: Value, declared: Inputs | None) -> None:
    """Call a module that a root built."""
    machine.decisions.construction_ends()
    if not isinstance(value, Instance) or not is_module(value) or not is_callable(value):
        return
    example = example_inputs(machine, value) if not declared else None
    args, keywords = example if example is not None else free_inputs(value, declared)
    try:
        machine.invoke(value, Call(args, keywords, value.place))
    except Raised as raised:
        machine.record.given_up = f"forward raises {raised}"


def is_callable(module: Instance) -> bool:
    """Has a module a forward?"""
    return container_kind(module) in (None, "Sequential") or defines(module, "forward")


def refused_at_once(ops: Iterable[Op]) -> Op | None:
    """The first layer that is called, where it refuses its input by channels or rank."""
    first = next((op for op in ops if op.kind == "layer"), None)
    refusal = first.refusal if first is not None else None
    return first if refusal is not None and refusal.code in ("PAD301", "PAD306") else None


# ---------------------------------------------------------------- what is declared


@dataclass(frozen=True, slots=True)
class Spoken:
    """What is declared for a module: by comments at itself (`own`), else at its class."""

    inputs: Inputs
    own: bool
    place: Place


def spoken_for(module: Instance, declared: Declared) -> Spoken | None:
    """The inputs that are declared for a module, at the first place that says any; None where nothing at all is."""
    own = [(place, declared(place)) for place in places_of(module)]
    classes = [(cls.place, declared(cls.place)) for cls in classes_of(module, whole=False)]
    found = [Spoken(inputs, True, place) for place, inputs in own if inputs is not None]
    found += [Spoken(inputs, False, place) for place, inputs in classes if inputs]
    found += [Spoken({}, False, c.place) for c in classes_of(module, whole=True) if declared(c.place) is not None]
    return next((each for each in found if each.inputs), found[0] if found else None)


@dataclass(eq=False)
class Following:
    """The calls that follow a run. `called` are the modules that were called with something, by their ids."""

    machine: Machine
    declared: Declared
    fallback: Inputs | None = None
    called: set[int] = field(default_factory=set)
    _seen: int = 0

    def note(self) -> None:
        """See what was called meanwhile."""
        ops = self.machine.record.ops
        given = (op for op in ops[self._seen :] if op.inputs and isinstance(op.inputs[0], (Tensor, tuple, ListValue)))
        self.called.update(id(op.instance) for op in given)
        self._seen = len(ops)

    def call_declared(self, built: Sequence[Built]) -> None:
        """Call every module for which an input is declared; where something else is, the model that it is a part of, unless
        the program calls it."""
        speaking = [
            (each.instance, said) for each in built if (said := spoken_for(each.instance, self.declared)) is not None
        ]
        for module, said in speaking:
            if said.inputs:
                self._with_inputs(module, said)
        owners = {id(child): each.instance for each in built for child in each.instance.children.values()}
        for module, said in speaking:
            for each in () if said.inputs else (outermost(module, owners), module):
                self.note()
                if id(module) not in self.called and self.fallback and id(each) not in owners:
                    self.call_unless_refused(each, self.fallback)
                    self.note()
                if id(module) not in self.called:
                    call_forward(self.machine, each, None)
        self.note()

    def _with_inputs(self, module: Instance, said: Spoken) -> None:
        """What is declared for a class is for its instances as long as these take it, and unless the program says more."""
        ops = self.machine.record.ops
        calls = [op for op in ops if op.instance is module and op.inputs and isinstance(op.inputs[0], Tensor)]
        if any(_has_shape(op, said.inputs) for op in calls):
            return
        if said.own or not (isinstance(module.cls, ClassValue) and _varies(module.cls)):
            call_forward(self.machine, module, said.inputs)
        elif not any(_has_sizes(op) for op in calls):
            self.call_unless_refused(module, said.inputs, said.place)
        self.note()

    def call_unless_refused(self, module: Instance, inputs: Inputs, said: Place | None = None) -> None:
        """Call a module with these inputs; where its first layer takes none such, it was not called."""
        before = len(self.machine.record.ops)
        call_forward(self.machine, module, inputs)
        refused = refused_at_once(self.machine.record.ops[before:])
        if refused is not None:
            del self.machine.record.ops[before:]
            if said is not None and refused.refusal is not None:
                self.machine.world.unfit[said] = f"{refused.name} refuses it: {refused.refusal.message}"


def _has_shape(op: Op, inputs: Inputs) -> bool:
    return isinstance(op.inputs[0], Tensor) and op.inputs[0].shape == inputs.get(0)


def _has_sizes(op: Op) -> bool:
    """Are the sizes of what is given known, but for the batch?"""
    return isinstance(op.inputs[0], Tensor) and all(isinstance(size, int) for size in op.inputs[0].shape[1:])


def _varies(cls: ClassValue) -> bool:
    """Can instances of a class differ?"""
    init = initialiser(cls)
    return init is not None and len(init.node.parameters) > 1


def outermost(module: Instance, owners: Mapping[int, Instance]) -> Instance:
    """The model that a module is a part of."""
    passed = {id(module)}
    while (owner := owners.get(id(module))) is not None and id(owner) not in passed:
        module = owner
        passed.add(id(module))
    return module


# ---------------------------------------------------------------- what nothing calls


def follow_up(
    machine: Machine, declared: Declared, fallback: Inputs | None = None, chains: Inputs | None = None
) -> None:
    """Call what carries a declaration of its own; with `fallback`, if there is one, every model that no other module contains
    and that nothing has called; then every Sequential of that kind, to see what it does: with `chains` where no other
    module contains it, else with an input of which nothing is known."""
    record = machine.record
    following = Following(machine, declared, fallback)
    following.note()
    following.call_declared(record.built[:])
    called = following.called
    contained = {id(child) for built in record.built for child in built.instance.children.values()}
    for built in record.built[:] if fallback is not None else ():
        if id(built.instance) not in called | contained and _is_model(built.instance):
            following.call_unless_refused(built.instance, fallback or {})
    following.note()
    record.alone = len(record.ops)
    for built in reversed(record.built[:]):
        if container_kind(built.instance) == "Sequential" and id(built.instance) not in called:
            before = len(record.ops)
            call_alone(machine, built.instance, None if id(built.instance) in contained else chains)
            called |= {id(op.instance) for op in record.ops[before:]}


def _is_model(module: Instance) -> bool:
    own = isinstance(module.cls, ClassValue) and container_kind(module) is None
    return own and module.args is None and bool(module.children) and defines(module, "forward")


def call_alone(machine: Machine, module: Instance, inputs: Inputs | None) -> None:
    """Call a Sequential with these inputs, unless its first layer takes none such."""
    before = len(machine.record.ops)
    for value in (Tensor(inputs[0]) if inputs and 0 in inputs else None, Fresh("input")):
        if value is not None:
            try:
                machine.call(module, value, place=module.place)
            except Raised:
                return
            if isinstance(value, Fresh) or refused_at_once(machine.record.ops[before:]) is None:
                return
            del machine.record.ops[before:]
