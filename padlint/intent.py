"""What authors say of their models: input shapes, outputs, `same` and `valid`, and where each word comes from."""

from __future__ import annotations

import fnmatch
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from padlint.config import Settings
from padlint.disk import SUFFIXES
from padlint.errors import UsageError
from padlint.evaluate.havoc import walk
from padlint.evaluate.inputs import annotated_output
from padlint.evaluate.record import Op, Record
from padlint.evaluate.values import ClassValue, Function, Instance, KerasObject
from padlint.finding import Place, Reason
from padlint.layers.base import Shape
from padlint.paths import divided, glob, seen_from
from padlint.syntax import ir
from padlint.syntax.comments import InputShape, Intended, IntendedKind, Item, OutputShape
from padlint.syntax.directives import by_place, directives
from padlint.syntax.source import Source

Inputs = Mapping[str | int, Shape]


@dataclass(frozen=True, slots=True)
class Intent:
    """What a layer or model is meant to give. `kind` is the word, `place` where it was said (None: configuration)."""

    kind: IntendedKind
    evidence: Reason
    place: Place | None = None


@dataclass(frozen=True, slots=True)
class Stated:
    """The output that a layer or model is said to give."""

    shape: Shape
    evidence: Reason


@dataclass(frozen=True, slots=True)
class _Heard:
    """What is intended for the calls of one run, as far as it was asked for."""

    record: Record
    intents: dict[int, Intent | None] = field(default_factory=dict)


@dataclass(eq=False, slots=True)
class Declarations:
    """The directives of all sources of a run and what the settings say of models by name."""

    settings: Settings
    source: Callable[[str], Source]
    names: Callable[[str], str]
    _items: dict[str, Mapping[Place, tuple[Item, ...]]] = field(default_factory=dict)
    _names: dict[str, dict[Place, str]] = field(default_factory=dict)
    _speaking: dict[tuple[str, type[Item]], bool] = field(default_factory=dict)
    _latest: _Heard | None = None
    keras_models: dict[tuple[Path, str | None], KerasObject | UsageError] = field(default_factory=dict)

    def again(self, names: Callable[[str], str]) -> Declarations:
        """The same for another run: what comments say is kept, what other files say is not."""
        return Declarations(self.settings, self.source, names, self._items, self._names, self._speaking)

    def _said(self, path: str) -> Mapping[Place, tuple[Item, ...]]:
        if path not in self._items:
            self._items[path] = by_place(directives(self.source(path)))
        return self._items[path]

    def items(self, place: Place) -> tuple[Item, ...]:
        return self._said(place.path).get(place, ())

    def speaks(self, path: str, of: type[Item]) -> bool:
        """Does any comment in a file say something of this kind? Most files have none, and there are many calls."""
        if (path, of) not in self._speaking:
            said = self._said(path).values()
            self._speaking[path, of] = any(isinstance(item, of) for items in said for item in items)
        return self._speaking[path, of]

    def inputs(self, place: Place) -> Inputs | None:
        """The input shapes declared at a place by a directive, else by the configuration for the name it has."""
        found: dict[str | int, Shape] = {
            item.parameter or 0: item.shape for item in self.items(place) if isinstance(item, InputShape)
        }
        if not found and self.settings.models:
            name = self.name(place)
            for model in self.settings.models:
                if name is not None and model.inputs and self._means(model.pattern, place.path, name):
                    return dict(enumerate(model.inputs))
        return found or None

    def command_line(self) -> Inputs | None:
        """What `--input` says, for every model that nothing else is declared for."""
        return dict(enumerate(self.settings.inputs)) or None

    def name(self, place: Place) -> str | None:
        """`pkg.net:Net` for a class, `pkg.net:Net.features` for what its methods assign to `self.features`."""
        if place.path not in self._names:
            source = self.source(place.path)
            named = (named_places(source.lower(h.index), place.path, h.index) for h in source.statements)
            self._names[place.path] = {where: name for each in named for where, name in each}
        name = self._names[place.path].get(place)
        return f"{self.names(place.path)}:{name}" if name is not None else None

    def title(self, place: Place) -> str:
        """What to call something that no function builds: its name, else Python's own name for the code of a module."""
        return self.bound(place) or "<module>"

    def bound(self, place: Place) -> str | None:
        """What something is assigned to, else what its statement binds."""
        name = self.name(place)
        if name is not None:
            return name.rpartition(":")[2]
        return next(iter(self.source(place.path).statements[place.statement].names), None)

    # ------------------------------------------------------------ intent

    def intent(self, op: Op, record: Record) -> Intent | None:
        """What is intended for one call of a layer: said at the layer, else at what is around it, inside out. Several
        rules ask for it, one run after the other."""
        if self._latest is None or self._latest.record is not record:
            self._latest = _Heard(record)
        known = self._latest.intents
        if op.number not in known:
            known[op.number] = self._intent(op, self._latest)
        return known[op.number]

    def _intent(self, op: Op, heard: _Heard) -> Intent | None:
        for place, said_of in self._around(op, heard):
            for item in self.items(place):
                if isinstance(item, Intended):
                    return Intent(item.kind, Reason(f"{item.kind} is declared for {said_of} at ", place), place)
        return self._configured(op, heard.record)

    def _around(self, op: Op, heard: _Heard) -> Iterator[tuple[Place, str]]:
        assert op.instance is not None
        record = heard.record
        yield op.instance.place, "the layer"
        for number in reversed(op.within):
            module = record.ops[number].instance
            if module is not None:
                if self.speaks(module.place.path, Intended):
                    yield module.place, "this call"
                if isinstance(module.cls, ClassValue) and self.speaks(module.cls.place.path, Intended):
                    yield module.cls.place, module.cls.name
        built = record.making(op.instance)
        for frame in reversed(built.frames if built is not None else ()):
            place = callee_place(frame.callee)
            if self.speaks(place.path, Intended):
                yield place, frame.callee.name

    def _configured(self, op: Op, record: Record) -> Intent | None:
        for number in reversed(op.within):
            module = record.ops[number].instance
            for model in self.settings.models:
                if module is not None and model.intent is not None and self.fits(model.pattern, module):
                    return Intent(model.intent, Reason(f"{model.intent} is configured for '{model.pattern}'"))
        return None

    def fits(self, pattern: str, module: Instance) -> bool:
        """Does a pattern of the configuration name this module or its class? (`pkg.net:Net`, `pkg/net.py:Net.features`)"""
        cls, name = module.cls, self.name(module.place)
        if isinstance(cls, ClassValue) and self._means(pattern, cls.place.path, f"{cls.module.name}:{cls.qualname}"):
            return True
        return name is not None and self._means(pattern, module.place.path, name)

    def _means(self, pattern: str, path: str, name: str) -> bool:
        """Does a pattern fit a name, or the file at a path and the name in it?"""
        if fnmatch.fnmatchcase(name, pattern):
            return True
        file, inside = divided(pattern)
        if not file.endswith(SUFFIXES) or not fnmatch.fnmatchcase(name.rpartition(":")[2], inside):
            return False
        return fnmatch.fnmatchcase(
            seen_from(path, self.settings.root), glob(file, self.settings.root).removeprefix("/")
        )

    # ------------------------------------------------------------ outputs

    def stated(self, op: Op) -> Stated | None:
        """The output stated for a module or layer where it is called."""
        if op.instance is None:
            return None
        places = [op.instance.place]
        if isinstance(op.instance.cls, ClassValue):
            places.append(op.instance.cls.place)
        for place in places:
            for item in self.items(place):
                if isinstance(item, OutputShape):
                    return Stated(item.shape, Reason("the output is stated at ", place))
        for model in self.settings.models:
            if model.output is not None and self.fits(model.pattern, op.instance):
                return Stated(model.output, Reason(f"the output is configured for '{model.pattern}'"))
        annotated = annotated_output(op.instance, op.call) if op.kind == "module" else None
        if annotated is not None:
            shape, place = annotated
            return Stated(shape, Reason("forward says what it returns at ", place))
        return None


def named_places(block: ir.Block, path: str, statement: int, around: str = "") -> Iterator[tuple[Place, str]]:
    """The classes, functions and assigned calls of a statement with the names that a configuration has for them."""
    for node in walk(block):
        if isinstance(node, ir.Class | ir.Function):
            name = f"{around}.{node.name}".lstrip(".")
            yield Place(path, statement, node.at), name
            # A method is no part of the name: `self.features` of any method is `Net.features`.
            inside = around if isinstance(node, ir.Function) and around else name
            yield from named_places(node.body, path, statement, inside)
        elif isinstance(node, ir.Assign) and isinstance(node.value, ir.Call):
            for target in node.targets:
                short = (
                    target.attr
                    if isinstance(target, ir.Attribute)
                    else target.id
                    if isinstance(target, ir.Name)
                    else None
                )
                if short is not None:
                    yield Place(path, statement, node.value.at), f"{around}.{short}".lstrip(".")


def callee_place(callee: ClassValue | Function) -> Place:
    return callee.place if isinstance(callee, ClassValue) else callee.scope.place(callee.node)
