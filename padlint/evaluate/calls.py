"""What calls do: functions and their parameters, classes and their instances, modules and their forward."""

from __future__ import annotations

from collections.abc import Sequence

from padlint.arithmetic.dims import Expr, Unknown
from padlint.evaluate.attributes import describe
from padlint.evaluate.machine import DEPTH, Machine, Raised
from padlint.evaluate.memo import remembered
from padlint.evaluate.modules import build, call_module, initialise, is_known_module, note_built
from padlint.evaluate.protocols import container_kind, unsettle
from padlint.evaluate.record import Frame
from padlint.evaluate.registry import methods
from padlint.evaluate.said import hear, hear_classes
from padlint.evaluate.values import (
    MISSING,
    BoundMethod,
    Builtin,
    Call,
    ClassValue,
    DictValue,
    External,
    Function,
    Instance,
    IteratorValue,
    KerasObject,
    ListValue,
    Many,
    MissingArgument,
    Partial,
    Scope,
    SetValue,
    TorchClass,
    Value,
    initialiser,
    is_brief,
    part,
    torch_base,
)
from padlint.evaluate.weight import LOOK, TooLarge, weight
from padlint.syntax import ir


def invoke(machine: Machine, func: Value, call: Call) -> Value:
    """`func(*args, **keywords)`."""
    if call.place in machine.world.changes and isinstance(func, (Function, ClassValue)):
        call = _changed(machine, func, call)
    if isinstance(func, Function):
        if func.owner is None:
            return remembered(machine, func, call, lambda: call_function(machine, func, call))
        return call_function(machine, func, call)
    if isinstance(func, BoundMethod):
        return invoke(machine, func.function, Call((func.receiver, *call.args), call.keywords, call.place, call.rest))
    if isinstance(func, Builtin):
        return call_builtin(machine, func, call)
    if isinstance(func, TorchClass):
        return build(machine, func, call)
    if isinstance(func, ClassValue):
        return remembered(machine, func, call, lambda: instantiate(machine, func, call))
    if isinstance(func, Partial):
        keywords = {**dict(func.keywords), **call.keywords}
        return invoke(machine, func.func, Call((*func.args, *call.args), keywords, call.place, call.rest))
    if isinstance(func, Instance):
        if is_known_module(func):
            if isinstance(func.cls, TorchClass) and func.cls.layer is not None and not func.attrs:
                return call_module(machine, func, call)
            return remembered(machine, func, call, lambda: call_module(machine, func, call))
        method = machine.attribute(func, "__call__", call.place)
        return method if isinstance(method, Unknown) else invoke(machine, method, call)
    if isinstance(func, KerasObject):
        from padlint.evaluate.keras import call_keras

        return call_keras(machine, func, call)
    if isinstance(func, External) and (known := methods().get((func.dotted, "__call__"))) is not None:
        return call_builtin(machine, known, call)
    escape(machine, call)
    if isinstance(func, External):
        return Unknown(f"calls {func.dotted}, which is outside of the project", call.place)
    if isinstance(func, Unknown):
        machine.record.passed.append(call.place)
        given = (*call.args, *call.keywords.values())
        return part(func, f"({given}{[*call.keywords]})") if all(map(is_brief, given)) else func
    return Unknown(f"calls {describe(func)}", call.place)


def _changed(machine: Machine, func: Function | ClassValue, call: Call) -> Call:
    """The call with the arguments that this world changes at its place, as far as the function has such parameters."""
    function = initialiser(func) if isinstance(func, ClassValue) else func
    parameters = function.node.parameters[isinstance(func, ClassValue) :] if function is not None else ()
    positional = [each.name for each in parameters if each.kind in ("positional", "positional_only")][: len(call.args)]
    open_ended = any(each.kind == "kwargs" for each in parameters)
    known = {each.name for each in parameters}
    changes = machine.world.changes[call.place]
    args = [changes.get(name, value) for name, value in zip(positional, call.args, strict=False)]
    named = {name: value for name, value in changes.items() if name not in positional and (open_ended or name in known)}
    return Call((*args, *call.args[len(args) :]), {**call.keywords, **named}, call.place, call.rest)


def call_builtin(machine: Machine, func: Builtin, call: Call) -> Value:
    """A function that the evaluator knows; Unknown where it is called without what it needs. It is paid for what it makes,
    and for the tuples that it is given, which it may look at."""
    try:
        for value in call.args:
            if type(value) is tuple and len(value) > LOOK:
                machine.look(len(value))
        result = func.run(machine, call)
        machine.charge(weight(result))
    except MissingArgument:
        result = Unknown(f"{func.name}() is called without an argument that it needs", call.place)
    except TooLarge as bound:
        result = Unknown(f"{bound}: {func.name}()", call.place)
        first = call.args[0] if call.args else None
        if isinstance(first, (ListValue, DictValue, SetValue)) or container_kind(first) is not None:
            machine.touch(first)
            unsettle(first, result)  # it may have been the one to grow
    if isinstance(result, Unknown):
        machine.record.passed.append(call.place)
    return result


def escape(machine: Machine, call: Call) -> None:
    """A list of the program given to something unknown may come back changed."""
    for value in (*call.args, *call.keywords.values()):
        if isinstance(value, IteratorValue):
            machine.touch(value)
            unsettle(value, Unknown("an iterator given to something unknown", call.place))
        elif isinstance(value, ListValue) and any(isinstance(item, Instance) for item in value):
            machine.touch(value)
            value.append(Many(Unknown("a list given to something unknown", call.place)))


def call_function(machine: Machine, func: Function, call: Call, frame: ClassValue | None = None) -> Value:
    """Run a function of the program. `frame`: the class whose instance it initialises."""
    if machine.depth >= DEPTH:
        machine.impure()
        return Unknown("calls nested too deeply", call.place)
    names = bind(machine, func, call)
    if isinstance(names, Unknown):
        return names
    scope = Scope(func.scope.module, func.scope.statement, names, func.scope, func.qualname, owner=func.owner)
    parameters = func.node.parameters
    if func.owner is not None and parameters and parameters[0].kind in ("positional", "positional_only"):
        scope.receiver = names[parameters[0].name]
    shown = tuple((name, value) for name, value in names.items() if value is not scope.receiver or func.owner is None)
    place = func.scope.place(func.node)
    machine.world.entered.add(place)
    around = machine.frames
    machine.frames = (*around, Frame(frame or func, shown, call.place))
    machine.depth += 1
    machine.highest = max(machine.highest, machine.depth)
    try:
        result = _run(machine, func.node, scope)
    finally:
        machine.depth -= 1
        machine.frames = around
    place = machine.world.lambdas.get(place, place) if machine.world.lambdas else place
    if place in func.scope.module.marked:
        hear(machine.world, place, result)
    return result


def _run(machine: Machine, node: ir.Function | ir.Lambda, scope: Scope) -> Value:
    if isinstance(node, ir.Lambda):
        return machine.evaluate(node.body, scope)
    if node.is_generator:
        scope.yields = machine.iterator(())
        scope.resume, machine.resume = machine.resume, None
    signal = machine.execute(node.body, scope)
    if scope.yields is not None:
        return scope.yields
    if scope.uncertain is not None:
        return scope.uncertain
    return signal.value if signal is not None else None


def bind(machine: Machine, func: Function, call: Call) -> dict[str, Value] | Unknown:
    """The parameters of a call by name, as Python binds them. What an unknown `*` or `**` may have given is Unknown."""
    names: dict[str, Value] = {}
    args = list(call.args)
    keywords = dict(call.keywords)
    unsure: Unknown | None = call.rest
    for index, value in enumerate(args):
        if isinstance(value, Many):
            unsure = (
                value.value
                if isinstance(value.value, Unknown)
                else Unknown("one of any number of arguments", call.place)
            )
            args = args[:index]
            break
    cut = len(args) < len(call.args)
    for parameter in func.node.parameters:
        if parameter.kind in ("positional", "positional_only") and args:
            names[parameter.name] = args.pop(0)
        elif parameter.kind == "args":
            names[parameter.name] = (*args, *call.args[-1:]) if cut else tuple(args)
            args = []
        elif parameter.kind == "kwargs":
            extra = machine.dict(keywords)
            extra.rest = call.rest
            names[parameter.name] = extra
            keywords = {}
        elif parameter.name in keywords and parameter.kind != "positional_only":
            names[parameter.name] = keywords.pop(parameter.name)
        elif (may_be := unsure if parameter.kind != "keyword_only" else call.rest) is not None:
            names[parameter.name] = may_be
        elif parameter.name in func.defaults:
            names[parameter.name] = func.defaults[parameter.name]
        else:
            return Unknown(f"{func.qualname}() is called without its argument {parameter.name!r}", call.place)
    if args or keywords:
        if machine.record.guarded and unsure is None:
            raise Raised("TypeError", call.place)  # what a `try` around it waits for
        surplus = f"{len(args)} more arguments" if args else f"an unknown argument {next(iter(keywords))!r}"
        return Unknown(f"{func.qualname}() is called with {surplus}", call.place)
    return names


def instantiate(machine: Machine, cls: ClassValue, call: Call) -> Value:
    """An instance of a class of the program, with its `__init__` run."""
    if cls.kind == "enum":
        return _member(cls, call)
    if any(isinstance(base, ClassValue) and "__new__" in base.namespace for base in cls.mro):
        return Unknown(f"{cls.name} is made by a __new__ of its own", call.place)
    made = Instance(cls, call.place, machine.tick())
    machine.world.entered.add(cls.place)
    if any(isinstance(base, ClassValue) and base.module.marked for base in cls.mro):
        hear_classes(machine.world, made)
    if any(isinstance(base, External) and base.dotted.endswith(("Exception", "Error")) for base in cls.mro):
        return made
    for base in cls.mro:
        if isinstance(base, ClassValue):
            init = base.namespace.get("__init__", MISSING)
            if isinstance(init, Function):
                if (base_class := torch_base(cls)) is not None and base_class.name == "Module":
                    note_built(machine, made, call.place)
                inner = Call((made, *call.args), call.keywords, call.place, call.rest)
                problem = call_function(machine, init, inner, cls)
                return problem if isinstance(problem, Unknown) and not made.children and not made.attrs else made
            if base.fields is not None:
                return with_fields(machine, made, base.fields, call)
        elif isinstance(base, TorchClass):
            initialise(machine, made, base, call)
            return made
        elif isinstance(base, External) and base.dotted not in _INERT:
            return made
    return made


_INERT = frozenset({"builtins.object", "abc.ABC", "typing.Generic", "typing.Protocol"})


def _member(cls: ClassValue, call: Call) -> Value:
    wanted = call.get(0, "value")
    for member in cls.namespace.values():
        if (
            isinstance(member, Instance)
            and not isinstance(wanted, (Unknown, Expr))
            and member.attrs.get("value") == wanted
        ):
            return member
    return (
        wanted if isinstance(wanted, Instance) and wanted.cls is cls else Unknown(f"a member of {cls.name}", call.place)
    )


def with_fields(machine: Machine, made: Instance, fields: Sequence[tuple[str, Value]], call: Call) -> Value:
    """What the `__init__` of a data class or named tuple does."""
    from padlint.evaluate.library.standard import default_of_field

    values: list[Value] = []
    for index, (name, default) in enumerate(fields):
        value = call.get(index, name, MISSING)
        if value is MISSING or isinstance(value, Many):
            value = default_of_field(machine, default, call) if call.rest is None else call.rest
        if value is MISSING:
            raise Raised("TypeError", call.place)
        values.append(value)
    assert isinstance(made.cls, ClassValue)
    if made.cls.kind == "tuple":
        made.fields = tuple(values)
    else:
        made.attrs.update({name: value for (name, _), value in zip(fields, values, strict=True)})
        post = machine.semantics.attribute(machine, made, "__post_init__", call.place)
        if isinstance(post, BoundMethod):
            machine.call(post, place=call.place)
    return made
