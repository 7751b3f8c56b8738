"""The modules of one run: each is evaluated on demand, statement by statement, when a name it binds is asked for."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

from padlint.arithmetic.dims import Unknown
from padlint.errors import BoundExceeded, UnreadableError
from padlint.evaluate.effects import Verdicts
from padlint.evaluate.layer_cache import Layers
from padlint.evaluate.machine import Changes, Machine, Raised
from padlint.evaluate.memory import Memory
from padlint.evaluate.record import Record
from padlint.evaluate.registry import builtin, find
from padlint.evaluate.values import MISSING, ModuleValue, PythonModule, Scope, Tensor, Value
from padlint.finding import Place
from padlint.project import ModuleFile, Project
from padlint.syntax import ir
from padlint.syntax.index import Header


class World:
    """Module namespaces, shared by all roots of a run. `changes` overrides arguments of the layers built at a place
    ("what if padding were 2 here"). `entered` are the functions and classes that were called."""

    def __init__(self, project: Project, changes: Changes | None = None) -> None:
        self.project = project
        self.changes: Mapping[Place, Mapping[str, Value]] = changes or {}
        self.modules: dict[Path, PythonModule] = {}
        self.found: dict[str, PythonModule | None] = {}
        self.entered: set[Place] = set()
        self.memory = Memory()
        self.layers = Layers()
        self.verdicts = Verdicts()
        self.clock = 0
        self.past = -(1 << 60)

    def end(self) -> None:
        """Let go of all that was evaluated: it is tied in knots of functions and the names that they see."""
        for module in self.modules.values():
            module.names.clear()
        self.memory.forget()
        for cls in self.verdicts.classes:
            cls.namespace.clear()

    # ------------------------------------------------------------ files

    def module(self, dotted: str) -> PythonModule | None:
        """The module of the project with this dotted name, not yet evaluated."""
        if dotted not in self.found:
            file = self.project.find(dotted)
            self.found[dotted] = self._open(file) if file is not None else None
        return self.found[dotted]

    def module_at(self, path: Path) -> PythonModule | None:
        return self._open(self.project.module_of(path))

    def _open(self, file: ModuleFile) -> PythonModule | None:
        path = file.path.resolve()
        if path not in self.modules:
            try:
                source = self.project.source(path)
            except UnreadableError:
                return None
            names: dict[str, Value] = {"__name__": file.name, "__file__": str(path), "__doc__": None}
            self.modules[path] = PythonModule(source.path, file.name, source, names, Record(), file.is_package)
        return self.modules[path]

    # ------------------------------------------------------------ names

    def global_name(self, machine: Machine, module: PythonModule, name: str) -> Value:
        """A name of a module or of Python's builtins, else MISSING."""
        found = self.own_name(machine, module, name)
        return builtin(name) if found is MISSING else found

    def own_name(self, machine: Machine, module: PythonModule, name: str) -> Value:
        """A name that a module binds, itself or by a star import, else MISSING."""
        if name not in module.settled:
            self._settle(machine, module, name)
        if name in module.names:
            found = module.names[name]
            plain = machine.record is module.record or not isinstance(found, (Tensor, tuple))
            return found if plain else _unnumbered(found)
        if not name.startswith("_"):
            for target in self._star_imports(module):
                module.names[name] = MISSING  # an import cycle ends here
                found = self.own_name(machine, target, name)
                del module.names[name]
                if found is not MISSING:
                    module.names[name] = found
                    return found
        return MISSING

    def _settle(self, machine: Machine, module: PythonModule, name: str) -> None:
        """Run the statements that a name needs, as far as they may run now."""
        if module.binding is None:
            self._headers(module, name)
            self._register(machine, module)
        headers = self._headers(module, name)
        for header in headers:
            if header.index not in module.done and (not module.running or header.index < module.running[-1]):
                self.run(machine, module, header.index)
        if all(header.index in module.done for header in headers):
            module.settled.add(name)

    def _headers(self, module: PythonModule, name: str) -> list[Header]:
        """The statements that bind a name, and the later ones that fill or change what it is bound to."""
        if module.binding is None:
            module.binding = {}
            for header in module.source.statements:
                for bound in header.names:
                    module.binding.setdefault(bound, []).append(header)
        own = module.binding.get(name)
        if own is None or all(header.kind != "other" for header in own):
            return own or []
        changes = re.compile(rf"(?<![\w.]){re.escape(name)}\s*(\.\s*\w+\s*(\(|=)|\[[^\n]*\]\s*=)")
        return [
            header
            for header in module.source.statements
            if name in header.names
            or (
                header.kind == "other"
                and header.index > own[0].index
                and changes.search(module.source.statement_text(header.index))
            )
        ]

    def _register(self, machine: Machine, module: PythonModule) -> None:
        """Run the calls that stand alone and hand a class or function of this module on: `register("name", Block)`."""
        own = {n for header in module.source.statements if header.kind in ("class", "function") for n in header.names}
        for header in module.source.statements:
            if header.kind == "other" and not header.names and own & module.source.words(header.index):
                called = _CALL_ALONE.fullmatch(module.source.statement_text(header.index).strip())
                given = set(re.findall(r"\w+", _TEXT.sub("", called[2]))) if called else set()
                if called and called[1] in (module.binding or ()) and called[1] not in own and given & own:
                    self.run(machine, module, header.index)

    def _star_imports(self, module: PythonModule) -> list[PythonModule]:
        if module.stars is None:
            module.stars = []
            for header in module.source.statements:
                if "*" not in header.names:
                    continue
                for node in module.source.lower(header.index):
                    if isinstance(node, ir.ImportFrom) and node.names[0][0] == "*":
                        target = self.module(self.absolute(module, node.module, node.level))
                        if target is not None and target is not module:
                            module.stars.append(target)
        return module.stars

    def run(self, machine: Machine, module: PythonModule, header: int) -> None:
        """Run one top-level statement of a module, outside of whatever is being evaluated now."""
        module.done.add(header)
        module.running.append(header)
        saved = machine.record, machine.frames, machine.within, machine.loops, machine.oldest
        machine.record, machine.frames, machine.within, machine.loops = module.record, (), (), []
        machine.in_module_body += 1
        scope = Scope(module, header, module.names)
        try:
            machine.execute(module.source.lower(header), scope)
        except Raised:
            pass  # the statement ends here; what it bound before stays
        except BoundExceeded as bound:
            module.record.given_up = str(bound)
        except RecursionError:
            module.record.given_up = "nested too deeply"
        finally:
            machine.in_module_body -= 1
            module.running.pop()
            machine.record, machine.frames, machine.within, machine.loops, machine.oldest = saved

    # ------------------------------------------------------------ imports

    def absolute(self, module: PythonModule, name: str, level: int) -> str:
        """The dotted name that `from ..name import x` means in this module."""
        if level == 0:
            return name
        parts = module.name.split(".")
        parts = parts[: len(parts) - level + module.is_package]
        return ".".join([*parts, name] if name else parts)

    def imported(self, machine: Machine, dotted: str) -> Value:
        """What `import dotted` binds."""
        module = self.module(dotted)
        if module is not None:
            return ModuleValue(module)
        return find(dotted)

    def imported_name(self, machine: Machine, base: str, name: str, place: Place) -> Value:
        """What `from base import name` binds."""
        module = self.module(base)
        if module is not None:
            found = self.own_name(machine, module, name)
            if found is not MISSING:
                return found
        inner = self.module(f"{base}.{name}" if base else name)
        if inner is not None:
            return ModuleValue(inner)
        if module is not None:
            return Unknown(f"{base} has no name {name!r} that is known", place)
        return find(f"{base}.{name}")

    def module_attribute(self, machine: Machine, module: PythonModule, name: str, place: Place) -> Value:
        """`module.name`: a name it binds or a module below it."""
        found = self.own_name(machine, module, name)
        if found is not MISSING:
            return found
        inner = self.module(f"{module.name}.{name}")
        return ModuleValue(inner) if inner is not None else MISSING


_CALL_ALONE = re.compile(r"(\w+)(?:\.\w+)*\(([^()]*)\)")
_TEXT = re.compile(r"""'[^']*'|"[^"]*\"""")


def _unnumbered(value: Value, done: dict[int, Value] | None = None) -> Value:
    """A tensor as another record sees it, in which the number of the call that made it means another call. `done`: the
    tuples seen so far, by their ids; one may come again and again within another."""
    if isinstance(value, Tensor):
        return Tensor(value.shape)
    if isinstance(value, tuple):
        done = {} if done is None else done
        if id(value) not in done:
            done[id(value)] = tuple([_unnumbered(each, done) for each in value])
        return done[id(value)]
    return value
