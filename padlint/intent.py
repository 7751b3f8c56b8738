"""What authors say of their models: input shapes, outputs, `same` and `valid`, and where each word comes from."""

from __future__ import annotations

import fnmatch
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

from padlint.arithmetic.dims import equal
from padlint.config import ModelSettings, Settings
from padlint.disk import SUFFIXES
from padlint.errors import UsageError
from padlint.evaluate.havoc import walk
from padlint.evaluate.inputs import annotated_output
from padlint.evaluate.record import Op, Record
from padlint.evaluate.said import classes_of, places_of
from padlint.evaluate.values import ClassValue, Function, Instance, KerasObject, PythonModule, Tensor
from padlint.finding import Place, Reason
from padlint.layers.base import Shape
from padlint.paths import divided, glob, seen_from
from padlint.syntax import ir
from padlint.syntax.comments import InputShape, Intended, IntendedKind, Item, KerasReference, OutputShape
from padlint.syntax.source import Source

Inputs = Mapping[str | int, Shape]
T = TypeVar("T", InputShape, OutputShape, Intended, KerasReference)


@dataclass(frozen=True, slots=True)
class Said:
    """One thing that is declared: a word at a place (None: a key of the configuration)."""

    place: Place | None
    word: str


@dataclass(frozen=True, slots=True)
class Intent:
    """What a layer or model is meant to give. `kind` is the word, `said` where it was said, `around` everything that says
    anything of this call, inside out."""

    kind: IntendedKind
    evidence: Reason
    said: Said
    around: tuple[Said, ...] = ()


@dataclass(frozen=True, slots=True)
class Stated:
    """The output that a layer or model is said to give."""

    shape: Shape
    evidence: Reason
    said: Said | None = None


@dataclass(frozen=True, slots=True)
class _Heard:
    """What is intended for the calls of one run, as far as it was asked for. `saying` has what comments say of modules, by
    their ids."""

    record: Record
    intents: dict[int, Intent | None] = field(default_factory=dict)
    saying: dict[int, tuple[tuple[Place, str, Intended], ...]] = field(default_factory=dict)


@dataclass(eq=False, slots=True)
class Declarations:
    """The directives of all sources of a run and what the settings say of models by name. `heard`: what became of each, as
    far as anybody asked."""

    settings: Settings
    source: Callable[[str], Source]
    names: Callable[[str], str]
    _names: dict[str, dict[Place, str]] = field(default_factory=dict)
    _speaking: dict[tuple[str, type[Item]], bool] = field(default_factory=dict)
    _latest: _Heard | None = None
    keras_models: dict[tuple[Path, str | None], KerasObject | UsageError] = field(default_factory=dict)
    heard: dict[Said, tuple[int, str]] = field(default_factory=dict)

    def again(self, names: Callable[[str], str]) -> Declarations:
        """The same for another run: what comments say is kept, what other files say is not."""
        return Declarations(self.settings, self.source, names, self._names, self._speaking)

    def aside(self) -> Declarations:
        """The same for a run of another program than the author's: what is heard there counts for nothing."""
        found = self.again(self.names)
        found.keras_models = self.keras_models
        return found

    def note(self, said: Said, rank: int, reason: str = "") -> None:
        """Something that is declared was judged, or was not; the best of all that is noted counts."""
        if rank > self.heard.get(said, (0, ""))[0]:
            self.heard[said] = rank, reason

    def items(self, place: Place) -> tuple[Item, ...]:
        return self.source(place.path).declared.get(place, ())

    def speaks(self, path: str, of: type[Item]) -> bool:
        """Does any comment in a file say something of this kind? Most files have none, and there are many calls."""
        if (path, of) not in self._speaking:
            said = self.source(path).declared.values()
            self._speaking[path, of] = any(isinstance(item, of) for items in said for item in items)
        return self._speaking[path, of]

    def marks(self, module: PythonModule) -> Collection[Place]:
        """The constructs of a module of which a comment or the configuration says something."""
        declared = module.source.declared
        models = self.settings.models
        if not any(names_module(self.settings, each.pattern, module.path, module.name) for each in models):
            return declared
        named = ((place, f"{module.name}:{name}") for place, name in self._named(module.path).items())
        return {*declared, *(at for at, name in named if any(self._means(m.pattern, at.path, name) for m in models))}

    def inputs(self, place: Place) -> Inputs | None:
        """The input shapes declared at a place by a directive, else by the configuration for the name it has; none where
        only other things are declared, None where nothing is."""
        items = self.items(place)
        found: dict[str | int, Shape] = {}
        for item in items:
            if isinstance(item, InputShape):
                found.setdefault(item.parameter or 0, item.shape)
        said = bool(items)
        if not found and self.settings.models:
            name = self.name(place)
            for model in self.settings.models:
                if name is not None and self._means(model.pattern, place.path, name):
                    if model.inputs:
                        return dict(enumerate(model.inputs))
                    said = True
        return found or ({} if said else None)

    def command_line(self) -> Inputs | None:
        """What `--input` says, for every model that nothing else is declared for; nothing where only a reference is named for
        every model, None where nothing is said of all."""
        inputs: Inputs = dict(enumerate(self.settings.inputs))
        return inputs if inputs or self.settings.keras is not None else None

    def _named(self, path: str) -> Mapping[Place, str]:
        if path not in self._names:
            source = self.source(path)
            named = (named_places(source.lower(h.index), path, h.index) for h in source.statements)
            self._names[path] = {where: name for each in named for where, name in each}
        return self._names[path]

    def name(self, place: Place) -> str | None:
        """`pkg.net:Net` for a class, `pkg.net:Net.features` for what its methods assign to `self.features`."""
        name = self._named(place.path).get(place)
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

    def speaking(self, module: Instance, of: type[T]) -> Iterator[tuple[Place, str, T]]:
        """What comments say of a module, at itself first, then at its classes; with what to call it."""
        own = places_of(module, among=of is Intended)
        for place in own if any(self.speaks(place.path, of) for place in own) else ():
            yield from ((place, "", item) for item in self.items(place) if isinstance(item, of))
        for cls in classes_of(module, whole=of is not InputShape):
            if self.speaks(cls.place.path, of) and cls.place not in own:
                yield from ((cls.place, cls.name, item) for item in self.items(cls.place) if isinstance(item, of))

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
        found = [(place, said_of, item.kind) for place, said_of, item in self._around(op, heard)]
        if not found:
            return self._configured(op, heard.record)
        place, said_of, kind = found[0]
        around = tuple(Said(place, kind) for place, _, kind in found)
        return Intent(kind, Reason(f"{kind} is declared for {said_of} at ", place), around[0], around)

    def _around(self, op: Op, heard: _Heard) -> Iterator[tuple[Place, str, Intended]]:
        record = heard.record
        modules = [op.instance, *(record.ops[number].instance for number in reversed(op.within))]
        for module in modules:
            if module is not None:
                if id(module) not in heard.saying:
                    heard.saying[id(module)] = tuple(self.speaking(module, Intended))
                own = "the layer" if module is op.instance else "this call"
                for place, name, item in heard.saying[id(module)]:
                    yield place, name or self._maker(place, module, record) or own, item
        built = record.making(op.instance) if op.instance is not None else None
        for frame in reversed(built.frames if built is not None else ()):
            place = callee_place(frame.callee)
            if self.speaks(place.path, Intended):
                yield from (
                    (place, frame.callee.name, item) for item in self.items(place) if isinstance(item, Intended)
                )

    @staticmethod
    def _maker(place: Place, module: Instance, record: Record) -> str | None:
        """The name of the function at a place, if it made the module."""
        built = record.making(module)
        frames = built.frames if built is not None else ()
        return next((each.callee.name for each in frames if callee_place(each.callee) == place), None)

    def _configured(self, op: Op, record: Record) -> Intent | None:
        for number in reversed(op.within):
            module = record.ops[number].instance
            for model in self.settings.models:
                if module is not None and model.intent is not None and self.fits(model.pattern, module):
                    said = Said(None, key(model, "intent"))
                    return Intent(
                        model.intent, Reason(f"{model.intent} is configured for '{model.pattern}'"), said, (said,)
                    )
        return None

    def fits(self, pattern: str, module: Instance) -> bool:
        """Does a pattern of the configuration name this module or its class? (`pkg.net:Net`, `pkg/net.py:Net.features`)"""
        names = [(place.path, self.name(place)) for place in places_of(module)]
        names += [(cls.place.path, f"{cls.module.name}:{cls.qualname}") for cls in classes_of(module, whole=True)]
        return any(name is not None and self._means(pattern, path, name) for path, name in names)

    def _means(self, pattern: str, path: str, name: str) -> bool:
        """Does a pattern fit a name, or the file at a path and the name in it?"""
        if fnmatch.fnmatchcase(name, pattern):
            return True
        inside = divided(pattern)[1]
        return fnmatch.fnmatchcase(name.rpartition(":")[2], inside) and names_file(self.settings, pattern, path)

    # ------------------------------------------------------------ outputs

    def stated(self, op: Op) -> Stated | None:
        """The output stated for a module or layer where it is called."""
        if op.instance is None:
            return None
        for place, _, item in self.speaking(op.instance, OutputShape):
            if not self._of_other_input(place, op):
                return Stated(item.shape, Reason("the output is stated at ", place), Said(place, "out"))
        for model in self.settings.models:
            if model.output is not None and self.fits(model.pattern, op.instance):
                said = Said(None, key(model, "output"))
                return Stated(model.output, Reason(f"the output is configured for '{model.pattern}'"), said)
        annotated = annotated_output(op.instance, op.call) if op.kind == "module" else None
        if annotated is not None:
            shape, place = annotated
            return Stated(shape, Reason("forward says what it returns at ", place))
        return None

    def _of_other_input(self, place: Place, op: Op) -> bool:
        """Is this a call with another input than the one that is declared beside the output?"""
        given = op.inputs[0] if op.inputs else None
        declared = next((i.shape for i in self.items(place) if isinstance(i, InputShape) and not i.parameter), None)
        return declared is not None and isinstance(given, Tensor) and unlike(given.shape, declared)


def unlike(shape: Shape, other: Shape) -> bool:
    """Are these proved to be different?"""
    return len(shape) != len(other) or any(equal(a, b) is False for a, b in zip(shape, other, strict=True))


def key(model: ModelSettings, name: str) -> str:
    """How a key of the configuration is written."""
    return f'models."{model.pattern}".{name}'


def names_module(settings: Settings, pattern: str, path: str, module: str) -> bool:
    """May a pattern of the configuration mean something in a module, or in the file at this path?"""
    named, colon, _ = pattern.partition(":")
    return not colon or fnmatch.fnmatchcase(module, named) or names_file(settings, pattern, path)


def names_file(settings: Settings, pattern: str, path: str) -> bool:
    """Does a pattern begin with a file (`pkg/net.py:Net`), and is it this one?"""
    file = divided(pattern)[0]
    found = glob(file, settings.root).removeprefix("/")
    return file.endswith(SUFFIXES) and fnmatch.fnmatchcase(seen_from(path, settings.root), found)


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
