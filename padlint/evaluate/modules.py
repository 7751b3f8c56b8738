"""torch's modules: how they are built, what their containers hold, what calling them gives."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence

from padlint.arithmetic.dims import Dim, Expr, Unknown, substitute, symbol, symbols
from padlint.evaluate.layer_cache import Built as Answer
from padlint.evaluate.machine import Machine, Raised
from padlint.evaluate.protocols import child_name, container_kind, defines, iterate
from padlint.evaluate.protocols import plain as plain
from padlint.evaluate.record import Built
from padlint.evaluate.tensors import LOSSES, compared, settled
from padlint.evaluate.values import (
    BoundMethod,
    Call,
    ClassValue,
    Derived,
    DictValue,
    External,
    Fresh,
    Function,
    Instance,
    Many,
    Tensor,
    TorchClass,
    Value,
    is_module,
    linearised,
    torch_base,
)
from padlint.finding import Place
from padlint.layers.base import Arguments, Layer, Output, Refusal
from padlint.layers.base import Value as LayerValue


def build(machine: Machine, cls: TorchClass, call: Call) -> Value:
    """`nn.Conv2d(3, 64, 3)`, `nn.Sequential(...)`."""
    made = Instance(cls, call.place, machine.tick())
    initialise(machine, made, cls, call)
    if made.args is None and made.refusal is not None and machine.record.guarded:
        raise Raised("TypeError", call.place)  # what a `try` around it waits for
    return made


def is_known_module(value: Instance) -> bool:
    return is_module(value) and not defines(value, "__call__")


def initialise(machine: Machine, made: Instance, base: TorchClass, call: Call) -> None:
    """What torch's own `__init__` of this class does to the instance."""
    if base.layer is not None:
        _initialise_layer(machine, made, base.layer, call)
    elif base.name == "Sequential":
        _fill_sequential(machine, made, call)
    elif base.name == "ModuleList":
        items = iterate(machine, call.get(0, "modules", ()) or (), call.place)
        add_children(machine, made, items, call.place)
    elif base.name == "ModuleDict":
        fill_dict(machine, made, call.get(0, "modules"), call.place)
    else:
        return
    note_built(machine, made, call.place)


def note_built(machine: Machine, made: Instance, place: Place) -> None:
    """Record a module, with the function in which it was built."""
    qualname = ""
    if machine.frames:
        callee = machine.frames[-1].callee
        qualname = f"{callee.qualname}.__init__" if isinstance(callee, ClassValue) else callee.qualname
    guarded, decided = machine.record.guarded > 0, len(machine.decisions.taken)
    machine.record.built.append(Built(made, place, machine.frames, qualname, guarded, decided))


def _initialise_layer(machine: Machine, made: Instance, layer: Layer, call: Call) -> None:
    positional, keywords = list(call.args), dict(call.keywords)
    unsure = call.rest
    for index, value in enumerate(positional):
        if isinstance(value, Many):
            unsure = Unknown("one of any number of arguments", call.place)
            positional = positional[:index]
            break
    made.place = call.place
    given = {name: plain(value) for name, value in keywords.items()}
    given.update({name: plain(value) for name, value in machine.world.changes.get(call.place, {}).items()})
    if unsure is not None:
        taken = {parameter.name for parameter in layer.signature[: len(positional)]}
        rest = [p.name for p in layer.signature if p.name not in taken and p.kind in ("positional", "keyword")]
        given = {**{name: unsure for name in rest}, **given}
    changed = machine.world.changes.get(call.place, {})
    values = [plain(changed.get(p.name, v)) for p, v in zip(layer.signature, positional, strict=False)]
    values += [plain(value) for value in positional[len(values) :]]
    names = {p.name for p in layer.signature[: len(positional)]}
    kept = {n: v for n, v in given.items() if not (n in names and n in changed)}
    made.args, made.refusal = _asked(machine, layer, values, kept)
    own = made.args or {}
    derived = {name: value.of(own) for name, value in changed.items() if isinstance(value, Derived)} if own else {}
    if derived:
        made.args, made.refusal = machine.world.layers.build(layer, [], {**own, **derived})


def _asked(machine: Machine, layer: Layer, values: list[LayerValue], given: dict[str, LayerValue]) -> Answer:
    """What the catalogue says of these arguments. What torch refuses only because a root took it to be left out, or to be
    the None that stands for nothing, is not known."""
    found = machine.world.layers.build(layer, values, given)
    if found[1] is not None:
        machine.impure()  # another root takes other things to be left out
    names = [parameter.name for parameter in layer.signature]
    for _ in names if machine.ungiven is not None else ():
        if found[1] is None:
            break
        named = {**dict(zip(names, values, strict=False)), **given}
        wanted = [found[1].argument] if found[1].argument else [p.name for p in layer.signature if p.required]
        doubted = [n for n in wanted if n in names and named.get(n) is None and (n in named or machine.spare)]
        if not doubted or len(values) > len(names):
            break
        values, given = [], {**named, **dict.fromkeys(doubted, machine.ungiven)}
        found = machine.world.layers.build(layer, values, given)
    return found


def _fill_sequential(machine: Machine, made: Instance, call: Call) -> None:
    if len(call.args) == 1 and isinstance(call.args[0], DictValue):
        fill_dict(machine, made, call.args[0], call.place)
        return
    if call.rest is not None:
        made.open = call.rest
    add_children(machine, made, list(call.args), call.place)


def fill_dict(machine: Machine, made: Instance, items: Value, place: Place) -> None:
    machine.touch(made)
    if isinstance(items, DictValue):
        machine.grow(made.children, len(items))
        for key, value in items.items():
            made.children[child_name(made, key, place)] = value
        made.open = made.open or items.rest
    elif isinstance(items, Instance) and container_kind(items) == "ModuleDict":
        machine.grow(made.children, len(items.children))
        made.children.update(items.children)
    elif items is not None:
        pairs = iterate(machine, items, place)
        machine.grow(made.children, 0 if isinstance(pairs, Unknown) else len(pairs))
        for pair in [] if isinstance(pairs, Unknown) else pairs:
            if isinstance(pair, tuple) and len(pair) == 2 and isinstance(pair[0], str):
                made.children[child_name(made, pair[0], place)] = pair[1]
        if isinstance(pairs, Unknown):
            made.open = pairs


def add_children(machine: Machine, made: Instance, items: list[Value] | Unknown, place: Place) -> None:
    """Append modules under the next free numbers, as Sequential and ModuleList do."""
    machine.touch(made)
    if isinstance(items, Unknown):
        items = [Many(items)]
    machine.grow(made.children, len(items))
    for item in items:
        many = machine.existed_before_loop(made.born) and not isinstance(item, Many)
        made.children[str(len(made.children))] = Many(item) if many else item


def call_module(machine: Machine, module: Instance, call: Call) -> Value:
    """Call a module: its own `forward` where it was given one or a class of the program has one, else torch's."""
    if "forward" in module.attrs:
        return _within(machine, module, call, lambda: machine.invoke(module.attrs["forward"], call))
    for base in linearised(module.cls):
        if isinstance(base, ClassValue) and "forward" in base.namespace:
            return _own_forward(machine, module, base.namespace["forward"], call)
        if isinstance(base, TorchClass):
            return forward_as(machine, module, base, call)
    return Unknown(f"{module.cls.name} has no forward that is known", call.place)


def forward_as(machine: Machine, module: Instance, base: TorchClass, call: Call) -> Value:
    """torch's own forward of this class."""
    if base.layer is not None:
        return _call_layer(machine, module, base.layer, call)
    if base.name == "Sequential":
        return _within(machine, module, call, lambda: _chain(machine, module, call))
    if base.name == "DataParallel":
        return _within(machine, module, call, lambda: machine.invoke(module.children["module"], call))
    if base.name in LOSSES:
        return compared(machine, base.name, call)
    return Unknown(f"torch.nn.{base.name} gives no shape", call.place)


def _own_forward(machine: Machine, module: Instance, forward: Value, call: Call) -> Value:
    if not isinstance(forward, Function):
        return Unknown(f"the forward of {module.cls.name} is not a function", call.place)
    return _within(machine, module, call, lambda: machine.invoke(BoundMethod(forward, module), call))


def _within(machine: Machine, module: Instance, call: Call, run: Callable[[], Value]) -> Value:
    """Record the call of a module around what happens inside it."""
    inputs = tuple(settled(value) for value in call.args)
    op = machine.begin("module", module.cls.name, module, inputs, call)
    machine.record.ops.append(op)
    around = machine.within
    machine.within = (*around, op.number)
    try:
        op.output = run()
    finally:
        machine.within = around
    op.inputs = tuple(settled(value) for value in call.args)
    return op.output


def _chain(machine: Machine, module: Instance, call: Call) -> Value:
    if not call.args:
        return Unknown("a Sequential called without input", call.place)
    value = call.args[0]
    for child in module.children.values():
        if isinstance(child, Many) or child is None:
            reason = child.value if isinstance(child, Many) and isinstance(child.value, Unknown) else None
            return reason or Unknown("a Sequential with any number of layers", call.place)
        value = machine.call(child, value, place=call.place)
    return module.open if module.open is not None else value


def _call_layer(machine: Machine, module: Instance, layer: Layer, call: Call) -> Value:
    inputs = _inputs(module, layer, _with_states(layer, call) if layer.states else call.args)
    op = machine.begin("layer", layer.name, module, inputs, call)
    if module.args is None or module.refusal is not None:
        return machine.note(op, Unknown(f"{layer.name} cannot be built", module.place))
    if layer.same_input and inputs and isinstance(inputs[0], Fresh):
        return machine.note(op, inputs[0])
    tensors = tuple(value for value in inputs if isinstance(value, Tensor))
    if len(tensors) < len(inputs) or not inputs:
        unknown = next((value for value in inputs if isinstance(value, Unknown)), None)
        nothing = Unknown(f"{layer.name} is called with something that is not known", call.place)
        return machine.note(op, unknown or nothing)
    found = machine.world.layers.shape(layer, module.args, tensors)
    if isinstance(found, Refusal) and found.code == "PAD106":
        found = _with_named_inputs(machine, module.args, layer, tensors, call) or found
    given = _with_output_size(found, call)
    return machine.note(op, given if isinstance(given, Refusal) else as_value(given))


def _with_states(layer: Layer, call: Call) -> Sequence[Value]:
    """What a recurrent layer is called with, its states one by one; those that are not known are left out, as no shape
    depends on them."""
    first, given = call.args[:1], [*call.args[1:], *([call.keywords["hx"]] if "hx" in call.keywords else [])]
    if not first or not given or len(given) > 1 or any(isinstance(value, Many) for value in call.args):
        return call.args
    value = settled(given[0])
    paired = layer.states > 1 and isinstance(value, tuple) and len(value) == layer.states
    states = tuple(settled(each) for each in value) if paired and isinstance(value, tuple) else (value,)
    if all(isinstance(each, Tensor) for each in states):
        return (*first, *states)
    return (
        first
        if all(each is None or isinstance(each, (Unknown, External, Fresh, Tensor)) for each in states)
        else (*first, value)
    )


def _with_named_inputs(
    machine: Machine, arguments: Arguments, layer: Layer, tensors: tuple[Tensor, ...], call: Call
) -> Output | None:
    """What a layer gives that takes more tensors than those in order, where others are given by name; None where none is."""
    named = [settled(value) for name, value in call.keywords.items() if name != "output_size"]
    if not named:
        return None
    if len(named) == 1 and isinstance(named[0], Tensor):  # of several, which is which is not said
        found = machine.world.layers.shape(layer, arguments, (*tensors, named[0]))
        if not isinstance(found, Refusal):
            return found
    return Unknown(f"{layer.name} is given tensors by name", call.place)


def as_value(given: Output) -> Value:
    if isinstance(given, tuple):
        return tuple(as_value(each) for each in given)
    return Unknown(given.message) if isinstance(given, Refusal) else given


def _with_output_size(given: Output, call: Call) -> Output:
    """A transposed convolution, or an unpool, may be told which size to give."""
    wanted = call.keywords.get("output_size")
    if wanted is None or not isinstance(given, Tensor):
        return given
    sizes = plain(wanted)
    if not isinstance(sizes, tuple) or len(sizes) > len(given.shape):
        return Unknown("an output_size that is not known", call.place)
    dims = [size if isinstance(size, (int, Expr)) else Unknown("a size that is not known") for size in sizes]
    spatial = dims[-(len(given.shape) - 2) :]
    return Tensor((*given.shape[: len(given.shape) - len(spatial)], *spatial))


def _inputs(module: Instance, layer: Layer, args: Iterable[Value]) -> tuple[Value, ...]:
    """The tensors given to a layer. One of unknown rank becomes what the layer asks for: it could not be anything else."""
    result: list[Value] = []
    for value in args:
        value = settled(value)
        if isinstance(value, (Fresh, Unknown)) and not result and module.args is not None:
            wanted = layer.accepts(module.args)
            if wanted is not None and isinstance(value, Fresh):
                own = frozenset[str]().union(*(symbols(each) for each in flat(module.args.values())))
                value.tensor = Tensor(tuple(renamed(size, value.suffix, own) for size in wanted))
                value = value.tensor
            elif wanted is not None and isinstance(value, Unknown):
                value = Tensor(tuple(size if isinstance(size, int) else value for size in wanted))
        result.append(value)
    return tuple(result)


def flat(values: Iterable[LayerValue]) -> Iterator[Dim]:
    """The sizes among the arguments of a layer."""
    for value in values:
        if isinstance(value, tuple):
            yield from flat(value)
        elif isinstance(value, (int, Expr, Unknown)):
            yield value


def renamed(size: Dim, suffix: str, own: frozenset[str]) -> Dim:
    """A free size under the name that belongs to this input; the program's own names stay."""
    names = symbols(size) - own
    return substitute(size, {name: symbol(name + suffix, minimum=1) for name in names}) if suffix else size


def torch_layer(value: Value) -> Layer | None:
    """The declaration behind a module, where it is a torch layer or derives from one without a forward of its own."""
    return torch_base_layer(value) if not defines(value, "forward") else None


def torch_base_layer(value: Value) -> Layer | None:
    """The declaration of the torch layer that a module is or derives from: what its arguments mean, whatever its forward
    does besides."""
    base = torch_base(value.cls) if isinstance(value, Instance) else None
    return base.layer if base is not None else None
