"""torch's types of numbers: what a model asks of them before it makes a tensor. No shape depends on them."""

from __future__ import annotations

import math

from padlint.arithmetic.dims import Unknown
from padlint.evaluate.machine import Machine
from padlint.evaluate.registry import Table
from padlint.evaluate.values import Call, External, Namespace, Value

FUNCTIONS: dict[str, Value] = {}
_known = Table()
_FLOATING = {
    "bfloat16": (16, 8), "float16": (16, 11), "half": (16, 11), "float32": (32, 24), "float": (32, 24),
    "float64": (64, 53), "double": (64, 53),
}  # fmt: skip
"""Their bits, and how many of them the fraction has, with the one that is not written."""
_WHOLE = {
    "uint8": 8, "int8": 8, "int16": 16, "short": 16, "int32": 32, "int": 32, "int64": 64, "long": 64, "bool": 8,
}  # fmt: skip


@_known.knows("torch.get_default_dtype")
def default(machine: Machine, call: Call) -> Value:
    return External("torch.float32")


@_known.knows("torch.finfo")
def limits(machine: Machine, call: Call) -> Value:
    """`torch.finfo(dtype)`, of which programs ask `bits` and `eps`."""
    dtype = call.get(0, "type", External("torch.float32"))
    known = _FLOATING.get(dtype.dotted.removeprefix("torch.")) if isinstance(dtype, External) else None
    if known is None:
        return Unknown("the limits of a type that is not known", call.place)
    bits, fraction = known
    exponents = 2 ** (bits - fraction - 1)
    largest = (2 - 2.0 ** (1 - fraction)) * 2.0 ** (exponents - 1)
    return Namespace(
        "torch.finfo",
        {
            "bits": bits,
            "eps": 2.0 ** (1 - fraction),
            "max": largest,
            "min": -largest,
            "tiny": math.ldexp(1, 2 - exponents),
        },
        -1,
    )


for _name in (*_FLOATING, *_WHOLE):
    FUNCTIONS[f"torch.{_name}.is_floating_point"] = _name in _FLOATING
    FUNCTIONS[f"torch.{_name}.itemsize"] = (_WHOLE[_name] if _name in _WHOLE else _FLOATING[_name][0]) // 8
FUNCTIONS.update(_known)
