"""What code may do, told from its text and that of all that it may call, without running it.

Code that fills tensors, asks, and binds local names leaves alone all that a shape depends on. A method of something unknown
is each method of that name. While a function is read, it is taken to do no more than to call its parameters.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, get_args

from padlint.evaluate import scopes
from padlint.evaluate.classes import is_module_level
from padlint.evaluate.harmless import ASKING, FILLING, QUIET, QUIET_PLACES
from padlint.evaluate.havoc import targets, walk
from padlint.evaluate.values import (
    MISSING,
    BoundMethod,
    Builtin,
    ClassValue,
    Descriptor,
    External,
    Function,
    ModuleValue,
    Partial,
    Scope,
    Value,
)
from padlint.syntax import ir

if TYPE_CHECKING:
    from padlint.evaluate.machine import Machine

_STATEMENTS = get_args(ir.Statement)
_NUMBERS = frozenset({"data", "grad", "requires_grad"})
_WEIGHTS = _NUMBERS | {"weight", "bias"}


@dataclass(frozen=True, slots=True)
class Effect:
    """What code may do: more than fill weights (`acts`), fill them (`fills`), call these of its own parameters."""

    acts: bool = False
    fills: bool = False
    calls: frozenset[str] = frozenset()


NOTHING, FILLS, ACTS = Effect(), Effect(fills=True), Effect(acts=True)


def _joined(effects: Iterable[Effect]) -> Effect:
    fills, calls = False, frozenset[str]()
    for effect in effects:
        if effect.acts:
            return ACTS
        fills, calls = fills or effect.fills, calls | effect.calls
    return Effect(False, fills, calls) if fills or calls else NOTHING


def _closed(effect: Effect) -> Effect:
    """The effect of a function of whose arguments nothing is known."""
    return ACTS if effect.calls else effect


@dataclass(eq=False, slots=True)
class Verdicts:
    """What is known of the functions and statements of a world, as long as no further class comes with methods of its own;
    and, of conditions, whether they are on training mode. Nodes are known by their address, and kept alive with it."""

    classes: list[ClassValue] = field(default_factory=list)
    functions: dict[int, tuple[ir.Node, Effect]] = field(default_factory=dict)
    statements: dict[int, tuple[ir.Node, Effect]] = field(default_factory=dict)
    training: dict[int, tuple[ir.Node, bool]] = field(default_factory=dict)
    known: int = 0


def effect_of(machine: Machine, node: ir.Statement | ir.Conditional, scope: Scope) -> Effect:
    """What a statement or conditional expression may do."""
    verdicts = machine.world.verdicts
    if verdicts.known != len(verdicts.classes):
        verdicts.known = len(verdicts.classes)
        verdicts.functions.clear()
        for known in [key for key, (_, effect) in verdicts.statements.items() if not effect.acts]:
            del verdicts.statements[known]
    if id(node) in verdicts.statements:
        return verdicts.statements[id(node)][1]
    reader = _Reader(machine, verdicts)
    block = () if isinstance(node, ir.Conditional) else (node,)
    bound, values = _bindings(block)
    code = _Code(scope, bound, values=values)
    effect = reader.expression(node, code) if isinstance(node, ir.Conditional) else reader.statement(node, code)
    if effect.acts or not reader.local:
        verdicts.statements[id(node)] = (node, effect)
    return effect


def bound_in(block: ir.Block) -> frozenset[str]:
    """The names that statements bind."""
    return frozenset(target for target in targets((block,)) if isinstance(target, str))


def _bindings(block: ir.Block) -> tuple[frozenset[str], dict[str, tuple[ir.Expression, ...]]]:
    """The names that statements bind; and what is assigned to those that are bound by plain assignments only."""
    times = Counter(target for target in targets((block,)) if isinstance(target, str))
    found: dict[str, list[ir.Expression]] = {}
    for node in walk(block) if times else ():
        if isinstance(node, ir.Assign):
            for target in node.targets:
                if isinstance(target, ir.Name):
                    found.setdefault(target.id, []).append(node.value)
    return frozenset(times), {name: tuple(values) for name, values in found.items() if len(values) == times[name]}


@dataclass(frozen=True, slots=True)
class _Code:
    """Where code stands: the scope around it, the names that it binds, parameters that it may call, functions defined in it,
    what else its names stand for."""

    scope: Scope
    own: frozenset[str]
    parameters: frozenset[str] = frozenset()
    functions: frozenset[str] = frozenset()
    values: Mapping[str, tuple[ir.Expression, ...]] = field(default_factory=dict)
    returns: bool = False

    def inside(self, node: ir.Function | ir.Lambda) -> _Code:
        """Within the body of a function that is defined here."""
        block = node.body if isinstance(node, ir.Function) else ()
        given, (bound, values) = names_of(node), _bindings(block)
        functions = frozenset(each.name for each in block if isinstance(each, ir.Function)) - values.keys()
        hidden = given | bound
        return _Code(
            self.scope,
            self.own | hidden,
            (self.parameters - hidden) | (given - bound) | (given & values.keys()),
            (self.functions - hidden) | (functions - given),
            {**{name: v for name, v in self.values.items() if name not in hidden}, **values},
            True,
        )


def names_of(node: ir.Function | ir.Lambda) -> frozenset[str]:
    return frozenset(parameter.name for parameter in node.parameters)


@dataclass(frozen=True, slots=True)
class _Reader:
    """Reads one statement. `reading`: the functions that are read now, with the parameters that they call; `naming`: the
    names whose values are; `local`: whether something depends on values of the scope around."""

    machine: Machine
    verdicts: Verdicts
    reading: dict[int, frozenset[str]] = field(default_factory=dict)
    naming: set[str] = field(default_factory=set)
    local: list[str] = field(default_factory=list)

    # ------------------------------------------------------------ statements

    def block(self, block: ir.Block, code: _Code) -> Effect:
        return _joined(self.statement(node, code) for node in block)

    def statement(self, node: ir.Statement, code: _Code) -> Effect:
        if isinstance(node, ir.Evaluate):
            return self.expression(node.value, code)
        if isinstance(node, ir.Raise):
            given = node.value.args if isinstance(node.value, ir.Call) else ()
            return _joined(self.expression(argument.value, code) for argument in given)
        if isinstance(node, ir.Assign):
            assigned = [self._given(target, node.value, code) for target in node.targets]
            return _joined((*assigned, self.expression(node.value, code)))
        if isinstance(node, ir.AugmentedAssign):
            local = isinstance(node.target, ir.Name) and node.op in ("//", "/", "-", "**")
            return self.expression(node.value, code) if local else ACTS
        if isinstance(node, ir.Return):
            return self.expression(node.value, code) if code.returns else ACTS
        if isinstance(node, ir.Jump):
            return NOTHING
        if isinstance(node, (ir.Assert, ir.If, ir.While, ir.For, ir.With, ir.Try)):
            parts = [self._part(child, code) for child in ir.children(node)]
            return _joined((*map(_assigned, _targets(node)), *parts))
        if isinstance(node, ir.Function) and not node.decorators:
            return self._body(node, code)
        return ACTS

    def _given(self, target: ir.Expression, value: ir.Expression, code: _Code) -> Effect:
        """A target with what it is given: another tensor for the numbers of a weight may be of another shape."""
        if not isinstance(target, ir.Attribute) or not isinstance(value, ir.Call):
            return ACTS if isinstance(target, ir.Attribute) and target.attr == "data" else _assigned(target)
        if target.attr == "data":
            name = ir.last_name(value.func) or ""
            return _assigned(target) if name.endswith(("_", "_like")) else ACTS
        own, first = ir.spelt(target), value.args[0] if value.args else None
        itself = own is not None and first is not None and not first.star and ir.spelt(first.value) == own
        if target.attr in _WEIGHTS and itself and _fills_and_gives(self._resolved(value.func, code)):
            return FILLS  # m.weight = nn.init.zeros_(m.weight)
        return _assigned(target)

    def _part(self, node: ir.Node, code: _Code) -> Effect:
        if isinstance(node, ir.Handler):
            return self.block(node.body, code)
        return self.statement(node, code) if isinstance(node, _STATEMENTS) else self.expression(node, code)

    def _body(self, node: ir.Function | ir.Lambda, around: _Code) -> Effect:
        """The body of a function that is defined in code and called with something unknown."""
        inside = around.inside(node)
        effect = self.expression(node.body, inside) if isinstance(node, ir.Lambda) else self.block(node.body, inside)
        return ACTS if effect.calls & names_of(node) else effect

    # ------------------------------------------------------------ expressions

    def expression(self, node: ir.Node | None, code: _Code) -> Effect:
        if node is None or isinstance(node, (ir.Constant, ir.Name, ir.Lambda)):
            return NOTHING
        if isinstance(node, (ir.Await, ir.Opaque)) or (isinstance(node, ir.Yield) and not code.returns):
            return ACTS
        if isinstance(node, ir.Call):
            return self._call(node, code)
        return _joined(self.expression(child, code) for child in ir.children(node))

    def _call(self, node: ir.Call, code: _Code) -> Effect:
        if isinstance(node.func, ir.Attribute) and node.func.attr == "apply" and len(node.args) == 1:
            every = self._methods("apply", NOTHING)  # of a module: calls this function with each module below
            return _joined(
                (every, FILLS, self.handed_on(node.args[0].value, code), self.expression(node.func.value, code))
            )
        effect = self.callable(node.func, code)
        given = [self.expression(argument.value, code) for argument in node.args]
        if isinstance(node.func, ir.Attribute):
            given.append(self.expression(node.func.value, code))
        return _joined((self._with(effect, node, code), *given))

    def _with(self, effect: Effect, node: ir.Call, code: _Code) -> Effect:
        """The effect of a function, called with these arguments, as an effect of the code that calls it."""
        function = self._resolved(node.func, code)
        if effect.acts or function is None:
            return effect  # what it calls are parameters of this code
        if not isinstance(function, Function):
            return _closed(effect)
        passed = [self._passed(node, name, function, code) for name in effect.calls]
        return _joined((Effect(False, effect.fills), *passed))

    def _passed(self, node: ir.Call, name: str, function: Function, code: _Code) -> Effect:
        """What a call may do by giving something as the parameter that the called function calls."""
        for argument in node.args:
            if argument.keyword == name:
                return self.handed_on(argument.value, code)
        if any(argument.star for argument in node.args):
            return ACTS
        position = [parameter.name for parameter in function.node.parameters].index(name)
        plain = [argument.value for argument in node.args if argument.keyword is None]
        if position < len(plain):
            return self.handed_on(plain[position], code)
        default = function.defaults.get(name, MISSING)
        return NOTHING if default is None else _closed(self.value(default))

    # ------------------------------------------------------------ what is called

    def handed_on(self, node: ir.Expression, code: _Code) -> Effect:
        """What a function may do that is given to another, which calls it with something unknown."""
        effect = self.callable(node, code)
        return effect if self._resolved(node, code) is None else _closed(effect)

    def callable(self, node: ir.Expression, code: _Code) -> Effect:
        """What a call of this expression may do."""
        if isinstance(node, ir.Name) and node.id in code.own:
            return self._own(node.id, code)
        if isinstance(node, ir.Lambda):
            return self._body(node, code)
        if isinstance(node, ir.Boolean):
            return _joined((self.callable(node.left, code), self.callable(node.right, code)))
        if isinstance(node, ir.Conditional):
            return _joined((self.callable(node.body, code), self.callable(node.orelse, code)))
        if isinstance(node, ir.Call):
            return self._made(node, code)
        found = self._resolved(node, code)
        if found is not None:
            return self.value(found)
        return self.method(node.attr) if isinstance(node, ir.Attribute) else ACTS

    def _own(self, name: str, code: _Code) -> Effect:
        """What a call of a local name may do."""
        if name in code.functions:
            return NOTHING  # its body is read where it is defined
        called = Effect(calls=frozenset({name})) if name in code.parameters else NOTHING
        if name not in code.values:
            return called if called.calls else ACTS
        if name in self.naming:
            return called
        self.naming.add(name)
        effects = [self.callable(value, code) for value in code.values[name]]
        self.naming.discard(name)
        return _joined((called, *effects))

    def _resolved(self, node: ir.Expression, code: _Code) -> Value:
        """The value of a name from around the code, or of an attribute of a module; None for everything else."""
        if isinstance(node, ir.Name) and node.id not in code.own:
            if _is_local(node.id, code.scope):
                self.local.append(node.id)
            return scopes.lookup(self.machine, node.id, code.scope, node)
        if isinstance(node, ir.Attribute):
            owner = self._resolved(node.value, code)
            if isinstance(owner, (ModuleValue, External)):
                return self.machine.attribute(owner, node.attr, code.scope.place(node))
        return None

    def _made(self, node: ir.Call, code: _Code) -> Effect:
        """What a function may do that a call gives: `partial(fill, std=0.02)`, or one of those that a function returns."""
        maker = self._resolved(node.func, code)
        if isinstance(maker, Builtin) and maker.name == "functools.partial" and node.args:
            return _joined((self.handed_on(node.args[0].value, code), self.expression(node, code)))
        if not isinstance(maker, Function) or isinstance(maker.node, ir.Lambda) or id(maker.node) in self.reading:
            return ACTS
        inside = _Code(_around(maker), frozenset()).inside(maker.node)
        given = [each.value for each in walk(maker.node.body) if isinstance(each, ir.Return)]
        effects = [self.handed_on(value, inside) if value is not None else ACTS for value in given]
        made = _joined((self.value(maker), *effects)) if effects else ACTS
        return _joined((self._with(made, node, code), *(self.expression(each.value, code) for each in node.args)))

    def value(self, value: Value) -> Effect:
        if isinstance(value, Function):
            return self.function(value)
        if isinstance(value, BoundMethod):
            return self.value(value.function)
        if isinstance(value, Partial):
            return _closed(self.value(value.func))
        if isinstance(value, (Builtin, External)):
            name = value.name if isinstance(value, Builtin) else value.dotted
            if name.startswith("torch.nn.init.") or (isinstance(value, External) and name.endswith("_")):
                return FILLS
            plain = name.startswith(QUIET_PLACES) or (name.startswith("torch.") and not name.startswith("torch.nn."))
            return NOTHING if plain or name.removeprefix("builtins.") in QUIET else ACTS
        return ACTS

    def function(self, function: Function) -> Effect:
        """What a function may do. While it is read, it is taken to do no more than to call its parameters."""
        node = function.node
        if id(node) in self.verdicts.functions:
            return self.verdicts.functions[id(node)][1]
        if id(node) in self.reading:
            return Effect(calls=self.reading[id(node)])
        called = {
            each.func.id for each in walk(node.body) if isinstance(each, ir.Call) and isinstance(each.func, ir.Name)
        }
        self.reading[id(node)] = names_of(node) & called
        inside, naming = _Code(_around(function), frozenset()).inside(node), set(self.naming)
        self.naming.clear()
        effect = self.expression(node.body, inside) if isinstance(node, ir.Lambda) else self.block(node.body, inside)
        self.naming.update(naming)
        del self.reading[id(node)]
        if (effect.acts or not self.reading) and is_module_level(function.scope):
            self.verdicts.functions[id(node)] = (node, effect)  # read while nothing was only supposed
        return effect

    def method(self, name: str) -> Effect:
        """A method of something unknown: those of tensors and modules, and each that a class of the program defines."""
        known = FILLS if name in FILLING else NOTHING if name in ASKING else None
        return self._methods(name, known)

    def _methods(self, name: str, known: Effect | None) -> Effect:
        if name.startswith("__"):
            return ACTS
        found = [cls.namespace[name] for cls in self.verdicts.classes if name in cls.namespace]
        effects = [self.value(each.function if isinstance(each, Descriptor) else each) for each in found]
        if known is None and not effects:
            return ACTS
        return _closed(_joined((known or NOTHING, *effects)))


def _fills_and_gives(value: Value) -> bool:
    """Is this one of torch's functions that fill the tensor that comes first, and give it back?"""
    return isinstance(value, Builtin) and value.name.startswith("torch.nn.init.")


def _around(function: Function) -> Scope:
    """The scope that the names of a function's body are looked up in."""
    return Scope(function.scope.module, function.scope.statement, {}, function.scope, function.qualname)


def _is_local(name: str, scope: Scope) -> bool:
    """Is this a name of a function that runs, which stands for something else another time? Its `self` is an object always."""
    at = scopes.holder(name, scope)
    return at is not None and (at.receiver is None or at.names[name] is not at.receiver)


def _targets(node: ir.Statement) -> tuple[ir.Expression, ...]:
    if isinstance(node, ir.With):
        return tuple(target for _, target in node.items if target is not None)
    return (node.target,) if isinstance(node, ir.For) else ()


def _assigned(target: ir.Expression) -> Effect:
    """A target: local names, and numbers of a tensor."""
    if isinstance(target, ir.Name):
        return NOTHING
    if isinstance(target, ir.Display):
        return _joined(_assigned(part) for part in target.elements)
    if isinstance(target, ir.Starred):
        return _assigned(target.value)
    if isinstance(target, ir.Attribute):
        of_tensor = target.attr != "data" or isinstance(target.value, ir.Attribute)  # m.weight.data
        return FILLS if target.attr in _NUMBERS and of_tensor else ACTS
    while isinstance(target, ir.Subscript):
        target = target.value
    return FILLS if isinstance(target, ir.Attribute) and target.attr in _WEIGHTS else ACTS
