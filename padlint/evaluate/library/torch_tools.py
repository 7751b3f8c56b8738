"""Tools that are known to call a model, with a tensor or one of a given shape: summaries, exporters, counters."""

from __future__ import annotations

from padlint.arithmetic.dims import Dim, Expr, Unknown, symbol
from padlint.evaluate.library.basics import exact
from padlint.evaluate.machine import Machine
from padlint.evaluate.protocols import iterate
from padlint.evaluate.registry import Table
from padlint.evaluate.tensors import settled
from padlint.evaluate.values import (
    Builtin,
    Call,
    DictValue,
    Fresh,
    Instance,
    ListValue,
    Namespace,
    TorchClass,
    Value,
    is_module,
)
from padlint.layers.base import Tensor

FUNCTIONS = Table()


def _called(machine: Machine, name: str, model: Value, inputs: Value, call: Call, keywords: Value = None) -> Value:
    """Call a model as exporters do: a tuple or list holds the arguments, a dict names them, a tensor is alone."""
    named = _named(keywords) or {}
    if isinstance(inputs, (tuple, ListValue)):
        items = exact(list(inputs), call)
        if isinstance(items, Unknown):
            return items
        return machine.invoke(model, Call(tuple(items), named, call.place))
    if isinstance(inputs, (Tensor, Fresh)):
        return machine.invoke(model, Call((inputs,), named, call.place))
    return inputs if isinstance(inputs, Unknown) else Unknown(f"{name} with inputs that are not known", call.place)


def _named(value: Value) -> dict[str, Value] | None:
    """Keyword arguments in a dict of which everything is known."""
    if not isinstance(value, DictValue) or value.rest is not None:
        return None
    return {key: each for key, each in value.items() if isinstance(key, str)}


def _tensor(machine: Machine, name: str, sizes: Value, batch: Dim | None, call: Call) -> Tensor | Unknown:
    """The tensor that a tool makes of a shape; `batch` is put in front."""
    unknown = Unknown(f"{name} with a shape that is not known", call.place)
    items = exact(iterate(machine, sizes, call.place), call)
    known = [item for item in ([] if isinstance(items, Unknown) else items) if isinstance(item, (int, Expr))]
    if isinstance(items, Unknown) or len(known) < len(items) or not known:
        return unknown
    shape: tuple[Dim, ...] = tuple(known) if batch is None else (batch, *known)
    made = machine.function(name, (), Tensor(shape), call)
    return made if isinstance(made, Tensor) else unknown


def _several(value: Value) -> tuple[Value, ...]:
    """One shape, or a list of them for a model with several inputs."""
    nested = isinstance(value, (tuple, ListValue)) and any(isinstance(each, (tuple, ListValue)) for each in value)
    return tuple(value) if nested and isinstance(value, (tuple, ListValue)) else (value,)


def _with_shapes(machine: Machine, name: str, model: Value, shapes: Value, batch: Dim | None, call: Call) -> Value:
    tensors = tuple(_tensor(machine, name, shape, batch, call) for shape in _several(shapes))
    return machine.invoke(model, Call(tensors, {}, call.place))


# ---------------------------------------------------------------- summaries


@FUNCTIONS.knows("torchinfo.summary", "torchinfo.torchinfo.summary")
def info(machine: Machine, call: Call) -> Value:
    """`summary(model, input_size, input_data, batch_dim)`: exactly these sizes; a batch_dim adds an axis of 1 there."""
    name, model = "torchinfo.summary", call.get(0, "model")
    shapes, data = call.get(1, "input_size"), call.get(2, "input_data")
    if data is not None:
        named = _named(data)
        _called(machine, name, model, data if named is None else (), call, data)
    elif shapes is not None and call.get(3, "batch_dim") in (None, 0):
        _with_shapes(machine, name, model, shapes, None if call.get(3, "batch_dim") is None else 1, call)
    return Unknown("a summary", call.place)


@FUNCTIONS.knows("torchsummary.summary", "torchsummary.torchsummary.summary")
def sample_summary(machine: Machine, call: Call) -> Value:
    """`summary(model, input_size)`: the shape of one sample, without the batch."""
    batch = symbol("N", minimum=1)
    _with_shapes(machine, "torchsummary.summary", call.get(0, "model"), call.get(1, "input_size"), batch, call)
    return None


@FUNCTIONS.knows("ptflops.get_model_complexity_info")
def complexity(machine: Machine, call: Call) -> Value:
    """`get_model_complexity_info(model, input_res)`: a batch of one."""
    if call.keywords.get("input_constructor") is None:
        name = "ptflops.get_model_complexity_info"
        model, shape = call.get(0, "model"), call.get(1, "input_res")
        machine.invoke(model, Call((_tensor(machine, name, shape, 1, call),), {}, call.place))
    return (Unknown("a number of operations", call.place), Unknown("a number of parameters", call.place))


# ---------------------------------------------------------------- exporters


@FUNCTIONS.knows("torch.onnx.export", "torch.onnx.utils.export")
def onnx(machine: Machine, call: Call) -> Value:
    """`export(model, args, f, kwargs=...)`: a dict at the end of a tuple holds keyword arguments."""
    args, named = settled(call.get(1, "args")), call.keywords.get("kwargs")
    if isinstance(args, tuple) and args and isinstance(args[-1], DictValue):
        args, named = args[:-1], args[-1]
    _called(machine, "torch.onnx.export", call.get(0, "model"), args, call, named)
    return None


@FUNCTIONS.knows("torch.export.export")
def export(machine: Machine, call: Call) -> Value:
    _called(machine, "torch.export.export", call.get(0, "mod"), call.get(1, "args"), call, call.get(2, "kwargs"))
    return Unknown("an exported program", call.place)


@FUNCTIONS.knows("torch.jit.trace")
def trace(machine: Machine, call: Call) -> Value:
    """Gives a module that computes the same."""
    model = call.get(0, "func")
    inputs = call.get(1, "example_inputs")
    if inputs is not None:
        _called(machine, "torch.jit.trace", model, inputs, call)
    return model


# ---------------------------------------------------------------- counters


@FUNCTIONS.knows("thop.profile", "thop.profile.profile")
def profile(machine: Machine, call: Call) -> Value:
    _called(machine, "thop.profile", call.get(0, "model"), call.get(1, "inputs"), call)
    return (Unknown("a number of operations", call.place), Unknown("a number of parameters", call.place))


@FUNCTIONS.knows("fvcore.nn.FlopCountAnalysis", "fvcore.nn.flop_count.FlopCountAnalysis",
                 "fvcore.nn.ActivationCountAnalysis")  # fmt: skip
def analysis(machine: Machine, call: Call) -> Value:
    _called(machine, "fvcore.nn.FlopCountAnalysis", call.get(0, "model"), call.get(1, "inputs"), call)
    return Unknown("an analysis", call.place)


@FUNCTIONS.knows("torch.utils.tensorboard.SummaryWriter", "torch.utils.tensorboard.writer.SummaryWriter",
                 "tensorboardX.SummaryWriter")  # fmt: skip
def writer(machine: Machine, call: Call) -> Value:
    def add_graph(inner: Machine, graph: Call) -> Value:
        _called(inner, "add_graph", graph.get(0, "model"), graph.get(1, "input_to_model"), graph)
        return None

    return Namespace("torch.utils.tensorboard.SummaryWriter", {"add_graph": Builtin("add_graph", add_graph)})


# ---------------------------------------------------------------- wrappers


@FUNCTIONS.knows("torch.nn.DataParallel", "torch.nn.parallel.DataParallel", "torch.nn.parallel.DistributedDataParallel")
def parallel(machine: Machine, call: Call) -> Value:
    """A module whose only child `module` is called as it is."""
    model = call.get(0, "module")
    if not is_module(model):
        return Unknown("a parallel model of something unknown", call.place)
    return Instance(TorchClass("DataParallel"), call.place, machine.tick(), children={"module": model})
