"""torch's constructors of old: `torch.Tensor(2, 3)` has this size, `torch.Tensor([2, 3])` these numbers, and so has `x.new`."""

from __future__ import annotations

from functools import partial

from padlint.arithmetic.dims import Expr, Unknown
from padlint.evaluate.library.numeric import tensor as of_numbers
from padlint.evaluate.library.objects import isinstance_
from padlint.evaluate.library.torch_tensors import FUNCTIONS as MAKERS
from padlint.evaluate.machine import Machine
from padlint.evaluate.registry import Table
from padlint.evaluate.tensors import tensor_of
from padlint.evaluate.values import Call, Data, External, ListValue, Tensor, Value, Whole

FUNCTIONS, TENSOR = Table(), Table()
_FLOATING = ("", "Float", "Double", "Half", "BFloat16", "Byte", "Bool")
_WHOLE = ("Long", "Int", "Short")


def _made(whole: bool, machine: Machine, call: Call) -> Value:
    """Of sizes given one by one, or of the numbers in a list."""
    first = call.args[0] if call.args else None
    if call.args and all(isinstance(value, (int, Expr)) and not isinstance(value, bool) for value in call.args):
        made = machine.invoke(MAKERS["torch.zeros"], Call(call.args, {}, call.place))
        return Whole(made.shape, made.origin) if whole and isinstance(made, Tensor) else made
    if len(call.args) == 1 and isinstance(first, ListValue):
        made = tensor_of(of_numbers(machine, Call(call.args, {}, call.place)))
        return Tensor(made.shape) if isinstance(made, Tensor) and not whole else made
    if len(call.args) == 1 and isinstance(first, (Tensor, Data)):
        return tensor_of(first)
    lost = next((value for value in call.args if isinstance(value, Unknown)), None)
    return lost or Unknown("a tensor of values that are not known", call.place)  # a tuple: sizes or numbers


def _constructors() -> dict[type | str, Table]:
    """They are types as well, so they are no functions but can be called."""
    found: dict[type | str, Table] = {}
    for kind in (*_FLOATING, *_WHOLE):
        for home in ("torch", "torch.cuda"):
            table = found[f"{home}.{kind}Tensor"] = Table()
            table.knows("__call__")(partial(_made, kind in _WHOLE))
    return found


METHODS = {Tensor: TENSOR, **_constructors()}


@TENSOR.knows("new")
def new(machine: Machine, call: Call) -> Value:
    return _made(isinstance(call.arg(0), Whole), machine, Call(call.args[1:], {}, call.place))


@TENSOR.knows("new_tensor")
def new_tensor(machine: Machine, call: Call) -> Value:
    return tensor_of(of_numbers(machine, Call(call.args[1:], call.keywords, call.place)))


@FUNCTIONS.knows("torch.is_tensor")
def is_tensor(machine: Machine, call: Call) -> Value:
    return isinstance_(machine, Call((call.get(0, "obj"), External("torch.Tensor")), {}, call.place))
