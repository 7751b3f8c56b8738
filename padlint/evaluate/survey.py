"""Which statements of the files matter, and which of them refer to which: what to run first, and what only if nothing did."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from padlint.evaluate.values import PythonModule
from padlint.evaluate.world import World
from padlint.layers.catalogue import layers
from padlint.layers.keras.catalogue import layers as keras_layers
from padlint.syntax import ir
from padlint.syntax.index import Header, for_types

SEEDS = frozenset({"Sequential", "ModuleList", "ModuleDict", "Module"})
KERAS_SEEDS = frozenset({"Model", "Functional", "Input"})
Target = tuple[PythonModule, str]


@dataclass(eq=False, slots=True)
class Survey:
    """What is known of each module by its words alone. `relevant` are the names that have to do with layers; `below` has by
    the name that `import a.b.c` binds the modules that it leads to; `apart` are the modules that have to do with another
    framework, if with any."""

    world: World
    relevant: dict[PythonModule, dict[str, Header]] = field(default_factory=dict)
    statements: dict[PythonModule, list[Header]] = field(default_factory=dict)
    imports: dict[PythonModule, dict[str, Target]] = field(default_factory=dict)
    below: dict[PythonModule, dict[str, list[PythonModule]]] = field(default_factory=dict)
    apart: set[PythonModule] = field(default_factory=set)

    def of(self, module: PythonModule) -> dict[str, Header]:
        """The functions and classes of a module that have to do with layers, by name."""
        if module not in self.relevant:
            self.relevant[module] = {}  # an import cycle ends here
            self.statements[module] = []
            self._examine(module)
        return self.relevant[module]

    def _examine(self, module: PythonModule) -> None:
        imported = self.imports_of(module)
        known = (
            (SEEDS | set(layers()) if self._sees_layers(module) else set())
            | (KERAS_SEEDS | set(keras_layers()) if "keras" in module.source.text else set())
            | {name for name, (home, original) in imported.items() if self._matters(home, original)}
            | {name for name, homes in self.below[module].items() if any(self._matters(home, "") for home in homes)}
        )
        pending = [header for header in module.source.statements if header.kind != "import"]
        words = {header.index: module.source.words(header.index) for header in pending}
        found: set[int] = set()
        grown = True
        while grown:
            grown = False
            for header in pending:
                if header.index not in found and words[header.index] & known:
                    found.add(header.index)
                    fresh = set(header.names) - known
                    known |= fresh
                    grown = grown or bool(fresh)
        for header in pending:
            if header.index in found:
                if header.kind in ("function", "class"):
                    self.relevant[module][header.names[0]] = header
                elif not for_types(module.source.statement_text(header.index)):
                    self.statements[module].append(header)

    def _sees_layers(self, module: PythonModule) -> bool:
        """Is torch or Keras named in a module, or in one that names come from, from near or far? If not, its `nn` is another."""
        seen: set[PythonModule] = set()
        pending = [module]
        while pending:
            at = pending.pop()
            if at in self.apart or at in seen:
                continue
            if "torch" in at.source.text or "keras" in at.source.text:
                return True
            seen.add(at)
            pending.extend(self._homes(at))
        self.apart |= seen
        return False

    def _homes(self, module: PythonModule) -> Iterator[PythonModule]:
        """The modules that a module imports, or may import from, anywhere in its text."""
        headers = [each for each in module.source.statements if "import" in module.source.words(each.index)]
        pending: list[ir.Node] = [node for header in headers for node in module.source.lower(header.index)]
        while pending:
            node = pending.pop()
            pending.extend(ir.children(node))
            names: list[str] = []
            if isinstance(node, ir.Import):
                names = [
                    ".".join(dotted.split(".")[:n]) for dotted, _ in node.names for n in range(1, dotted.count(".") + 2)
                ]
            elif isinstance(node, ir.ImportFrom):
                base = self.world.absolute(module, node.module, node.level)
                names = [base, *(f"{base}.{name}" for name, _ in node.names)]
            yield from (home for name in names if (home := self.world.module(name, module)) is not None)

    def _matters(self, home: PythonModule, name: str) -> bool:
        if not name:
            return bool(self.of(home)) or bool(self.statements.get(home)) or self._hands_on(home)
        return name in self.of(home) or any(name in header.names for header in self.statements.get(home, ()))

    def _hands_on(self, home: PythonModule) -> bool:
        """Does a module have a name of another one that has to do with layers, as packages do?"""
        return any(name and self._matters(target, name) for target, name in self.imports_of(home).values())

    def imports_of(self, module: PythonModule) -> dict[str, Target]:
        """What the imports of a module bind: the module and the name there ("" for a whole module), re-exports followed."""
        if module not in self.imports:
            self.imports[module], self.below[module] = {}, {}
            for header in module.source.statements:
                if header.kind == "import":
                    for node in module.source.lower(header.index):
                        self._import(module, node)
        return self.imports[module]

    def _import(self, module: PythonModule, node: ir.Statement) -> None:
        found = self.imports[module]
        if isinstance(node, ir.Import):
            for dotted, alias in node.names:
                top = dotted.partition(".")[0]
                home = self.world.module(dotted if alias else top, module)
                if home is not None:
                    found[alias or top] = (home, "")
                inside = self.world.module(dotted, module) if not alias else None
                if inside is not None and inside is not home:
                    self.below[module].setdefault(top, []).append(inside)
        elif isinstance(node, ir.ImportFrom):
            base = self.world.absolute(module, node.module, node.level)
            home = self.world.module(base, module)
            for name, alias in node.names:
                if home is not None and name == "*":
                    found.update(
                        {n: (home, n) for n in (*self.of(home), *self.imports_of(home)) if not n.startswith("_")}
                    )
                elif home is not None and self._bound(home, name):
                    found[alias or name] = self._origin(home, name)
                elif (inner := self.world.module(f"{base}.{name}", module)) is not None:
                    found[alias or name] = (inner, "")

    def _bound(self, home: PythonModule, name: str) -> bool:
        return any(name in header.names or "*" in header.names for header in home.source.statements)

    def _origin(self, home: PythonModule, name: str) -> Target:
        return self.imports_of(home).get(name, (home, name))

    def references(self, module: PythonModule, header: Header) -> set[Target]:
        """The definitions that a statement names."""
        imported, own = self.imports_of(module), self.of(module)
        result: set[Target] = set()
        words = module.source.words(header.index)
        for word in words:
            if word in own and own[word] is not header:
                result.add((module, word))
            elif word in imported:
                home, name = imported[word]
                if name:
                    result.add((home, name))
                else:  # a whole module: any of its names that stand here
                    result |= {(home, each) for each in self.of(home) if each in words}
            for home in self.below[module].get(word, ()):
                result |= {(home, each) for each in self.of(home) if each in words}
        return result

    def entries(self, modules: Iterable[PythonModule]) -> list[Target]:
        """The definitions of these modules, those first that no other one names."""
        return list(self.levels(modules))

    def levels(self, modules: Iterable[PythonModule]) -> dict[Target, int]:
        """The definitions of these modules in the order of `entries`, each with the number of files that may come before
        its own: what lies on one level can be run at the same time, a level when those below it are done."""
        modules = list(modules)
        definitions = [(module, name) for module in modules for name in self.of(module)]
        referred: dict[Target, set[Target]] = {}
        for module, name in definitions:
            for target in self.references(module, self.of(module)[name]):
                referred.setdefault(target, set()).add((module, name))
        for module in modules:
            for header in self.statements[module]:
                for target in self.references(module, header):
                    referred.setdefault(target, set()).add((module, ""))
        levels: dict[Target, int] = {}
        for target in _callers_first(definitions, referred):
            callers = [(caller, caller[0] is not target[0]) for caller in referred.get(target, ())]
            known = [levels[caller] + elsewhere for caller, elsewhere in callers if caller in levels]
            statements = [int(elsewhere) for caller, elsewhere in callers if not caller[1]]
            levels[target] = max([0, *known, *statements])
        return levels


def _callers_first(definitions: list[Target], referred: dict[Target, set[Target]]) -> list[Target]:
    """Each definition behind those that name it, as far as cycles let it; else in the order of the files."""
    order: dict[Target, None] = {}
    active: set[Target] = set()

    def visit(target: Target) -> None:
        if target in order or target in active or len(active) > 200:
            return
        active.add(target)
        for caller in sorted(referred.get(target, ()), key=lambda caller: rank.get(caller, -1)):
            if caller in rank:
                visit(caller)
        active.discard(target)
        order[target] = None

    rank = {target: index for index, target in enumerate(definitions)}
    for target in definitions:
        visit(target)
    return list(order)
