"""What the catalogue says of layers, asked once for equal arguments and equal inputs."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass, field

from padlint.arithmetic.dims import Unknown
from padlint.layers.base import Arguments, Layer, Output, Refusal, Slot, Tensor, Value
from padlint.layers.catalogue import bind

ROOM = 50_000
Built = tuple["dict[str, Value] | None", "Refusal | None"]


def typed(value: Value) -> Hashable:
    """A key under which 1, 1.0 and True differ."""
    if isinstance(value, tuple):
        return tuple([typed(item) for item in value])
    return (type(value), value) if isinstance(value, (bool, float)) else value


@dataclass(eq=False, slots=True)
class Layers:
    """Arguments bound, shapes and states computed so far. Arguments are one object for equal calls, and never changed."""

    built: dict[Hashable, Built] = field(default_factory=dict)
    shapes: dict[Hashable, Output] = field(default_factory=dict)
    states: dict[int, tuple[Arguments, tuple[Slot, ...] | Unknown]] = field(default_factory=dict)
    known: dict[int, Arguments] = field(default_factory=dict)

    def build(self, layer: Layer, values: Sequence[Value], keywords: Mapping[str, Value]) -> Built:
        """The arguments by name (None where Python would raise) and what torch would raise."""
        key = (layer.name, tuple([typed(v) for v in values]), tuple([(n, typed(v)) for n, v in keywords.items()]))
        found = self.built.get(key)
        if found is None:
            bound = bind(layer, values, keywords)
            found = (None, bound) if isinstance(bound, Refusal) else (dict(bound), layer.construct(bound))
            if len(self.built) < ROOM:
                self.built[key] = found
        return found

    def shape(self, layer: Layer, arguments: Arguments, inputs: tuple[Tensor, ...]) -> Output:
        """What the layer gives for these inputs."""
        self.known[id(arguments)] = arguments  # its id stays its own
        key = (layer.name, id(arguments), tuple([tensor.shape for tensor in inputs]))
        if key not in self.shapes:
            if len(self.shapes) >= ROOM:
                return layer.shape(arguments, inputs)
            self.shapes[key] = layer.shape(arguments, inputs)
        return self.shapes[key]

    def state(self, layer: Layer, arguments: Arguments) -> tuple[Slot, ...] | Unknown:
        """What the layer saves."""
        found = self.states.get(id(arguments))
        if found is None:
            found = self.states[id(arguments)] = arguments, layer.state(arguments)
        return found[1]
