"""From what the evaluator recorded to the tables of `padlint shapes`: one entry a Sequential and binding."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from padlint.arithmetic.dims import Expr, Unknown, symbol
from padlint.errors import BoundExceeded
from padlint.evaluate.interpreter import machine as new_machine
from padlint.evaluate.machine import Raised
from padlint.evaluate.modules import torch_layer
from padlint.evaluate.protocols import container_kind
from padlint.evaluate.record import Built, Frame, Op, Record
from padlint.evaluate.roots import Run
from padlint.evaluate.tensors import AXES
from padlint.evaluate.values import ClassValue, Function, Instance, Many, TorchClass, Value, torch_base
from padlint.finding import Place, Span
from padlint.layers.base import Arguments, Shape, Tensor
from padlint.layers.base import Tensor as LayerTensor
from padlint.sizes import accepted
from padlint.trace import BuiltLayer, BuiltSequential, Json, ShapeText
from padlint.units import VARIANTS, Variant, token

Locate = Callable[[Place], Span]
Title = Callable[[Place], str]
"""What to call a model that no function builds."""

Calls = Mapping[int, list[Op]]
_ADDRESS = re.compile(r" at 0x[0-9a-f]+")
NESTED = 30
"""How deep modules within modules are told: programs could nest them any number of times, and each is told on its own."""
TOLD = 50_000
"""How many layers within others are told in one go: what a program nests in itself it need not build more than once."""
_HIDDEN = frozenset({"device", "dtype"})


class Tables:
    """The tables of some runs. It knows which lists of layers it has told, by where they are built."""

    def __init__(self, locate: Locate, title: Title) -> None:
        self._locate, self._title = locate, title
        self._known: dict[Place, set[str]] = {}
        self._leaves: dict[tuple[str, int], tuple[Arguments, str]] = {}
        self._room = _Room()

    def variants(self, run: Run) -> Iterator[Variant]:
        """The Sequentials of a run that are not known yet, each distinct list of layers once a site."""
        calls = _calls(run.record)
        done: dict[int, str] = {}
        for built in run.record.built:
            if container_kind(built.instance) == "Sequential":
                given = _known_input(calls.get(id(built.instance), []))
                key = variant_key((self._structure(built.instance, done), given))
                keys = self._known.setdefault(built.place, set())
                if key not in keys and len(keys) <= VARIANTS:
                    keys.add(key)
                    entry = _entry(built, *in_own_sizes(run, built, calls), self._locate, self._title, self._room)
                    yield Variant(built.place, key, entry)

    def _structure(self, module: Value, done: dict[int, str]) -> str:
        """Equal for modules that hold the same layers with the same arguments. `done`: those of this run by their ids."""
        if isinstance(module, Many):
            return "many " + self._structure(module.value, done)
        if not isinstance(module, Instance):
            return f"{type(module).__name__} {module.reason if isinstance(module, Unknown) else None}"
        known = done.get(id(module))
        if known is None:
            done[id(module)] = "itself"
            children = [(name, self._structure(child, done)) for name, child in module.children.items()]
            own = self._own(module)
            known = variant_key((own, children, module.open is None)) if children or module.open is not None else own
            done[id(module)] = known
        return known

    def _own(self, module: Instance) -> str:
        """A module's class and arguments; equal arguments are one object mostly."""
        args = module.args or {}
        key = (module.cls.dotted, id(args) if args else 0)
        if key not in self._leaves:
            self._leaves[key] = args, variant_key((module.cls.dotted, list(args.items())))
        return self._leaves[key][1]


def variant_key(structure: object) -> str:
    """The same for equal structures, in every process."""
    return token(_ADDRESS.sub("", repr(structure)))


def _known_input(ops: list[Op]) -> Shape | None:
    """The shape of the input, where all of it is known."""
    best = _best(ops)
    shape = best.inputs[0].shape if best is not None and best.inputs and isinstance(best.inputs[0], Tensor) else ()
    return shape if shape and all(isinstance(size, int) for size in shape) else None


def in_own_sizes(run: Run, built: Built, calls: Calls) -> tuple[Record, Calls]:
    """The calls of a Sequential told in the sizes of its own input: not what (H + 7)//8 of the model becomes, but H.

    Where that tells less than the model's own call, the latter.
    """
    whole = _best(calls.get(id(built.instance), []))
    given = whole.inputs[0] if whole is not None and whole.inputs else None
    if whole is None or not isinstance(given, Tensor) or len(whole.inputs) != 1:
        return run.record, calls
    names = AXES.get(len(given.shape), ())
    free = [size for size in given.shape if not isinstance(size, int)]
    told = not names or not free or len(set(map(str, free)) & set(names)) == len(free)
    if told or run.world.budget.used_up:
        return run.record, calls
    sizes = [
        size if isinstance(size, int) else symbol(name, minimum=1)
        for size, name in zip(given.shape, names, strict=True)
    ]
    machine = new_machine(run.world)
    try:
        output = machine.call(built.instance, Tensor(tuple(sizes)), place=whole.place)
    except (Raised, BoundExceeded):
        return run.record, calls
    finally:
        machine.pay()
    refused = any(op.refusal is not None for op in machine.record.ops)
    if refused or (isinstance(whole.output, Tensor) and not isinstance(output, Tensor)):
        return run.record, calls
    return machine.record, _calls(machine.record)


def _calls(record: Record) -> dict[int, list[Op]]:
    calls: dict[int, list[Op]] = {}
    for op in record.ops:
        if op.instance is not None:
            calls.setdefault(id(op.instance), []).append(op)
    return calls


def _best(ops: list[Op]) -> Op | None:
    """The call that says most: the first with an input whose shape is known. Calls made while something was being built, to
    try its sizes, count only where there are no others."""
    ops = [op for op in ops if not any(isinstance(frame.callee, ClassValue) for frame in op.frames)] or ops
    return next((op for op in ops if op.inputs and isinstance(op.inputs[0], Tensor)), ops[0] if ops else None)


def _walked(module: Instance, whole: Op | None, record: Record, calls: Mapping[int, list[Op]]) -> dict[int, list[Op]]:
    """The calls of the children where the program calls each of them with a known shape, one by one, and nobody but us
    calls the Sequential as a whole; else nothing."""
    if whole is not None and (record.alone is None or whole.number < record.alone):
        return {}
    first = record.alone if record.alone is not None else len(record.ops)
    own: dict[int, list[Op]] = {}
    for child in module.children.values():
        ops = [op for op in calls.get(id(child), []) if op.number < first]
        if not ops or not all(op.inputs and isinstance(op.inputs[0], Tensor) for op in ops):
            return {}
        own[id(child)] = ops
    return own


def _entry(built: Built, record: Record, calls: Calls, locate: Locate, title: Title, room: _Room) -> BuiltSequential:
    whole = _best(calls.get(id(built.instance), []))
    walked = _walked(built.instance, whole, record, calls)
    if walked:
        whole = None
    layers = _Rows({**calls, **walked}, locate, room).of(built.instance, whole)
    first, last = (layers[0].in_shape, layers[-1].out_shape) if walked else (None, None)
    if whole is not None:
        first = shape_text(whole.inputs[0]) if whole.inputs else None
        last = shape_text(whole.output)
    complete = built.instance.open is None and not any(isinstance(c, Many) for c in built.instance.children.values())
    return BuiltSequential(
        at=locate(built.place),
        qualname=built.qualname or title(built.place),
        framework="torch",
        binding=binding(built.frames),
        complete=complete,
        input_shape=first,
        output_shape=last,
        accepts=accepted(whole, record) if whole is not None else None,
        layers=tuple(layers),
    )


@dataclass(slots=True)
class _Room:
    """How many layers within others may still be told."""

    left: int = TOLD


class _Rows:
    """The layers that a Sequential holds, and those within them while there is room: one that holds another twice, which
    holds another twice, holds more than anybody could read."""

    def __init__(self, calls: Mapping[int, list[Op]], locate: Locate, room: _Room) -> None:
        self._calls, self._locate, self._room = calls, locate, room
        self._by_caller: dict[int, dict[int, list[Op]]] = {}
        self._counts: dict[int, tuple[int, int] | None] = {}

    def of(self, module: Instance, whole: Op | None, depth: int = 0) -> list[BuiltLayer]:
        """Of a Sequential, itself at a `depth` within another."""
        if depth > NESTED:
            return [_more("nested too deeply")]
        result: list[BuiltLayer] = []
        taken: dict[int, int] = {}
        for name, child in module.children.items():
            if depth and not self._room.left:
                return [*result, _more("more layers than are told")]
            self._room.left -= depth > 0
            ops = self._calls.get(id(child), []) if whole is None else self._inside(child, whole)
            turn = taken.get(id(child), 0)
            taken[id(child)] = turn + 1
            ops = ops[turn : turn + 1]
            result.append(self._layer(name, child, ops[0] if ops else None, depth))
        if module.open is not None:
            result.append(_more(module.open.reason))
        return result

    def _inside(self, child: Value, whole: Op) -> list[Op]:
        """The calls of a layer that the call of what holds it made."""
        if id(child) not in self._by_caller:
            found: dict[int, list[Op]] = {}
            for op in self._calls.get(id(child), []):
                if op.within:
                    found.setdefault(op.within[-1], []).append(op)
            self._by_caller[id(child)] = found
        return self._by_caller[id(child)].get(whole.number, [])

    def _layer(self, name: str, child: Value, op: Op | None, depth: int) -> BuiltLayer:
        if isinstance(child, Many):
            inner = child.value
            reason = inner.reason if isinstance(inner, Unknown) else "any number of these"
            args = arguments(inner) if isinstance(inner, Instance) else {}
            return BuiltLayer(name, "*", None, args, None, None, None, None, False, reason)
        if not isinstance(child, Instance):
            reason = child.reason if isinstance(child, Unknown) else "not a module"
            return BuiltLayer(name, "None" if child is None else None, None, {}, None, None, None, None, False, reason)
        if id(child) not in self._counts:
            self._counts[id(child)] = parameters(child)
        count = self._counts[id(child)]
        inner_layers: tuple[BuiltLayer, ...] = ()
        if container_kind(child) == "Sequential":
            inner_layers = tuple(self.of(child, op, depth + 1))
        return BuiltLayer(
            name=name,
            type=child.cls.dotted,
            at=self._locate(child.place),
            args=arguments(child),
            in_shape=shape_text(op.inputs[0]) if op is not None and op.inputs else None,
            out_shape=shape_text(op.output) if op is not None else None,
            params=count[0] if count else None,
            trainable=count[1] if count else None,
            resolved=True,
            reason=_reason(child, op),
            layers=inner_layers,
        )


def _more(reason: str) -> BuiltLayer:
    """Stands for layers of which there may be any number."""
    return BuiltLayer("...", "*", None, {}, None, None, None, None, False, reason)


def _reason(child: Instance, op: Op | None) -> str | None:
    if child.refusal is not None:
        return child.refusal.message
    if op is not None and op.refusal is not None:
        return op.refusal.message
    if op is not None and isinstance(op.output, Unknown):
        return op.output.reason
    unknown = next((value for value in (child.args or {}).values() if isinstance(value, Unknown)), None)
    return unknown.reason if unknown is not None else None


def arguments(child: Instance) -> Mapping[str, Json]:
    """The arguments of a torch layer under torch's names; nothing for other modules."""
    if child.args is None or torch_base(child.cls) is None:
        return {}
    return {name: json_value(value) for name, value in child.args.items() if name not in _HIDDEN}


def json_value(value: Value) -> Json:
    if isinstance(value, bool | int | float | str) or value is None:
        return value
    if isinstance(value, tuple):
        return [json_value(item) for item in value]
    return str(value) if isinstance(value, Expr) else None


def shape_text(value: Value) -> ShapeText | None:
    """A tensor's shape as ints and text; None for what is no tensor or not known."""
    if isinstance(value, LayerTensor):
        return tuple(size if isinstance(size, int) else str(size) for size in value.shape)
    return None


def parameters(module: Instance, seen: set[int] | None = None, depth: int = 0) -> tuple[int, int] | None:
    """All parameters of a module and those that learn, shared ones once; None where they are not known."""
    seen = set() if seen is None else seen
    if id(module) in seen:
        return 0, 0
    seen.add(id(module))
    if depth > NESTED or module.open is not None or any(isinstance(value, Tensor) for value in module.attrs.values()):
        return None
    total = trainable = 0
    layer = torch_layer(module)
    if layer is not None:
        slots = layer.state(module.args) if module.args is not None else None
        if slots is None or isinstance(slots, Unknown):
            return None
        for slot in slots:
            count = 1
            for size in slot.shape:
                if not isinstance(size, int):
                    return None
                count *= size
            total += 0 if slot.buffer else count
            trainable += count if slot.trainable and not slot.buffer else 0
    elif isinstance(module.cls, TorchClass) and container_kind(module) is None:
        return None
    for child in module.children.values():
        inner = parameters(child, seen, depth + 1) if isinstance(child, Instance) else (0, 0) if child is None else None
        if inner is None:
            return None
        total, trainable = total + inner[0], trainable + inner[1]
    return total, trainable


def binding(frames: tuple[Frame, ...]) -> Mapping[str, str] | None:
    """The arguments of the innermost function with parameters, as text."""
    if not frames:
        return None
    shown = {name: text for name, value in frames[-1].arguments if (text := value_text(value)) is not None}
    return shown or None


def value_text(value: Value) -> str | None:
    """A short text for a value in a binding; None for what would say nothing."""
    if isinstance(value, bool | int | float | str) or value is None:
        text = repr(value)
        return text if len(text) <= 40 else None
    if isinstance(value, Expr):
        return None
    if isinstance(value, tuple):
        texts = [value_text(item) for item in value]
        return f"({', '.join(t for t in texts if t)})" if None not in texts and len(texts) <= 8 else None
    if isinstance(value, ClassValue | Function):
        return value.qualname
    return f"nn.{value.name}" if isinstance(value, TorchClass) else None
