"""What is declared and was not used: directives that say nothing, keys of the configuration that fit no model."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import islice
from pathlib import Path

from padlint.config import ModelSettings, Settings
from padlint.files import beside
from padlint.finding import Finding, Place, Span
from padlint.intent import key, names_module
from padlint.project import Project
from padlint.suppress import about_text
from padlint.syntax import ir
from padlint.syntax.comments import InputShape, Intended, Item, word
from padlint.syntax.directives import Directive, directives
from padlint.syntax.source import Source
from padlint.units import JUDGED, NOTHING, SETTINGS, Heard, Unit

FILES = 3000
"""Files that are searched for a module that a key of the configuration may mean."""
_Known = Mapping[tuple[Place, str], Heard]


@dataclass(eq=False)
class Unheard:
    """What the units of a check say of all that is declared for some files."""

    settings: Settings
    project: Project
    sources: Sequence[Source]
    units: Sequence[Unit]

    @cached_property
    def _known(self) -> _Known:
        """The best that any unit says of each word."""
        found: dict[tuple[Place, str], Heard] = {}
        for each in (each for unit in self.units for each in unit.heard):
            known = found.get((each.place, each.word))
            if known is None or known.rank < each.rank:
                found[each.place, each.word] = each
        return found

    @cached_property
    def _left_out(self) -> set[str]:
        """The files of which not everything was evaluated."""
        return {path for unit in self.units for path in unit.left_out}

    # ------------------------------------------------------------ comments

    def findings(self, wrong: Iterable[Span]) -> Iterator[Finding]:
        """A finding for each word of a comment that was not used, where all of its file was looked at; `wrong` are comments of
        which something else is said."""
        said = set(wrong)
        if any(unit.failed is not None for unit in self.units):
            return
        for source in self.sources:
            if source.path not in self._left_out and not source.problems and not source.not_analysed:
                yield from (each for each in self._of_source(source) if each.span not in said)

    def _of_source(self, source: Source) -> Iterator[Finding]:
        earlier: dict[tuple[Place, object], tuple[Item, int]] = {}
        for comment in directives(source):
            for item in comment.items if isinstance(comment, Directive) and comment.places else ():
                assert isinstance(comment, Directive)
                line = comment.span.start.line
                kinds = [(place, _kind(item)) for place in comment.places]
                others = [earlier.setdefault(kind, (item, line)) for kind in kinds]
                if all(other != item for other, _ in others):
                    at = others[0][1]
                    rank, reason = NOTHING, f"line {at} says {word(others[0][0])} already, and that counts"
                else:
                    rank, reason = self._became(source, comment.places, item)
                if rank < JUDGED and (rank or not self._left_out):
                    yield _finding(comment.span, item, rank, reason)

    def _became(self, source: Source, places: Sequence[Place], item: Item) -> tuple[int, str]:
        """The best that became of a word at one of the constructs it belongs to."""
        found = [self._known[place, word(item)] for place in places if (place, word(item)) in self._known]
        if found:
            best = max(found, key=lambda each: each.rank)
            return best.rank, best.reason
        nodes = [node for place in places for node in _nodes(source, place)]
        makes = any(isinstance(node, (ir.Call, ir.Class, ir.Function, ir.Opaque)) for node in nodes)
        if not makes:
            return NOTHING, "nothing is made here"
        return 0, "nothing that was followed comes to this line"

    # ------------------------------------------------------------ settings

    def notes(self) -> Iterator[str]:
        """A line for each key of the configuration, and each option, that no model in these files has to do with."""
        if self._left_out or not self.sources:
            return
        where = self.settings.source or "the configuration"
        for model in self.settings.models:
            heard = [self._known.get((SETTINGS, name)) for name in _keys(model)]
            if any(heard):
                for name, each in zip(_keys(model), heard, strict=True):
                    if each is None or each.rank < JUDGED:
                        yield f"{where}: {name} {_said(each.rank, each.reason) if each else _said(0, '')}"
            elif self._is_here(model):
                yield f'{where}: models."{model.pattern}" fits no model of the files that were checked'
        if self.settings.inputs and (SETTINGS, "--input") not in self._known:
            shape = ", ".join(map(str, self.settings.inputs[0]))
            yield f"--input ({shape}): no model of the files that were checked takes it"
        if self.settings.keras is not None:
            each = self._known.get((SETTINGS, "keras"))
            if each is None:
                yield f"keras {self.settings.keras}: the files that were checked hold no model to compare it with"
            elif each.rank < JUDGED:
                yield f"keras {self.settings.keras} {_said(each.rank, each.reason)}"

    def _is_here(self, model: ModelSettings) -> bool:
        """Does no other file than those that were checked have the module that a key names?"""
        own = {str(self.project.disk.resolve(Path(source.path))) for source in self.sources}
        for path in islice(beside(self.settings.root, self.settings, self.project.disk), FILES):
            full = self.project.disk.resolve(Path(path))
            module = self.project.module_of(full).name
            if str(full) not in own and names_module(self.settings, model.pattern, str(full), module):
                return False
        return True


def _keys(model: ModelSettings) -> list[str]:
    values = (
        ("input", model.inputs),
        ("output", model.output),
        ("intent", model.intent),
        ("keras", model.keras),
    )
    return [key(model, name) for name, value in values if value]


def _kind(item: Item) -> object:
    """What may be said once of a construct."""
    if isinstance(item, InputShape):
        return item.parameter or "", "input"
    return Intended if isinstance(item, Intended) else word(item)


def _nodes(source: Source, place: Place) -> Iterator[ir.Node]:
    """A construct with all that is in it."""
    pending: list[tuple[ir.Node, bool]] = [(node, False) for node in source.lower(place.statement)]
    while pending:
        node, inside = pending.pop()
        inside = inside or node.at == place.node
        if inside:
            yield node
        pending.extend((child, inside) for child in ir.children(node))


def _finding(span: Span, item: Item, rank: int, reason: str) -> Finding:
    """What says nothing is a mistake; what was not understood is only told."""
    found = about_text("PAD002", f"{word(item)} {_said(rank, reason)}", span)
    return found if rank == NOTHING else replace(found, severity="information")


def _said(rank: int, reason: str) -> str:
    what = {NOTHING: "says nothing", 0: "was not used"}.get(rank, "was not judged")
    return f"{what}: {reason}" if reason else what
