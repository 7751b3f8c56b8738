"""What of torch calls a function of the program in the course of automatic differentiation: `Function.apply`, checkpoints."""

from __future__ import annotations

from padlint.arithmetic.dims import Unknown
from padlint.evaluate.machine import Machine
from padlint.evaluate.protocols import iterate
from padlint.evaluate.registry import Table
from padlint.evaluate.values import MISSING, Call, ClassValue, Many, Namespace, Value

FUNCTIONS, FUNCTION = Table(), Table()
METHODS = {"torch.autograd.Function": FUNCTION, "torch.autograd.function.Function": FUNCTION}

_OF_CHECKPOINT = frozenset({
    "use_reentrant", "context_fn", "determinism_check", "debug", "early_stop", "preserve_rng_state",
})  # fmt: skip


@FUNCTION.knows("apply")
def apply(machine: Machine, call: Call) -> Value:
    """`cls.apply(*args)` gives what `cls.forward(ctx, *args)` does; without `ctx` where the class sets it up by itself."""
    cls, given = call.arg(0), call.args[1:]
    if not isinstance(cls, ClassValue):
        return Unknown("a function of autograd that is not known", call.place)
    forward = machine.attribute(cls, "forward", call.place)
    alone = any(isinstance(base, ClassValue) and "setup_context" in base.namespace for base in cls.mro)
    context = () if alone else (Namespace("the context of a function", {}, machine.tick()),)
    return machine.invoke(forward, Call((*context, *given), call.keywords, call.place, call.rest))


@FUNCTIONS.knows("torch.utils.checkpoint.checkpoint")
def checkpoint(machine: Machine, call: Call) -> Value:
    """`checkpoint(function, *args, **kwargs)`: calls it, and again when gradients are wanted."""
    function = call.get(0, "function", MISSING)
    keywords = {name: value for name, value in call.keywords.items() if name not in (*_OF_CHECKPOINT, "function")}
    if function is MISSING or isinstance(function, Many):
        return Unknown("a checkpoint of something that is not known", call.place)
    return machine.invoke(function, Call(call.args[1:], keywords, call.place, call.rest))


@FUNCTIONS.knows("torch.utils.checkpoint.checkpoint_sequential")
def checkpoint_sequential(machine: Machine, call: Call) -> Value:
    """`checkpoint_sequential(functions, segments, input)`: one after the other, whatever the segments."""
    functions = iterate(machine, call.get(0, "functions"), call.place)
    if isinstance(functions, Unknown) or any(isinstance(each, Many) for each in functions):
        return Unknown("checkpoints of layers that are not all known", call.place)
    value = call.get(2, "input")
    for each in functions:
        value = machine.call(each, value, place=call.place)
    return value
