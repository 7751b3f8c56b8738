"""Functions of torch and methods of tensors that make tensors or change their shapes."""

from __future__ import annotations

from collections.abc import Callable

from padlint.arithmetic.dims import Dim, Expr, Unknown, is_size
from padlint.evaluate.library import numeric
from padlint.evaluate.library.basics import exact
from padlint.evaluate.machine import Machine, Raised
from padlint.evaluate.protocols import iterate
from padlint.evaluate.registry import Table
from padlint.evaluate.tensors import as_tensor, elementwise, settled, sizes_of
from padlint.evaluate.values import DEVICE, Builtin, Call, Data, Fresh, ListValue, ShapeOf, Tensor, Value, Whole
from padlint.layers.base import Refusal, Shape

FUNCTIONS = Table()
TENSOR = Table()
METHODS = {Tensor: TENSOR}

SAME = (
    "abs", "absolute", "acos", "asin", "atan", "ceil", "clamp", "clip", "clone", "contiguous", "cos", "cosh", "cpu", "cuda",
    "detach", "double", "erf", "exp", "expm1", "fill_", "float", "floor", "gelu", "half", "int", "isnan", "log", "log10",
    "log1p", "log2", "logit", "long", "masked_fill", "nan_to_num", "neg", "normal_", "pow", "reciprocal", "relu", "relu_",
    "requires_grad_", "round", "rsqrt", "sigmoid", "sigmoid_", "sign", "sin", "sinh", "softmax", "log_softmax", "sqrt",
    "square", "tan", "tanh", "tanh_", "to", "type", "type_as", "uniform_", "zero_", "bfloat16", "dropout", "exp_", "div_",
    "roll", "flip", "cumsum", "tril", "triu", "bool", "silu", "elu", "selu", "celu", "leaky_relu", "rand_like", "randn_like",
    "zeros_like", "ones_like", "empty_like", "full_like", "detach_", "clamp_", "abs_", "hardtanh", "record_stream", "trunc",
    "bernoulli_", "masked_fill_", "cumprod", "copy_", "clamp_min", "clamp_max", "logical_not", "isfinite", "isinf", "bernoulli",
    "poisson", "inverse", "cross", "conj", "angle", "sgn", "erfc", "erfinv", "asinh", "acosh", "atanh", "sinc", "deg2rad",
    "rad2deg", "logcumsumexp", "byte", "pin_memory", "scatter", "scatter_add", "scatter_reduce", "index_add", "index_copy",
    "index_fill", "masked_scatter", "scatter_", "scatter_add_", "scatter_reduce_", "index_add_", "index_copy_", "index_fill_",
    "index_put_", "masked_scatter_", "sqrt_", "rsqrt_", "pow_", "neg_", "log_", "sin_", "cos_", "floor_", "ceil_", "round_",
    "sign_", "reciprocal_", "erfinv_", "triu_", "tril_", "random_", "exponential_", "log_normal_", "addcmul_", "addcdiv_",
    "lerp_", "clamp_min_", "clamp_max_", "fill_diagonal_",
)  # fmt: skip
COMPARISONS = (
    "eq", "ne", "gt", "ge", "lt", "le", "greater", "greater_equal", "less", "less_equal", "not_equal", "isclose", "logical_and",
    "logical_or", "logical_xor",
)  # fmt: skip
FUNCTIONAL_SAME = (
    "relu", "relu6", "relu_", "leaky_relu", "leaky_relu_", "elu", "selu", "celu", "gelu", "silu", "mish", "hardtanh",
    "hardswish", "hardsigmoid", "sigmoid", "tanh", "softplus", "softsign", "softmax", "log_softmax", "softmin", "dropout",
    "dropout1d", "dropout2d", "dropout3d", "alpha_dropout", "feature_alpha_dropout", "normalize", "layer_norm", "rms_norm",
    "batch_norm", "instance_norm", "group_norm", "logsigmoid", "tanhshrink", "hardshrink", "softshrink", "threshold", "prelu",
    "rrelu", "gumbel_softmax", "local_response_norm",
)  # fmt: skip


def shapes(run: Callable[[Shape, Machine, Call], Value | Refusal]) -> Callable[[Machine, Call], Value]:
    """A function on the shape of its first argument; an input of unknown shape gives an unknown output."""

    def known(machine: Machine, call: Call) -> Value:
        tensor = settled(call.get(0, "input"))
        if not isinstance(tensor, Tensor):
            return tensor if isinstance(tensor, Unknown) else Unknown("a tensor of unknown shape", call.place)
        output = run(tensor.shape, machine, call)
        if isinstance(tensor, Whole):
            output = whole(output)
        if isinstance(output, Unknown):
            return output if output.place is not None else Unknown(output.reason, call.place)
        return machine.function(run.__name__.strip("_"), (tensor,), output, call)

    known.__name__ = run.__name__
    return known


def whole(output: Value | Refusal) -> Value | Refusal:
    """What moves integers gives integers."""
    if isinstance(output, tuple):
        return tuple(Whole(each.shape) if isinstance(each, Tensor) else each for each in output)
    return Whole(output.shape) if isinstance(output, Tensor) else output


def register(name: str, run: Callable[[Machine, Call], Value]) -> None:
    """Know a function as `torch.x` and as the method `tensor.x`."""

    def computed(machine: Machine, call: Call) -> Value:
        """Of a tensor of known numbers, the numbers."""
        own = call.get(0, "input")
        if isinstance(own, Data):
            if name in numeric.METHOD and not isinstance(call.get(1, "other"), Tensor):
                return numeric.METHOD[name].run(machine, call)
            own = as_tensor(own)
            return run(machine, Call((own, *call.args[1:]), call.keywords, call.place, call.rest))
        if isinstance(call.get(1, "other"), Data) and name in numeric.OVERLOADS and isinstance(own, (int, float)):
            return numeric.METHOD[name].run(machine, call)
        return run(machine, call)

    known = Builtin(name, computed)
    TENSOR[name] = known
    FUNCTIONS[f"torch.{name}"] = known
    FUNCTIONS[f"torch.Tensor.{name}"] = known


def same_shape(machine: Machine, call: Call) -> Value:
    value = settled(call.get(0, "input"))
    if isinstance(value, Whole):
        return Tensor(value.shape, value.origin)
    return value if isinstance(value, (Tensor, Fresh, Unknown)) else Unknown("a tensor of unknown shape", call.place)


def same_integers(machine: Machine, call: Call) -> Value:
    value = settled(call.get(0, "input"))
    return value if isinstance(value, Whole) else same_shape(machine, call)


def to_integers(machine: Machine, call: Call) -> Value:
    value = settled(call.get(0, "input"))
    return Whole(value.shape, value.origin) if isinstance(value, Tensor) else same_shape(machine, call)


def to(machine: Machine, call: Call) -> Value:
    kept = len(call.args) == 2 and call.arg(1) == DEVICE and not call.keywords
    return (same_integers if kept else same_shape)(machine, call)


_SAME_INTEGERS = frozenset({
    "abs", "clone", "contiguous", "cpu", "cuda", "detach", "flip", "roll", "cumsum", "clamp", "clip", "neg", "sign", "tril",
    "triu", "square", "zero_",
})  # fmt: skip
for _name in SAME:
    register(_name, same_integers if _name in _SAME_INTEGERS else same_shape)
for _name in ("long", "int", "argsort"):
    register(_name, to_integers)
register("to", to)
for _name in FUNCTIONAL_SAME:
    FUNCTIONS[f"torch.nn.functional.{_name}"] = Builtin(_name, same_shape)
for _name, _op in {"add": "+", "sub": "-", "mul": "*", "div": "/", "divide": "/", "matmul": "@", "bmm": "@",
    "mm": "@", "maximum": "max",
                   "minimum": "min", "add_": "+", "mul_": "*", "sub_": "-", "lerp": "+", "multiply": "*", "subtract": "-",
                   "true_divide": "/", "floor_divide": "//", "remainder": "%", "fmod": "%", "atan2": "*", "arctan2": "*",
                   "hypot": "*", "complex": "*", **dict.fromkeys(COMPARISONS, "==")}.items():  # fmt: skip

    def _operator(name: str, op: str) -> None:
        def run(machine: Machine, call: Call) -> Value:
            return elementwise(machine, op, call.arg(0), call.get(1, "other"), call.place)

        register(name, run)

    _operator(_name, _op)


# ---------------------------------------------------------------- arguments


def dims_of(machine: Machine, values: tuple[Value, ...], call: Call) -> list[Dim] | Unknown:
    """Sizes given one by one or as one tuple."""
    if len(values) == 1 and isinstance(values[0], (tuple, ListValue, ShapeOf)):
        items = exact(iterate(machine, values[0], call.place), call)
    else:
        items = list(values)
    if isinstance(items, Unknown):
        return items
    return [
        i if isinstance(i, (int, Expr, Unknown)) else Unknown("a size that is not a number", call.place) for i in items
    ]


def axis_of(value: Value, rank: int) -> int | None:
    """An axis counted from the front; None where it is not known or does not exist."""
    if isinstance(value, int) and not isinstance(value, bool) and -rank <= value < rank:
        return value % rank
    return None


def product(shape: Shape) -> Dim:
    total: Dim = 1
    for size in shape:
        total = total * size
    return total


# ---------------------------------------------------------------- making tensors


def _maker(machine: Machine, call: Call) -> Value:
    sizes = dims_of(machine, call.args or (call.keywords.get("size", ()),), call)
    if isinstance(sizes, Unknown):
        return sizes
    kind = Whole if numeric.is_whole(call.keywords.get("dtype")) else Tensor
    return machine.function("made", (), kind(tuple(sizes)), call)


for _name in ("rand", "randn", "zeros", "ones", "empty"):
    FUNCTIONS[f"torch.{_name}"] = Builtin(_name, _maker)
    TENSOR[f"new_{_name}"] = Builtin(
        _name, lambda machine, call: _maker(machine, Call(call.args[1:], call.keywords, call.place))
    )


@FUNCTIONS.knows("torch.full")
def full(machine: Machine, call: Call) -> Value:
    return _maker(machine, Call(call.args[:1] or (call.keywords.get("size", ()),), {}, call.place))


@TENSOR.knows("new_full")
def new_full(machine: Machine, call: Call) -> Value:
    return full(machine, Call(call.args[1:], call.keywords, call.place))


@FUNCTIONS.knows("torch.randperm")
def randperm(machine: Machine, call: Call) -> Value:
    made = _maker(machine, Call(call.args[:1], {}, call.place))
    return Whole(made.shape, made.origin) if isinstance(made, Tensor) else made


@FUNCTIONS.knows("torch.eye")
def eye(machine: Machine, call: Call) -> Value:
    rows = call.get(0, "n")
    columns = call.get(1, "m")
    return _maker(machine, Call(((rows, rows if columns is None else columns),), call.keywords, call.place))


@FUNCTIONS.knows("torch.randint")
def randint(machine: Machine, call: Call) -> Value:
    sizes = call.keywords.get("size", call.args[-1] if call.args else ())
    made = _maker(machine, Call((sizes,), {}, call.place))
    return Whole(made.shape, made.origin) if isinstance(made, Tensor) and "dtype" not in call.keywords else made


@FUNCTIONS.knows("torch.arange", "numpy.arange")
def arange(machine: Machine, call: Call) -> Value:
    numbers = numeric.arange(machine, call)
    if not isinstance(numbers, Unknown):
        return numbers
    length = call.arg(0)
    if len(call.args) == 1 and isinstance(length, (int, Expr)):
        dtype = call.keywords.get("dtype")
        return (Whole if numeric.is_whole(dtype) or (dtype is None and is_size(length)) else Tensor)((length,))
    return Unknown("a tensor whose length is not computed", call.place)


@FUNCTIONS.knows("torch._assert")
def assert_(machine: Machine, call: Call) -> Value:
    """An assertion that tracing sees through."""
    condition = call.arg(0)
    if machine.known_truth(condition) is False:
        raise Raised("AssertionError", call.place)
    machine.suppose(condition, True)
    return None


# ---------------------------------------------------------------- reading shapes


def size(machine: Machine, call: Call) -> Value:
    tensor, axis = settled(call.arg(0)), call.get(1, "dim")
    if isinstance(tensor, Fresh):
        whole = ShapeOf(tensor)
        if axis is None:
            return whole
        from padlint.evaluate.protocols import subscript

        return subscript(machine, whole, axis, call.place)
    if not isinstance(tensor, Tensor):
        return tensor if isinstance(tensor, Unknown) else Unknown("the size of something unknown", call.place)
    if axis is None:
        return sizes_of(tensor)
    at = axis_of(axis, len(tensor.shape))
    return sizes_of(tensor)[at] if at is not None else Unknown("an axis that is not known", call.place)


def dim(machine: Machine, call: Call) -> Value:
    tensor = settled(call.arg(0))
    return (
        len(tensor.shape) if isinstance(tensor, Tensor) else Unknown("the rank of the input is not known", call.place)
    )


def numel(machine: Machine, call: Call) -> Value:
    tensor = settled(call.arg(0))
    return product(tensor.shape) if isinstance(tensor, Tensor) else Unknown("the size of something unknown", call.place)


TENSOR["size"], TENSOR["dim"], TENSOR["numel"] = Builtin("size", size), Builtin("dim", dim), Builtin("numel", numel)
TENSOR["ndimension"], TENSOR["nelement"] = TENSOR["dim"], TENSOR["numel"]
FUNCTIONS["torch.numel"] = TENSOR["numel"]
