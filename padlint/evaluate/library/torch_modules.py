"""What modules of torch can do besides being called: containers that grow, walks over submodules."""

from __future__ import annotations

from padlint.arithmetic.dims import Unknown
from padlint.evaluate.machine import Machine, Raised
from padlint.evaluate.modules import add_children, fill_dict
from padlint.evaluate.protocols import child_name, iterate, named_layers, part_of, unsettle, unsettled
from padlint.evaluate.registry import Table
from padlint.evaluate.setting import set_attribute, store_attribute
from padlint.evaluate.tensors import tensor_of
from padlint.evaluate.values import (
    Call,
    Data,
    Instance,
    Many,
    MissingArgument,
    Tensor,
    TorchClass,
    Value,
    is_module,
    torch_base,
)
from padlint.evaluate.weight import words
from padlint.finding import Place

MODULE, SEQUENTIAL, LIST, DICT, OBJECT = Table(), Table(), Table(), Table(), Table()
FUNCTIONS = Table()
METHODS = {"Module": MODULE, "Sequential": SEQUENTIAL, "ModuleList": LIST, "ModuleDict": DICT, "object": OBJECT}


def own(call: Call) -> Instance:
    found = call.arg(0)
    if not isinstance(found, Instance):
        raise MissingArgument
    return found


def changed(machine: Machine, call: Call) -> Instance:
    """The module that a method changes."""
    found = own(call)
    machine.touch(found)
    machine.grown.add(id(found))
    return found


@MODULE.knows("add_module", "register_module")
def add_module(machine: Machine, call: Call) -> Value:
    module, child = changed(machine, call), call.get(2, "module")
    name = child_name(module, call.get(1, "name"), call.place)
    if machine.existed_before_loop(module.born):
        child = Many(child)
    module.children[name] = child
    return None


@MODULE.knows("children")
def children(machine: Machine, call: Call) -> Value:
    machine.walked.append(own(call))
    return machine.iterator([part_of(pair, 1) for pair in _distinct(machine, own(call))])


@MODULE.knows("modules")
def modules(machine: Machine, call: Call) -> Value:
    found: list[Value] = []
    _descend(machine, own(call), "", False, found, set())
    return machine.iterator([part_of(pair, 1) for pair in found])


def _descend(machine: Machine, value: Value, name: str, many: bool, found: list[Value], done: set[int]) -> None:
    """A module and all below it, each once, as pairs of path and module. `many`: it may be there any number of times."""
    many = many or isinstance(value, Many)
    inner = value.value if isinstance(value, Many) else value
    if isinstance(inner, Unknown):
        found.append(Many((Unknown(inner.reason, inner.place), inner)))
    if not isinstance(inner, Instance) or id(inner) in done:
        return
    done.add(id(inner))
    machine.charge(words(len(name)) + len(inner.children))
    found.append(Many((name, inner)) if many else (name, inner))
    for key, child in inner.children.items():
        _descend(machine, child, f"{name}.{key}".lstrip("."), many, found, done)
    if inner.open is not None:
        _descend(machine, inner.open, name, True, found, done)


def _distinct(machine: Machine, module: Instance) -> list[Value]:
    """The children with their names, pairs: each module once, without those that are None."""
    found: list[Value] = []
    seen: set[int] = set()
    machine.look(len(module.children))
    for pair in named_layers(module):
        child = part_of(pair, 1)
        if child is not None and id(child) not in seen:
            found.append(pair)
        if isinstance(child, Instance):
            seen.add(id(child))
    return found


@DICT.knows("items")
def items(machine: Machine, call: Call) -> Value:
    machine.walked.append(own(call))
    return machine.list(named_layers(own(call)))


@MODULE.knows("named_children")
def named_children(machine: Machine, call: Call) -> Value:
    machine.walked.append(own(call))
    return machine.iterator(_distinct(machine, own(call)))


@MODULE.knows("named_modules")
def named_modules(machine: Machine, call: Call) -> Value:
    found: list[Value] = []
    _descend(machine, own(call), "", False, found, set())
    return machine.iterator(found)


@MODULE.knows("parameters", "named_parameters", "buffers", "named_buffers", "state_dict")
def parameters(machine: Machine, call: Call) -> Value:
    return Unknown("the parameters of a module", call.place)


@MODULE.knows("get_submodule")
def get_submodule(machine: Machine, call: Call) -> Value:
    path, at = call.get(1, "target"), call.arg(0)
    if not isinstance(path, str):
        return Unknown("a submodule whose name is not known", call.place)
    for part in path.split(".") if path else ():
        if not isinstance(at, Instance) or part not in at.children:
            return Unknown(f"there is no submodule {path!r} that is known", call.place)
        at = at.children[part]
    return at


@MODULE.knows("register_buffer", "register_parameter")
def register_buffer(machine: Machine, call: Call) -> Value:
    name = call.get(1, "name")
    machine.touch(own(call))
    if isinstance(name, str):
        set_attribute(machine, own(call), name, call.get(2, "tensor", call.get(2, "param")), call.place)
    return None


@MODULE.knows(
    "train", "eval", "to", "cuda", "cpu", "half", "float", "double", "bfloat16", "requires_grad_", "type", "compile",
    "share_memory", "to_empty", "xpu", "mps",
)  # fmt: skip
def itself(machine: Machine, call: Call) -> Value:
    return call.arg(0)


@MODULE.knows("apply")
def apply(machine: Machine, call: Call) -> Value:
    """Every module below is given to the function, its children first."""
    _give(machine, call.arg(0), call.get(1, "fn"), call.place, set())
    return call.arg(0)


def _give(machine: Machine, module: Value, function: Value, place: Place, done: set[int]) -> None:
    if isinstance(module, Instance) and is_module(module) and id(module) not in done:
        done.add(id(module))
        for child in list(module.children.values()):
            _give(machine, child, function, place, done)
        machine.call(function, module, place=place)


@MODULE.knows("register_forward_hook", "register_forward_pre_hook")
def register_forward_hook(machine: Machine, call: Call) -> Value:
    """What a hook gives takes the place of what goes in or comes out, and whether it gives something is not known."""
    machine.touch(own(call))
    own(call).attrs["forward"] = Unknown("a hook may change what goes in or comes out", call.place)
    return None


@MODULE.knows("zero_grad", "load_state_dict", "reset_parameters", "extra_repr", "register_full_backward_hook",
              "register_load_state_dict_post_hook", "_register_load_state_dict_pre_hook",
              "register_state_dict_pre_hook")  # fmt: skip
def nothing(machine: Machine, call: Call) -> Value:
    return None


@MODULE.knows("__call__", "forward")
def forward(machine: Machine, call: Call) -> Value:
    return machine.invoke(call.arg(0), Call(call.args[1:], call.keywords, call.place, call.rest))


@MODULE.knows("__setattr__")
@OBJECT.knows("__setattr__")
def set_plainly(machine: Machine, call: Call) -> Value:
    name = call.arg(1)
    if isinstance(name, str):
        store_attribute(machine, call.arg(0), name, call.arg(2), call.place)
    return None


@OBJECT.knows("__init_subclass__")
def init_subclass(machine: Machine, call: Call) -> Value:
    return None


@SEQUENTIAL.knows("append")
@LIST.knows("append")
def append(machine: Machine, call: Call) -> Value:
    add_children(machine, changed(machine, call), [call.get(1, "module")], call.place)
    return call.arg(0)


@SEQUENTIAL.knows("extend", "__iadd__")
@LIST.knows("extend", "__iadd__")
def extend(machine: Machine, call: Call) -> Value:
    add_children(machine, changed(machine, call), iterate(machine, call.get(1, "modules", ()), call.place), call.place)
    return call.arg(0)


@SEQUENTIAL.knows("__add__")
@LIST.knows("__add__")
def joined(machine: Machine, call: Call) -> Value:
    """A new container that holds what both hold."""
    left, right = own(call), call.get(1, "other")
    base = torch_base(left.cls)
    assert base is not None
    made = Instance(base, call.place, machine.tick())
    made.open = left.open or (right.open if isinstance(right, Instance) else None)
    for part in (left, right):
        add_children(machine, made, iterate(machine, part, call.place), call.place)
    return made


@SEQUENTIAL.knows("__mul__", "__rmul__")
def repeated(machine: Machine, call: Call) -> Value:
    left, times = own(call), call.get(1, "other")
    if not isinstance(times, int) or not 0 < times <= 1000:
        return Unknown("a Sequential any number of times", call.place)
    made = Instance(TorchClass("Sequential"), call.place, machine.tick(), open=left.open)
    for _ in range(times):
        add_children(machine, made, iterate(machine, left, call.place), call.place)
    return made


@SEQUENTIAL.knows("__imul__")
def repeat_itself(machine: Machine, call: Call) -> Value:
    module, times = changed(machine, call), call.get(1, "other")
    if not isinstance(times, int) or not 0 < times <= 1000 or machine.existed_before_loop(module.born):
        unsettle(module, Unknown("a Sequential any number of times", call.place))
        return module
    items = iterate(machine, module, call.place)
    for _ in range(times - 1):
        add_children(machine, module, items, call.place)
    return module


@SEQUENTIAL.knows("insert")
@LIST.knows("insert")
def insert(machine: Machine, call: Call) -> Value:
    module, index = changed(machine, call), call.get(1, "index")
    if not isinstance(index, int) or machine.existed_before_loop(module.born):
        unsettle(module, Unknown("a layer inserted at an unknown place", call.place))
        return call.arg(0)
    machine.look(len(module.children))
    items = list(module.children.values())
    items.insert(index, call.get(2, "module"))
    module.children = {str(number): child for number, child in enumerate(items)}
    return call.arg(0)


@SEQUENTIAL.knows("pop")
@LIST.knows("pop")
def pop(machine: Machine, call: Call) -> Value:
    module, index = own(call), call.get(1, "key", -1)
    machine.touch(module)
    if (lost := unsettled(machine, module, call.place)) is not None:
        return lost
    machine.look(len(module.children))
    items = list(module.children.values())
    if not isinstance(index, int) or any(isinstance(item, Many) for item in items) or module.open is not None:
        reason = Unknown("a layer taken from an unknown place", call.place)
        unsettle(module, reason)
        return reason
    if not -len(items) <= index < len(items):
        raise Raised("IndexError", call.place)
    taken = items.pop(index)
    module.children = {str(number): child for number, child in enumerate(items)}
    return taken


@DICT.knows("keys")
def keys(machine: Machine, call: Call) -> Value:
    return machine.list([part_of(pair, 0) for pair in named_layers(own(call))])


@DICT.knows("values")
def values(machine: Machine, call: Call) -> Value:
    return children(machine, call)


@DICT.knows("pop")
def pop_named(machine: Machine, call: Call) -> Value:
    module, name = changed(machine, call), call.get(1, "key")
    if (lost := unsettled(machine, module, call.place)) is not None:
        return lost
    if isinstance(name, str) and module.open is None:
        if name not in module.children:
            raise Raised("KeyError", call.place)
        return module.children.pop(name)
    reason = Unknown("a layer taken from under an unknown name", call.place)
    unsettle(module, reason)
    return reason


@DICT.knows("update")
def update(machine: Machine, call: Call) -> Value:
    fill_dict(machine, changed(machine, call), call.get(1, "modules"), call.place)
    return None


@FUNCTIONS.knows("torch.nn.Parameter", "torch.nn.parameter.Parameter", "torch.nn.Buffer")
def parameter(machine: Machine, call: Call) -> Value:
    value = call.get(0, "data")
    if isinstance(value, Data):
        return Tensor((len(value.numbers),))  # training changes the numbers
    return value if isinstance(value, (Tensor, Unknown)) else Unknown("a parameter", call.place)


_FILLS = (
    "uniform", "normal", "constant", "eye", "dirac", "xavier_uniform", "xavier_normal", "kaiming_uniform", "kaiming_normal",
    "orthogonal", "sparse",
)  # fmt: skip
_INPLACE_ONLY = ("trunc_normal_", "ones_", "zeros_")


@FUNCTIONS.knows(*(f"torch.nn.init.{name}" for each in _FILLS for name in (each, f"{each}_")))
@FUNCTIONS.knows(*(f"torch.nn.init.{name}" for name in _INPLACE_ONLY))
def filled(machine: Machine, call: Call) -> Value:
    """The tensor itself, with other numbers."""
    return tensor_of(call.get(0, "tensor"))


_UTILS = "torch.nn.utils"


@FUNCTIONS.knows(
    f"{_UTILS}.spectral_norm", f"{_UTILS}.spectral_norm.spectral_norm", f"{_UTILS}.parametrizations.spectral_norm",
    f"{_UTILS}.remove_spectral_norm", f"{_UTILS}.spectral_norm.remove_spectral_norm", f"{_UTILS}.parametrizations.orthogonal",
    "torch.jit.script", "torch.compile", "torch.jit.freeze", "torch.nn.SyncBatchNorm.convert_sync_batchnorm",
)  # fmt: skip
def wrapped(machine: Machine, call: Call) -> Value:
    """What takes a module and gives it back with the same shapes and parameters."""
    value = call.get(0, "module")
    return value if is_module(value) else Unknown("a function of torch on something that is not known", call.place)


@FUNCTIONS.knows(f"{_UTILS}.weight_norm", f"{_UTILS}.weight_norm.weight_norm", f"{_UTILS}.parametrizations.weight_norm")
def weight_norm(machine: Machine, call: Call) -> Value:
    """The same shapes, and a parameter more: the lengths of what the weight consists of."""
    value = wrapped(machine, call)
    if isinstance(value, Instance):
        machine.touch(value)
        weight, dim = machine.attribute(value, "weight", call.place), call.get(2, "dim", 0)
        shape = weight.shape if isinstance(weight, Tensor) and isinstance(dim, int) and dim != -1 else ()
        value.attrs[_LENGTHS] = Tensor(tuple([size if axis == dim else 1 for axis, size in enumerate(shape)]))
    return value


@FUNCTIONS.knows(f"{_UTILS}.remove_weight_norm", f"{_UTILS}.weight_norm.remove_weight_norm")
def remove_weight_norm(machine: Machine, call: Call) -> Value:
    value = wrapped(machine, call)
    if isinstance(value, Instance):
        machine.touch(value)
        value.attrs.pop(_LENGTHS, None)
    return value


_LENGTHS = "weight_g"
