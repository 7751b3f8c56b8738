"""What evaluating a part of one file gives, in plain data, and how such parts are put together.

A unit can be computed in any process, or come from the cache. What is said in the end depends on all of them: a layer
that is wrong for some of its bindings is wrong with a binding, a Sequential that one file leaves alone another one builds.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from padlint.disk import digest
from padlint.finding import Finding, Fix, Place
from padlint.trace import BuiltSequential

VARIANTS = 100
"""How many different lists of layers are told of one Sequential."""

Node = tuple[int, int]
"""A statement of a file and a node in it."""


@dataclass(frozen=True, slots=True)
class Task:
    """What of one file is run in one go. `first`: its statements are roots, else they only come before. `definitions`:
    functions and classes with their statements, in order; `entered` are those among them that other files' roots have
    called. `alone`: calls that no root has come to. `relevant`: every statement of the file that has to do with layers.
    `size` says how much work to expect, `spent` about how many steps the file has taken before."""

    path: str
    file: str
    size: int
    first: bool
    statements: tuple[int, ...]
    definitions: tuple[tuple[str, int], ...] = ()
    entered: tuple[int, ...] = ()
    alone: tuple[Node, ...] = ()
    relevant: tuple[int, ...] = ()
    spent: int = 0


@dataclass(frozen=True, slots=True)
class Candidate:
    """What would be found if there were no other unit. `own` is the code of the rule that tells it best, `code` the first
    of all that spoke; `certain` problems have evidence. `guilty` are the bindings it holds for, `binding` is one of them,
    called at `called_from` for the model `root`. The finding has neither name nor severity nor fixes yet."""

    place: Place
    own: str
    code: str
    certain: bool
    guilty: tuple[str, ...]
    binding: tuple[tuple[str, str], ...] | None
    called_from: str | None
    root: str | None
    finding: Finding
    fixes: tuple[Fix, ...]
    unique: bool

    @property
    def rank(self) -> tuple[bool, str]:
        return not self.certain, self.own


@dataclass(frozen=True, slots=True)
class Variant:
    """One Sequential as it was built; `key` tells those apart that hold different layers."""

    place: Place
    key: str
    built: BuiltSequential


MADE, NOTHING, UNSURE, JUDGED = 1, 2, 3, 4
"""What became of what is declared: its module was made and that is all, it says nothing, nobody can tell, it was compared
with what the program does."""
SETTINGS = Place("", 0, 0)
"""Where the configuration and the command line declare."""


@dataclass(frozen=True, slots=True)
class Heard:
    """What became, in one unit, of one thing that is declared: of a word (`same`, `input[mask]`) at a construct, of a key of
    the configuration, of an option. `reason`: why it was not judged."""

    place: Place
    word: str
    rank: int
    reason: str


@dataclass(frozen=True, slots=True)
class Unit:
    """What came of one task. `built` holds by path the places where something was built, with their bindings, see
    `spelt`; `entered` the statements whose function or class was called; `sequentials` every call of something named
    Sequential in the file itself; `spent` counts the steps that the file has taken so far; `left_out` are, by path and reason,
    the statements of which not everything was run. `settled`, spelt as `built`: where something gave a shape that is known, or
    is refused. `heard` is what became of what is declared. `failed` says why there is no more than that."""

    built: Mapping[str, str]
    entered: Mapping[str, tuple[int, ...]]
    sequentials: tuple[Node, ...] = ()
    candidates: tuple[Candidate, ...] = ()
    torch: tuple[Variant, ...] = ()
    keras: tuple[Variant, ...] = ()
    spent: int = 0
    left_out: Mapping[str, Mapping[str, tuple[int, ...]]] = field(default_factory=dict)
    settled: Mapping[str, str] = field(default_factory=dict)
    heard: tuple[Heard, ...] = ()
    failed: str | None = None


def token(text: str) -> str:
    """A short name for a text that is only compared."""
    return digest(text.encode("utf-8", "surrogatepass"), 6)


def spelt(bindings: Mapping[Place, Iterable[str]]) -> dict[str, str]:
    """By path: `statement.node=binding,binding` for every place, separated by spaces."""
    found: dict[str, list[str]] = {}
    for place, names in bindings.items():
        found.setdefault(place.path, []).append(f"{place.statement}.{place.node}={','.join(sorted(names))}")
    return {path: " ".join(words) for path, words in found.items()}


def settled_in(units: Iterable[Unit]) -> frozenset[Place]:
    """Where something gave a shape that is known, or was refused."""
    words = {(path, word) for unit in units for path, text in unit.settled.items() for word in text.split()}
    places = ((path, word.partition("=")[0].partition(".")) for path, word in words)
    return frozenset(Place(path, int(statement), int(node)) for path, (statement, _, node) in places)


def bindings_at(place: Place, units: Iterable[Unit]) -> set[str]:
    """All bindings for which something was built at a place."""
    start = f"{place.statement}.{place.node}="
    return {
        name
        for unit in units
        for word in unit.built.get(place.path, "").split()
        if word.startswith(start)
        for name in word[len(start) :].split(",")
        if name
    }


def unreached(path: str, sequentials: Iterable[Node], units: Iterable[Unit]) -> tuple[Node, ...]:
    """The Sequentials of a file that no unit came to."""
    reached = {word.partition("=")[0] for unit in units for word in unit.built.get(path, "").split()}
    return tuple(node for node in sequentials if f"{node[0]}.{node[1]}" not in reached)


# ---------------------------------------------------------------- all units


@dataclass(frozen=True, slots=True)
class Merged:
    """The best of the candidates for one place. `some`: it does not hold for every binding."""

    candidate: Candidate
    code: str
    some: bool


def merged(units: Sequence[Unit]) -> list[Merged]:
    """One candidate a layer; what differs from a reference is one thing a rule, not one cause."""
    places: dict[tuple[Place, str], list[Candidate]] = {}
    for unit in units:
        for each in unit.candidates:
            places.setdefault((each.place, apart(each.own)), []).append(each)
    result: list[Merged] = []
    for (place, _), items in places.items():
        guilty = {name for each in items for name in each.guilty}
        some = len(guilty) < len(bindings_at(place, units) or guilty)
        best = min(items, key=lambda each: each.rank)
        result.append(Merged(best, min(each.code for each in items), some))
    return result


def apart(code: str) -> str:
    """What keeps problems at one place apart."""
    return code if code.startswith("PAD4") else ""


def tables(variants: Iterable[Variant]) -> list[list[BuiltSequential]]:
    """The distinct lists of layers of each site, one more than is shown at most; sites as they were come to."""
    found: dict[Place, dict[str, BuiltSequential]] = {}
    for each in variants:
        known = found.setdefault(each.place, {})
        if len(known) <= VARIANTS:
            known.setdefault(each.key, each.built)
    return [list(known.values()) for known in found.values()]
