"""The modules of one run: each is evaluated on demand, statement by statement, when a name it binds is asked for."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

from padlint.arithmetic.dims import Unknown
from padlint.errors import UnreadableError, within_bounds
from padlint.evaluate.budget import Budget
from padlint.evaluate.effects import Verdicts
from padlint.evaluate.havoc import Deeds, forget, lose
from padlint.evaluate.journal import Lasting
from padlint.evaluate.layer_cache import Layers
from padlint.evaluate.machine import Changes, Machine, Raised
from padlint.evaluate.memory import Memory
from padlint.evaluate.record import Record
from padlint.evaluate.registry import builtin, find
from padlint.evaluate.values import MISSING, ModuleValue, PythonModule, Scope, Tensor, Value
from padlint.finding import Place
from padlint.project import ModuleFile, Project
from padlint.syntax import ir

KEPT = 8
"""The part of the steps that a statement leaves to those behind it: it may well be a loop that takes all there are."""


class World:
    """Module namespaces, shared by all roots of a run. `changes` overrides arguments of what is called at a place, a layer
    or a function of the program ("what if padding were 2 here"). `entered` are the functions and classes that were called;
    `gave` says of the constructs with a comment why no module came of them, None where one did,
    `unfit` which layer refuses an input that is declared for a class, `lambdas` which of them a
    construct with a comment gave.
    `budget`: another world's, where this one's steps are its steps. `marks`: the constructs of a module of which something
    is declared, where comments do not say it all."""

    def __init__(
        self,
        project: Project,
        changes: Changes | None = None,
        budget: Budget | None = None,
        marks: Callable[[PythonModule], Collection[Place]] | None = None,
    ) -> None:
        self.project = project
        self.marks = marks
        self.budget = budget or Budget()
        self.changes: Mapping[Place, Mapping[str, Value]] = changes or {}
        self.modules: dict[Path, PythonModule] = {}
        self.records: list[Record] = []
        self.found: dict[tuple[Path, str], PythonModule | None] = {}
        self.anywhere: dict[str, ModuleFile | None] = {}
        self.entered: set[Place] = set()
        self.gave: dict[Place, str | Unknown | None] = {}
        self.unfit: dict[Place, str] = {}
        self.lambdas: dict[Place, Place] = {}
        self.memory = Memory()
        self.layers = Layers()
        self.verdicts = Verdicts()
        self.deeds: dict[int, tuple[ir.Block, Deeds]] = {}  # by the address of the block, which is kept alive with it
        self.clock = 0
        self.past = -(1 << 60)

    def leave_out(self, path: str, statement: int, reason: str) -> None:
        """Say that a statement was not run to its end; of what would be if something were otherwise, nobody asks."""
        if not self.changes:
            self.budget.leave_out(path, statement, reason)

    def end(self) -> None:
        """Let go of all that was evaluated: it is tied in knots of functions and the names that they see."""
        for module in self.modules.values():
            module.names.clear()
        self.records.clear()
        self.memory.forget()
        for cls in self.verdicts.classes:
            cls.namespace.clear()

    # ------------------------------------------------------------ files

    def module(self, dotted: str, asking: PythonModule) -> PythonModule | None:
        """The module of the project that another one means by this dotted name, not yet evaluated."""
        key = asking.root, dotted
        if key not in self.found:
            file = self.project.near(dotted, asking.root)
            if file is None and dotted not in self.anywhere:
                self.anywhere[dotted] = self.project.anywhere(dotted)
            file = file or self.anywhere[dotted]
            self.found[key] = self._open(file) if file is not None else None
        return self.found[key]

    def module_at(self, path: Path) -> PythonModule | None:
        return self._open(self.project.module_of(path))

    def _open(self, file: ModuleFile) -> PythonModule | None:
        path = self.project.disk.resolve(file.path)
        if path not in self.modules:
            try:
                source = self.project.source(path)
            except UnreadableError:
                return None
            names: dict[str, Value] = {"__name__": file.name, "__file__": str(path), "__doc__": None}
            root = file.path.parents[file.name.count(".") + (file.is_package and file.name != "")]
            record = Record(self.records)
            self.records.append(record)
            module = PythonModule(source.path, file.name, source, names, record, root, file.is_package)
            self.modules[path] = module
            module.marked = self.marks(module) if self.marks is not None else source.declared
        return self.modules[path]

    # ------------------------------------------------------------ names

    def global_name(self, machine: Machine, module: PythonModule, name: str) -> Value:
        """A name of a module or of Python's builtins, else MISSING."""
        found = self.own_name(machine, module, name)
        return builtin(name) if found is MISSING else found

    def own_name(self, machine: Machine, module: PythonModule, name: str) -> Value:
        """A name that a module binds, itself or by a star import, else MISSING."""
        found = self._bound_name(machine, module, name)
        if found is MISSING and not name.startswith("_") and name not in module.absent:
            found = self._starred_name(machine, module, name, {module})
            if found is not MISSING:
                module.names[name] = found
            elif not machine.in_module_body:
                module.absent.add(name)
        return found

    def _bound_name(self, machine: Machine, module: PythonModule, name: str) -> Value:
        self._settle(machine, module, name)
        found = module.names.get(name, MISSING)
        if found is MISSING and name in module.promised:
            found = module.names[name] = self.imported_name(machine, module, *module.promised.pop(name))
        plain = machine.record is module.record or not isinstance(found, (Tensor, tuple))
        return found if plain else _unnumbered(found)

    def _starred_name(self, machine: Machine, module: PythonModule, name: str, passed: set[PythonModule]) -> Value:
        """A name that a star import binds. `passed`: the modules that were asked, as imports may go in circles."""
        for target in self._star_imports(module):
            if target not in passed:
                passed.add(target)
                machine.steps -= 1
                found = self._bound_name(machine, target, name)
                if found is MISSING:
                    found = self._starred_name(machine, target, name, passed)
                if found is not MISSING:
                    return found
        return MISSING

    def _settle(self, machine: Machine, module: PythonModule, name: str) -> None:
        """Run the statements that a name needs, as far as they may run now."""
        if module.binding is None:
            module.binding = module.source.binding
            self._register(machine, module)
        headers = module.binding.get(name, ())
        at = module.settled.get(name, 0)
        while at < len(headers) and (not module.running or headers[at].index < module.running[-1]):
            if headers[at].index not in module.done:
                self.run(machine, module, headers[at].index)
            at += 1
        module.settled[name] = at

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
                        target = self.module(self.absolute(module, node.module, node.level), module)
                        if target is not None and target is not module:
                            module.stars.append(target)
        return module.stars

    def run(self, machine: Machine, module: PythonModule, header: int) -> None:
        """Run one top-level statement of a module, outside of whatever is being evaluated now."""
        module.done.add(header)
        module.running.append(header)
        saved = machine.record, machine.frames, machine.within, machine.loops, machine.oldest
        machine.record, machine.frames, machine.within, machine.loops = module.record, (), (), []
        kept = 0 if machine.in_module_body else machine.steps // KEPT
        machine.steps -= kept
        machine.in_module_body += 1
        lasting = Lasting(machine.clock)
        machine.journals.append(lasting)
        try:
            for name in module.source.statements[header].names:
                self._settle(machine, module, name)  # what an earlier statement binds would else be bound later
            self._run(machine, Scope(module, header, module.names), lasting)
        finally:
            machine.journals.remove(lasting)
            machine.in_module_body -= 1
            machine.steps = max(machine.steps, 0) + kept
            module.running.pop()
            machine.record, machine.frames, machine.within, machine.loops, machine.oldest = saved

    def _run(self, machine: Machine, scope: Scope, lasting: Lasting) -> None:
        """What a statement does; if it comes to no end, nothing is known of all that it might have changed."""
        module, header = scope.module, scope.statement

        def give_up(why: str) -> None:
            module.record.given_up = why
            self.leave_out(module.path, header, why)
            reason = Unknown(f"a statement that was given up: {why}", Place(module.path, header, 0))
            machine.steps = max(machine.steps, 0)
            forget(machine, (module.source.lower(header),), scope, reason)
            lose(lasting, reason)
            self.memory.forget()

        with suppress(Raised):  # the statement ends there; what it bound before stays
            within_bounds(lambda: machine.execute(module.source.lower(header), scope), give_up)

    # ------------------------------------------------------------ imports

    def absolute(self, module: PythonModule, name: str, level: int) -> str:
        """The dotted name that `from ..name import x` means in this module."""
        if level == 0:
            return name
        parts = module.name.split(".")
        parts = parts[: len(parts) - level + module.is_package]
        return ".".join([*parts, name] if name else parts)

    def imported(self, asking: PythonModule, dotted: str) -> Value:
        """What `import dotted` binds."""
        module = self.module(dotted, asking)
        if module is not None:
            return ModuleValue(module)
        return find(dotted)

    def imported_name(self, machine: Machine, asking: PythonModule, base: str, name: str, place: Place) -> Value:
        """What `from base import name` binds."""
        module = self.module(base, asking)
        if module is not None:
            found = self.own_name(machine, module, name)
            if found is not MISSING:
                return found
        inner = self.module(f"{base}.{name}" if base else name, asking)
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
        inner = self.module(f"{module.name}.{name}", module)
        return ModuleValue(inner) if inner is not None else MISSING


_CALL_ALONE = re.compile(r"(\w+)(?:\.\w+)*\(([^()]*)\)")
_TEXT = re.compile(r"""'[^']*'|"[^"]*\"""")


def _unnumbered(value: Value, done: dict[int, Value] | None = None) -> Value:
    """A tensor as another record sees it, in which the number of the call that made it means another call. `done`: the
    tuples seen so far, by their ids; one may come again and again within another."""
    if isinstance(value, Tensor):
        return replace(value, origin=None)
    if isinstance(value, tuple):
        done = {} if done is None else done
        if id(value) not in done:
            done[id(value)] = tuple([_unnumbered(each, done) for each in value])
        return done[id(value)]
    return value
