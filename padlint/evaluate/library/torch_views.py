"""Methods of tensors that change their shapes: views, reductions, repetitions, parts."""

from __future__ import annotations

from padlint.arithmetic.dims import Dim, Unknown, equal
from padlint.evaluate.library.torch_tensors import TENSOR, axis_of, dims_of, product, register, shapes
from padlint.evaluate.machine import Machine
from padlint.evaluate.tensors import settled
from padlint.evaluate.values import Call, Fresh, ListValue, Tensor, Value, Whole
from padlint.layers.base import Refusal, Shape


def flatten(machine: Machine, call: Call) -> Value:
    tensor = settled(call.get(0, "input"))
    start, end = call.get(1, "start_dim", 0), call.get(2, "end_dim", -1)
    if isinstance(tensor, (Fresh, Unknown)):
        reason = tensor if isinstance(tensor, Unknown) else Unknown("an input of unknown rank is flattened", call.place)
        return Tensor((reason, reason)) if start == 1 and end == -1 else reason
    if not isinstance(tensor, Tensor):
        return Unknown("flattens something unknown", call.place)
    first, last = axis_of(start, len(tensor.shape)), axis_of(end, len(tensor.shape))
    if first is None or last is None or first > last:
        return Unknown("flattens axes that are not known", call.place)
    shape = (*tensor.shape[:first], product(tensor.shape[first : last + 1]), *tensor.shape[last + 1 :])
    return machine.function("flatten", (tensor,), type(tensor)(shape), call)


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


def reduced(shape: Shape, machine: Machine, call: Call, first: int = 1, second: int = 2) -> Value | Refusal:
    """Without the axes that `dim` names; `first` and `second` are the positions of `dim` and `keepdim`."""
    axes, keep = call.get(first, "dim", call.keywords.get("axis")), call.get(second, "keepdim", False)
    if axes is None:
        return Tensor(())
    listed = list(axes) if isinstance(axes, (tuple, ListValue)) else [axes]
    chosen = [axis_of(axis, len(shape)) for axis in listed]
    if None in chosen or not isinstance(keep, bool):
        return Unknown("reduces axes that are not known")
    return Tensor(tuple(1 if index in chosen else s for index, s in enumerate(shape) if keep or index not in chosen))


def norm(shape: Shape, machine: Machine, call: Call) -> Value | Refusal:
    """`norm(input, p, dim, keepdim)`"""
    return reduced(shape, machine, call, 2, 3)


def spread(shape: Shape, machine: Machine, call: Call) -> Value | Refusal:
    """`var(input, dim, unbiased, keepdim)`"""
    return reduced(shape, machine, call, 1, 3)


def spread_and_mean(shape: Shape, machine: Machine, call: Call) -> Value | Refusal:
    output = spread(shape, machine, call)
    return (output, output) if isinstance(output, Tensor) else output


def truths(shape: Shape, machine: Machine, call: Call) -> Value | Refusal:
    """`all` and `any`: along axes, a tensor; of all numbers, a truth."""
    axes = call.get(1, "dim", call.keywords.get("axis"))
    return Unknown("whether the numbers of a tensor are true") if axes is None else reduced(shape, machine, call)


def ordered(shape: Shape, machine: Machine, call: Call) -> Value | Refusal:
    """The values along an axis in their order, or the greatest up to each, and where they were."""
    return (Tensor(shape), Whole(shape))


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
    if isinstance(sizes, (tuple, ListValue)):
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


def resized(shape: Shape, machine: Machine, call: Call) -> Value | Refusal:
    sizes = dims_of(machine, call.args[1:] or (call.keywords.get("size", ()),), call)
    return sizes if isinstance(sizes, Unknown) else Tensor(tuple(sizes))


for _name, _run in {
    "view": view, "reshape": view, "permute": permute, "transpose": transpose, "swapaxes": transpose, "t": t,
    "squeeze": squeeze, "unsqueeze": unsqueeze, "transpose_": transpose, "swapaxes_": transpose, "t_": t,
    "squeeze_": squeeze, "unsqueeze_": unsqueeze, "resize_": resized, "mean": reduced, "sum": reduced,
    "amax": reduced, "amin": reduced, "std": spread, "var": spread, "prod": reduced, "argmax": reduced,
    "argmin": reduced, "norm": norm, "logsumexp": reduced, "max": reduced_pair, "min": reduced_pair, "all": truths,
    "any": truths, "median": reduced_pair, "mode": reduced_pair, "var_mean": spread_and_mean, "std_mean": spread_and_mean,
    "sort": ordered, "cummax": ordered, "cummin": ordered,
    "expand": expand, "repeat": repeat, "chunk": chunk, "split": split, "unbind": unbind, "unflatten": unflatten,
}.items():  # fmt: skip
    register(_name, shapes(_run))
register("flatten", flatten)


def ravel(shape: Shape, machine: Machine, call: Call) -> Value | Refusal:
    return Tensor((product(shape),))


def view_as_real(shape: Shape, machine: Machine, call: Call) -> Value | Refusal:
    """The two parts of each number become an axis of their own, the last one."""
    return Tensor((*shape, 2))


def view_as_complex(shape: Shape, machine: Machine, call: Call) -> Value | Refusal:
    return Tensor(shape[:-1])


for _name, _run in {"ravel": ravel, "view_as_real": view_as_real, "view_as_complex": view_as_complex}.items():
    register(_name, shapes(_run))


def differences(machine: Machine, call: Call) -> Value:
    return Unknown("the differences of a tensor", call.place)


register("diff", differences)


@TENSOR.knows("view_as", "reshape_as", "expand_as")
def as_other(machine: Machine, call: Call) -> Value:
    other = settled(call.get(1, "other"))
    return other if isinstance(other, Tensor) else Unknown("a tensor of unknown shape", call.place)
