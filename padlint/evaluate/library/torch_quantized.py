"""Modules of torch.ao that stand for an operation, so that its output can be observed: FloatFunctional, QuantStub."""

from __future__ import annotations

from collections.abc import Callable

from padlint.evaluate.library.torch_joining import cat
from padlint.evaluate.machine import Machine
from padlint.evaluate.registry import Table
from padlint.evaluate.tensors import elementwise
from padlint.evaluate.values import Builtin, Call, Namespace, Value

FUNCTIONS = Table()


def _operator(op: str) -> Callable[[Machine, Call], Value]:
    return lambda machine, call: elementwise(machine, op, call.arg(0), call.arg(1), call.place)


_METHODS: dict[str, Value] = {
    **{name: Builtin(name, _operator("+")) for name in ("add", "add_scalar", "add_relu")},
    **{name: Builtin(name, _operator("*")) for name in ("mul", "mul_scalar")},
    "matmul": Builtin("matmul", _operator("@")),
    "cat": Builtin("cat", cat),
}


@FUNCTIONS.knows("torch.nn.quantized.FloatFunctional", "torch.ao.nn.quantized.FloatFunctional",
                 "torch.ao.nn.quantized.modules.FloatFunctional")  # fmt: skip
def float_functional(machine: Machine, call: Call) -> Value:
    return Namespace("torch.ao.nn.quantized.FloatFunctional", dict(_METHODS), machine.tick())


@FUNCTIONS.knows(*(f"torch.{home}.{name}" for home in ("quantization", "ao.quantization", "ao.quantization.stubs")
                   for name in ("QuantStub", "DeQuantStub")))  # fmt: skip
def stub(machine: Machine, call: Call) -> Value:
    """A module that gives what it is given."""
    return Builtin("a stub", lambda inner, forward: forward.arg(0))
