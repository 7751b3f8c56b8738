"""The tables of Keras's models: the layers of each under Keras's names, as Keras's own summary has them."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from padlint.arithmetic.dims import Unknown
from padlint.evaluate.keras_rules import counted, slots, through
from padlint.evaluate.record import KerasBuilt
from padlint.evaluate.roots import Run
from padlint.evaluate.values import ClassValue, External, Instance, KerasObject, Value
from padlint.finding import Place
from padlint.layers.base import Refusal, Shape
from padlint.shapes import Locate, Title, binding, json_value
from padlint.trace import BuiltLayer, BuiltSequential, Json, ShapeText
from padlint.units import VARIANTS

_SAID = frozenset({"name", "trainable", "dtype", "autocast", "seed"})


@dataclass(eq=False, slots=True)
class KerasTables:
    """Every model of the runs that went by, each distinct list of layers once a site."""

    locate: Locate
    title: Title
    found: dict[Place, dict[Hashable, BuiltSequential]] = field(default_factory=dict)

    def watched(self, runs: Iterable[Run]) -> Iterator[Run]:
        for run in runs:
            for built in run.record.keras:
                if built.made.layer is None and (built.made.layers or built.made.open is not None):
                    self._keep(built)
            yield run

    def _keep(self, built: KerasBuilt) -> None:
        variants = self.found.setdefault(built.made.place, {})
        key = structure(built.made)
        if key not in variants and len(variants) <= VARIANTS:
            variants[key] = self._entry(built)

    def entries(self) -> list[BuiltSequential]:
        return [entry for variants in self.found.values() for entry in variants.values()]

    def _entry(self, built: KerasBuilt) -> BuiltSequential:
        model = built.made
        rows = tuple(self._layers(model, model.shape))
        return BuiltSequential(
            at=self.locate(model.place),
            qualname=built.qualname or self.title(model.place),
            framework="keras",
            binding=binding(built.frames),
            complete=model.open is None,
            input_shape=shape_text(model.shape),
            output_shape=rows[-1].out_shape if rows and model.open is None else None,
            accepts=None,
            layers=rows,
        )

    def _layers(self, model: KerasObject, shape: Shape | None) -> Iterator[BuiltLayer]:
        for each in model.layers:
            after = through(each, shape) if shape is not None else Unknown("no input shape is given")
            yield self._layer(each, shape, after)
            shape = after if isinstance(after, tuple) else None
        if model.open is not None:
            yield BuiltLayer("...", "*", None, {}, None, None, None, None, False, model.open.reason)

    def _layer(self, layer: Value, before: Shape | None, after: Shape | Refusal | Unknown) -> BuiltLayer:
        reason = after.message if isinstance(after, Refusal) else after.reason if isinstance(after, Unknown) else None
        if not isinstance(layer, KerasObject):
            at = self.locate(layer.place) if isinstance(layer, Instance) else None
            return BuiltLayer("?", _type(layer), at, {}, None, None, None, None, False, reason)
        weights = slots(layer, before) if before is not None else Unknown("no input shape is given")
        count = counted(weights)
        return BuiltLayer(
            name=layer.name,
            type=f"keras.{'layers.' if layer.layer is not None else ''}{layer.kind}",
            at=self.locate(layer.place),
            args=arguments(layer),
            in_shape=shape_text(before),
            out_shape=shape_text(after if isinstance(after, tuple) else None),
            params=count[0] if count else None,
            trainable=count[1] if count else None,
            resolved=True,
            reason=reason,
            layers=tuple(self._layers(layer, before)) if layer.layer is None else (),
        )


def _type(layer: Value) -> str | None:
    if isinstance(layer, Instance):
        return layer.cls.dotted
    return layer.dotted if isinstance(layer, External | ClassValue) else None


def arguments(layer: KerasObject) -> Mapping[str, Json]:
    """What the program said of a layer: arguments that differ from Keras's defaults, and those without one."""
    if layer.layer is None:
        return {}
    given = {p.name: layer.args.get(p.name, p.default) for p in layer.layer.signature if p.name not in _SAID}
    defaults = {p.name: p.default for p in layer.layer.signature if not p.required}
    said = {n: v for n, v in given.items() if n not in defaults or v != defaults[n] or type(v) is not type(defaults[n])}
    return {name: json_value(value) for name, value in said.items()}


def shape_text(shape: Shape | None) -> ShapeText | None:
    """Ints, None for what Keras calls None, symbols as text."""
    if shape is None:
        return None
    return tuple(each if isinstance(each, int) else None if isinstance(each, Unknown) else str(each) for each in shape)


def structure(layer: Value) -> Hashable:
    """Equal for models that hold the same layers with the same arguments."""
    if not isinstance(layer, KerasObject):
        return type(layer).__name__
    args = tuple((name, repr(value)) for name, value in layer.args.items())
    inner = tuple(structure(each) for each in (*layer.layers, *layer.parts.values()))
    return layer.kind, args, inner, layer.shape, layer.open is None
