"""Functions of torch and methods of tensors that make tensors or change their shapes."""

from __future__ import annotations

from collections.abc import Callable

from padlint.arithmetic.dims import Dim, Expr, Unknown, equal
from padlint.evaluate.library import numeric
from padlint.evaluate.library.basics import exact
from padlint.evaluate.machine import Machine
from padlint.evaluate.protocols import iterate
from padlint.evaluate.registry import Table
from padlint.evaluate.tensors import elementwise, settled
from padlint.evaluate.values import Builtin, Call, Data, Fresh, ListValue, ShapeOf, Tensor, Value
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
        if isinstance(output, Unknown):
            return output if output.place is not None else Unknown(output.reason, call.place)
        return machine.function(run.__name__.strip("_"), (tensor,), output, call)

    known.__name__ = run.__name__
    return known


def register(name: str, run: Callable[[Machine, Call], Value]) -> None:
    """Know a function as `torch.x` and as the method `tensor.x`."""

    def computed(machine: Machine, call: Call) -> Value:
        """Of a tensor of known numbers, the numbers."""
        own = call.get(0, "input")
        if isinstance(own, Data):
            if name in numeric.METHOD:
                return numeric.METHOD[name].run(machine, call)
            if name in numeric.OVERLOADS:
                return numeric.elementwise(numeric.OVERLOADS[name], own, call.get(1, "other"))
            own = Tensor((len(own.numbers),))
            return run(machine, Call((own, *call.args[1:]), call.keywords, call.place, call.rest))
        if isinstance(call.get(1, "other"), Data) and name in numeric.OVERLOADS and isinstance(own, int | float):
            return numeric.elementwise(numeric.OVERLOADS[name], own, call.arg(1))
        return run(machine, call)

    known = Builtin(name, computed)
    TENSOR[name] = known
    FUNCTIONS[f"torch.{name}"] = known
    FUNCTIONS[f"torch.Tensor.{name}"] = known


def same_shape(machine: Machine, call: Call) -> Value:
    value = settled(call.get(0, "input"))
    return value if isinstance(value, Tensor | Fresh | Unknown) else Unknown("a tensor of unknown shape", call.place)


for _name in SAME:
    register(_name, same_shape)
for _name in FUNCTIONAL_SAME:
    FUNCTIONS[f"torch.nn.functional.{_name}"] = Builtin(_name, same_shape)
for _name, _op in {"add": "+", "sub": "-", "mul": "*", "div": "/", "divide": "/", "matmul": "@", "bmm": "@",
    "mm": "@", "maximum": "max",
                   "minimum": "min", "add_": "+", "mul_": "*", "sub_": "-", "eq": "==", "lerp": "+"}.items():  # fmt: skip

    def _operator(name: str, op: str) -> None:
        def run(machine: Machine, call: Call) -> Value:
            return elementwise(machine, op, call.arg(0), call.get(1, "other"), call.place)

        register(name, run)

    _operator(_name, _op)


# ---------------------------------------------------------------- arguments


def dims_of(machine: Machine, values: tuple[Value, ...], call: Call) -> list[Dim] | Unknown:
    """Sizes given one by one or as one tuple."""
    if len(values) == 1 and isinstance(values[0], tuple | ListValue | ShapeOf):
        items = exact(iterate(machine, values[0], call.place), call)
    else:
        items = list(values)
    if isinstance(items, Unknown):
        return items
    return [
        i if isinstance(i, int | Expr | Unknown) else Unknown("a size that is not a number", call.place) for i in items
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
    return sizes if isinstance(sizes, Unknown) else machine.function("made", (), Tensor(tuple(sizes)), call)


for _name in ("rand", "randn", "zeros", "ones", "empty"):
    FUNCTIONS[f"torch.{_name}"] = Builtin(_name, _maker)
    TENSOR[f"new_{_name}"] = Builtin(
        _name, lambda machine, call: _maker(machine, Call(call.args[1:], call.keywords, call.place))
    )


@FUNCTIONS.knows("torch.full")
def full(machine: Machine, call: Call) -> Value:
    return _maker(machine, Call(call.args[:1] or (call.keywords.get("size", ()),), {}, call.place))


@FUNCTIONS.knows("torch.randint")
def randint(machine: Machine, call: Call) -> Value:
    sizes = call.keywords.get("size", call.args[-1] if call.args else ())
    return _maker(machine, Call((sizes,), {}, call.place))


@FUNCTIONS.knows("torch.arange", "numpy.arange")
def arange(machine: Machine, call: Call) -> Value:
    numbers = numeric.arange(machine, call)
    if not isinstance(numbers, Unknown):
        return numbers
    length = call.arg(0)
    if len(call.args) == 1 and isinstance(length, int | Expr):
        return Tensor((length,))
    return Unknown("a tensor whose length is not computed", call.place)


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
        return tensor.shape
    at = axis_of(axis, len(tensor.shape))
    return tensor.shape[at] if at is not None else Unknown("an axis that is not known", call.place)


def dim(machine: Machine, call: Call) -> Value:
    tensor = settled(call.arg(0))
    return (
        len(tensor.shape) if isinstance(tensor, Tensor) else Unknown("the rank of the input is not known", call.place)
    )


def numel(machine: Machine, call: Call) -> Value:
    tensor = settled(call.arg(0))
    return product(tensor.shape) if isinstance(tensor, Tensor) else Unknown("the size of something unknown", call.place)


TENSOR["size"], TENSOR["dim"], TENSOR["numel"] = Builtin("size", size), Builtin("dim", dim), Builtin("numel", numel)
FUNCTIONS["torch.numel"] = TENSOR["numel"]


# ---------------------------------------------------------------- changing shapes


def flatten(machine: Machine, call: Call) -> Value:
    tensor = settled(call.get(0, "input"))
    start, end = call.get(1, "start_dim", 0), call.get(2, "end_dim", -1)
    if isinstance(tensor, Fresh | Unknown):
        reason = tensor if isinstance(tensor, Unknown) else Unknown("an input of unknown rank is flattened", call.place)
        return Tensor((reason, reason)) if start == 1 and end == -1 else reason
    if not isinstance(tensor, Tensor):
        return Unknown("flattens something unknown", call.place)
    first, last = axis_of(start, len(tensor.shape)), axis_of(end, len(tensor.shape))
    if first is None or last is None or first > last:
        return Unknown("flattens axes that are not known", call.place)
    shape = (*tensor.shape[:first], product(tensor.shape[first : last + 1]), *tensor.shape[last + 1 :])
    return machine.function("flatten", (tensor,), Tensor(shape), call)


def view(shape: Shape, machine: Machine, call: Call) -> Value | Refusal:
    sizes = dims_of(machine, call.args[1:] or (call.keywords.get("shape", ()),), call)
    if isinstance(sizes, Unknown):
        return sizes
    total = product(shape)
    free = [index for index, size in enumerate(sizes) if equal(size, -1) is True]
    if not free:
        if equal(total, product(tuple(sizes))) is False:
            return Refusal(
                "PAD306", f"{total} elements cannot be viewed as {len(sizes)} axes of {product(tuple(sizes))}"
            )
        return Tensor(tuple(sizes))
    if len(free) > 1:
        return Unknown("more than one -1 in a view")
    rest = product(tuple(size for index, size in enumerate(sizes) if index != free[0]))
    if equal(total % rest, 0) is False:
        return Refusal("PAD303", f"{total} elements cannot be viewed in rows of {rest}")
    sizes[free[0]] = quotient(shape, [size for index, size in enumerate(sizes) if index != free[0]])
    return Tensor(tuple(sizes))


def quotient(shape: Shape, divisors: list[Dim]) -> Dim:
    """The product of a shape over the product of sizes, with equal factors cancelled."""
    factors: list[Dim] = list(shape)
    left: list[Dim] = []
    for divisor in divisors:
        match = next((index for index, factor in enumerate(factors) if equal(factor, divisor) is True), None)
        if match is None:
            left.append(divisor)
        else:
            del factors[match]
    return product(tuple(factors)) // product(tuple(left)) if left else product(tuple(factors))


def permute(shape: Shape, machine: Machine, call: Call) -> Value | Refusal:
    order = dims_of(machine, call.args[1:] or (call.keywords.get("dims", ()),), call)
    if isinstance(order, Unknown):
        return order
    axes = [axis_of(axis, len(shape)) for axis in order]
    if sorted(axis for axis in axes if axis is not None) != list(range(len(shape))):
        return (
            Refusal("PAD306", f"permutes {len(order)} axes of a tensor of {len(shape)}")
            if None not in axes
            else Unknown("axes")
        )
    return Tensor(tuple(shape[axis] for axis in axes if axis is not None))


def transpose(shape: Shape, machine: Machine, call: Call) -> Value | Refusal:
    first, second = axis_of(call.get(1, "dim0"), len(shape)), axis_of(call.get(2, "dim1"), len(shape))
    if first is None or second is None:
        return Unknown("axes that are not known")
    sizes = list(shape)
    sizes[first], sizes[second] = sizes[second], sizes[first]
    return Tensor(tuple(sizes))


def t(shape: Shape, machine: Machine, call: Call) -> Value | Refusal:
    return Tensor(shape[::-1]) if len(shape) <= 2 else Unknown("t() of more than two axes")


def squeeze(shape: Shape, machine: Machine, call: Call) -> Value | Refusal:
    axes = call.get(1, "dim")
    if axes is None:
        if any(equal(size, 1) is None for size in shape):
            return Unknown("squeezes axes of unknown size")
        return Tensor(tuple(size for size in shape if equal(size, 1) is False))
    chosen = [axis_of(axis, len(shape)) for axis in (axes if isinstance(axes, tuple) else (axes,))]
    if None in chosen or any(equal(shape[axis], 1) is None for axis in chosen if axis is not None):
        return Unknown("squeezes axes that are not known")
    return Tensor(tuple(s for index, s in enumerate(shape) if index not in chosen or equal(s, 1) is False))


def unsqueeze(shape: Shape, machine: Machine, call: Call) -> Value | Refusal:
    at = axis_of(call.get(1, "dim"), len(shape) + 1)
    return Tensor((*shape[:at], 1, *shape[at:])) if at is not None else Unknown("an axis that is not known")


def reduced(shape: Shape, machine: Machine, call: Call) -> Value | Refusal:
    axes, keep = call.get(1, "dim", call.keywords.get("axis")), call.get(2, "keepdim", False)
    if axes is None:
        return Tensor(())
    listed = list(axes) if isinstance(axes, tuple | ListValue) else [axes]
    chosen = [axis_of(axis, len(shape)) for axis in listed]
    if None in chosen or not isinstance(keep, bool):
        return Unknown("reduces axes that are not known")
    return Tensor(tuple(1 if index in chosen else s for index, s in enumerate(shape) if keep or index not in chosen))


def reduced_pair(shape: Shape, machine: Machine, call: Call) -> Value | Refusal:
    """max and min along an axis give values and indices; of two tensors, the larger."""
    if isinstance(call.get(1, "dim"), Tensor):
        return Tensor(shape)
    output = reduced(shape, machine, call)
    return (output, output) if call.get(1, "dim") is not None and isinstance(output, Tensor) else output


def expand(shape: Shape, machine: Machine, call: Call) -> Value | Refusal:
    sizes = dims_of(machine, call.args[1:], call)
    if isinstance(sizes, Unknown) or len(sizes) < len(shape):
        return Unknown("expands to sizes that are not known")
    padded = [None] * (len(sizes) - len(shape)) + list(shape)
    return Tensor(
        tuple(
            old if old is not None and equal(new, -1) is True else new for old, new in zip(padded, sizes, strict=True)
        )
    )


def repeat(shape: Shape, machine: Machine, call: Call) -> Value | Refusal:
    times = dims_of(machine, call.args[1:], call)
    if isinstance(times, Unknown) or len(times) < len(shape):
        return Unknown("repeats by numbers that are not known")
    padded: list[Dim] = [1] * (len(times) - len(shape)) + list(shape)
    return Tensor(tuple(size * count for size, count in zip(padded, times, strict=True)))


def chunk(shape: Shape, machine: Machine, call: Call) -> Value | Refusal:
    count, at = call.get(1, "chunks"), axis_of(call.get(2, "dim", 0), len(shape))
    if at is None or not isinstance(count, int) or not 1 <= count <= 64:
        return Unknown("chunks whose number is not known")
    total = shape[at]
    if isinstance(total, int) and total > 0:  # torch may give fewer, and a shorter last one
        length = -(-total // count)
        sizes = [min(length, total - start) for start in range(0, total, length)]
        return tuple(Tensor((*shape[:at], size, *shape[at + 1 :])) for size in sizes)
    if equal(total % count, 0) is not True:
        return Unknown("chunks that are not known to be equal")
    return (Tensor((*shape[:at], total // count, *shape[at + 1 :])),) * count


def split(shape: Shape, machine: Machine, call: Call) -> Value | Refusal:
    sizes, at = call.get(1, "split_size_or_sections"), axis_of(call.get(2, "dim", 0), len(shape))
    if at is None:
        return Unknown("splits along an axis that is not known")
    if isinstance(sizes, tuple | ListValue):
        parts = dims_of(machine, (sizes,), call)
    else:
        total = shape[at]
        if not isinstance(sizes, int) or not isinstance(total, int) or sizes < 1 or total // sizes > 64:
            return Unknown("splits into a number of parts that is not known")
        parts = [min(sizes, total - start) for start in range(0, total, sizes)]
    if isinstance(parts, Unknown):
        return parts
    return tuple(Tensor((*shape[:at], part, *shape[at + 1 :])) for part in parts)


def unbind(shape: Shape, machine: Machine, call: Call) -> Value | Refusal:
    at = axis_of(call.get(1, "dim", 0), len(shape))
    count = shape[at] if at is not None else None
    if at is None or not isinstance(count, int) or count > 64:
        return Unknown("unbinds an axis of unknown size")
    return (Tensor((*shape[:at], *shape[at + 1 :])),) * count


def unflatten(shape: Shape, machine: Machine, call: Call) -> Value | Refusal:
    at, sizes = axis_of(call.get(1, "dim"), len(shape)), dims_of(machine, (call.get(2, "sizes"),), call)
    if at is None or isinstance(sizes, Unknown):
        return Unknown("unflattens by sizes that are not known")
    free = [index for index, size in enumerate(sizes) if equal(size, -1) is True]
    if len(free) == 1:
        sizes[free[0]] = shape[at] // product(tuple(s for index, s in enumerate(sizes) if index != free[0]))
    return Tensor((*shape[:at], *sizes, *shape[at + 1 :]))


for _name, _run in {
    "view": view, "reshape": view, "permute": permute, "transpose": transpose, "swapaxes": transpose, "t": t,
    "squeeze": squeeze, "unsqueeze": unsqueeze, "mean": reduced, "sum": reduced, "amax": reduced, "amin": reduced,
    "std": reduced, "var": reduced, "prod": reduced, "argmax": reduced, "argmin": reduced, "norm": reduced, "logsumexp": reduced,
    "max": reduced_pair, "min": reduced_pair, "expand": expand, "repeat": repeat, "chunk": chunk, "split": split,
    "unbind": unbind, "unflatten": unflatten,
}.items():  # fmt: skip
    register(_name, shapes(_run))
register("flatten", flatten)


def differences(machine: Machine, call: Call) -> Value:
    return Unknown("the differences of a tensor", call.place)


register("diff", differences)


@TENSOR.knows("view_as", "reshape_as", "expand_as")
def as_other(machine: Machine, call: Call) -> Value:
    other = settled(call.get(1, "other"))
    return other if isinstance(other, Tensor) else Unknown("a tensor of unknown shape", call.place)


# ---------------------------------------------------------------- joining


@FUNCTIONS.knows("torch.cat", "torch.concat", "torch.concatenate")
def cat(machine: Machine, call: Call) -> Value:
    items = exact(iterate(machine, call.get(0, "tensors", ()), call.place), call)
    tensors = items if isinstance(items, Unknown) else [settled(item) for item in items]
    if isinstance(tensors, Unknown) or not tensors or not all(isinstance(item, Tensor) for item in tensors):
        unknown = next((i for i in tensors if isinstance(i, Unknown)), None) if isinstance(tensors, list) else tensors
        return unknown or Unknown("tensors of unknown shape are joined", call.place)
    known = tuple(item for item in tensors if isinstance(item, Tensor))
    at = axis_of(call.get(1, "dim", call.keywords.get("axis", 0)), len(known[0].shape))
    if at is None:
        return Unknown("tensors are joined along an axis that is not known", call.place)
    return machine.function("cat", known, joined([tensor.shape for tensor in known], at), call)


def joined(parts: list[Shape], at: int) -> Tensor | Refusal:
    """The shape of tensors joined along an axis; all other axes must agree."""
    first = parts[0]
    shape: list[Dim] = list(first)
    for other in parts[1:]:
        if len(other) != len(first):
            return Refusal("PAD208", f"tensors of {len(first)} and of {len(other)} axes are joined")
        for axis, (a, b) in enumerate(zip(first, other, strict=True)):
            if axis == at:
                shape[at] = shape[at] + b
            elif equal(a, b) is False:
                return Refusal("PAD208", f"sizes {a} and {b} do not agree in axis {axis}")
            elif isinstance(b, int):
                shape[axis] = b
    return Tensor(tuple(shape))


@FUNCTIONS.knows("torch.stack")
def stack(machine: Machine, call: Call) -> Value:
    items = exact(iterate(machine, call.get(0, "tensors", ()), call.place), call)
    if isinstance(items, Unknown):
        return items
    tensors = [settled(item) for item in items]
    first = tensors[0] if tensors else None
    if not isinstance(first, Tensor) or not all(isinstance(item, Tensor) for item in tensors):
        lost = next((item for item in tensors if isinstance(item, Unknown)), None)
        return lost or Unknown("tensors of unknown shape are stacked", call.place)
    at = axis_of(call.get(1, "dim", 0), len(first.shape) + 1)
    if at is None:
        return Unknown("tensors are stacked along an axis that is not known", call.place)
    return machine.function("stack", tuple(tensors), Tensor((*first.shape[:at], len(tensors), *first.shape[at:])), call)
