"""Statements that only fill weights: nothing that a shape depends on changes by them, so they are not run.

Models end with a loop over all their modules that fills each weight with random numbers, or with a call that does so. What
such a statement may do is read off its code and the code of all that it may call: it is passed over if it fills tensors,
asks, and binds local names, and does nothing else. A method of something unknown is each method of that name.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, get_args

from padlint.arithmetic.dims import Unknown
from padlint.evaluate import scopes
from padlint.evaluate.havoc import targets, walk
from padlint.evaluate.values import (
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

_FILLING = frozenset({
    "normal_", "uniform_", "zero_", "fill_", "copy_", "mul_", "add_", "sub_", "div_", "clamp_", "clamp_min_", "clamp_max_",
    "erfinv_", "exponential_", "bernoulli_", "random_", "log_normal_", "exp_", "log_", "sqrt_", "pow_", "neg_", "abs_",
    "masked_fill_", "fill_diagonal_", "index_fill_", "requires_grad_", "reset_parameters",
})  # fmt: skip
"""Methods of tensors, and one of modules, that change numbers in place and no shape."""
_ASKING = frozenset({
    "size", "dim", "numel", "detach", "clone", "view", "reshape", "unsqueeze", "t", "transpose", "permute", "float",
    "double", "abs", "mean", "sum", "item", "tolist", "norm", "max", "min", "named_children", "children", "modules",
    "named_modules", "parameters", "named_parameters", "buffers", "named_buffers", "items", "keys", "values", "get",
    "split", "startswith", "endswith", "lower", "upper", "join", "format", "replace", "strip", "index", "count", "info",
    "debug", "warning", "warn",
})  # fmt: skip
"""Methods of tensors, modules, dicts, texts and loggers that change nothing."""
_QUIET = frozenset({
    "isinstance", "issubclass", "hasattr", "getattr", "len", "print", "range", "enumerate", "zip", "max", "min", "abs",
    "float", "int", "str", "bool", "type", "sum", "any", "all", "round", "repr", "list", "tuple", "dict", "set", "sorted",
    "super",
})  # fmt: skip
_QUIET_PLACES = ("math.", "warnings.", "logging.", "numpy.", "functools.partial")
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
    acting: dict[int, ir.Node] = field(default_factory=dict)
    training: dict[int, tuple[ir.Node, bool]] = field(default_factory=dict)
    known: int = 0


def passed_over(machine: Machine, node: ir.Evaluate | ir.For, scope: Scope) -> bool:
    """Pass over a statement if it only fills weights: the names that it would bind are not known then."""
    if machine.record.guarded or machine.in_module_body:
        return False
    effect = effect_of(machine, node, scope)
    if effect.acts or not effect.fills:
        return False
    for name in _bound_in((node,)):
        scopes.bind(machine, scope, name, Unknown("bound where weights are filled", scope.place(node)))
    return True


def effect_of(machine: Machine, node: ir.Statement | ir.Conditional, scope: Scope) -> Effect:
    """What a statement or conditional expression may do, told from its code."""
    verdicts = machine.world.verdicts
    if verdicts.known != len(verdicts.classes):
        verdicts.known = len(verdicts.classes)
        verdicts.functions.clear()
        verdicts.acting.clear()
    if id(node) in verdicts.acting:
        return ACTS
    reader = _Reader(machine, verdicts)
    if isinstance(node, ir.Conditional):
        effect = reader.expression(node, _Code(scope, frozenset()))
    else:
        effect = reader.statement(node, _Code(scope, _bound_in((node,))))
    if effect.acts:
        verdicts.acting[id(node)] = node
    return effect


def _bound_in(block: ir.Block) -> frozenset[str]:
    return frozenset(target for target in targets((block,)) if isinstance(target, str))


@dataclass(frozen=True, slots=True)
class _Code:
    """Where code stands: the scope around it, the names that it binds, its parameters, the functions defined in it."""

    scope: Scope
    own: frozenset[str]
    parameters: frozenset[str] = frozenset()
    functions: frozenset[str] = frozenset()
    returns: bool = False


@dataclass(frozen=True, slots=True)
class _Reader:
    machine: Machine
    verdicts: Verdicts
    reading: dict[int, frozenset[str]] = field(default_factory=dict)

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
            return _joined((*(_assigned(target) for target in node.targets), self.expression(node.value, code)))
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
        if isinstance(node, ir.Function) and not node.is_generator and not node.decorators:
            return _closed(self._body(node, code))
        return ACTS

    def _part(self, node: ir.Node, code: _Code) -> Effect:
        if isinstance(node, ir.Handler):
            return self.block(node.body, code)
        return self.statement(node, code) if isinstance(node, _STATEMENTS) else self.expression(node, code)

    def _body(self, node: ir.Function | ir.Lambda, around: _Code) -> Effect:
        """The body of a function; what it may call are its parameters and the functions defined in it."""
        parameters = frozenset(parameter.name for parameter in node.parameters)
        if isinstance(node, ir.Lambda):
            return self.expression(node.body, _Code(around.scope, around.own | parameters, parameters))
        inner = frozenset(each.name for each in node.body if isinstance(each, ir.Function))
        own = around.own | parameters | _bound_in(node.body)
        known = (around.functions - own) | inner
        return self.block(node.body, _Code(around.scope, own, parameters - inner, known, True))

    # ------------------------------------------------------------ expressions

    def expression(self, node: ir.Node | None, code: _Code) -> Effect:
        if node is None or isinstance(node, (ir.Constant, ir.Name, ir.Lambda)):
            return NOTHING
        if isinstance(node, (ir.Yield, ir.Await, ir.Opaque)):
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
        if effect.acts:
            return ACTS
        given = [self.expression(argument.value, code) for argument in node.args]
        if isinstance(node.func, ir.Attribute):
            given.append(self.expression(node.func.value, code))
        passed = [self._passed(node, name, code) for name in effect.calls] if not self._is_own(node.func, code) else []
        kept = effect.calls if self._is_own(node.func, code) else frozenset[str]()
        return _joined((Effect(False, effect.fills, kept), *given, *passed))

    def _is_own(self, func: ir.Expression, code: _Code) -> bool:
        return isinstance(func, ir.Name) and func.id in code.parameters

    def _passed(self, node: ir.Call, name: str, code: _Code) -> Effect:
        """What a call gives as the parameter that the called function calls."""
        for argument in node.args:
            if argument.keyword == name:
                return self.handed_on(argument.value, code)
        function = self._resolved(node.func, code)
        if not isinstance(function, Function) or any(argument.star for argument in node.args):
            return ACTS
        names = [parameter.name for parameter in function.node.parameters]
        position = names.index(name)
        plain = [argument.value for argument in node.args if argument.keyword is None]
        return self.handed_on(plain[position], code) if position < len(plain) else ACTS

    # ------------------------------------------------------------ what is called

    def handed_on(self, node: ir.Expression, code: _Code) -> Effect:
        """What a function may do that is given to another, which calls it with something unknown."""
        return self.callable(node, code) if self._is_own(node, code) else _closed(self.callable(node, code))

    def callable(self, node: ir.Expression, code: _Code) -> Effect:
        """What a call of this expression may do."""
        if isinstance(node, ir.Name) and node.id in code.own:
            if node.id in code.functions:
                return NOTHING  # its body is read where it is defined
            return Effect(calls=frozenset({node.id})) if node.id in code.parameters else ACTS
        if isinstance(node, ir.Lambda):
            return _closed(self._body(node, code))
        if isinstance(node, ir.Call):
            return self._made(node, code)
        found = self._resolved(node, code)
        if found is not None:
            return self.value(found)
        return self.method(node.attr) if isinstance(node, ir.Attribute) else ACTS

    def _resolved(self, node: ir.Expression, code: _Code) -> Value:
        """The value of a name from around the code, or of an attribute of a module; None for everything else."""
        if isinstance(node, ir.Name) and node.id not in code.own:
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
        if not isinstance(maker, Function) or isinstance(maker.node, ir.Lambda) or self.value(maker).acts:
            return ACTS
        inner = _Code(_around(maker), frozenset(p.name for p in maker.node.parameters) | _bound_in(maker.node.body))
        given = [each.value for each in _returns(maker.node.body)]
        effects = [self.handed_on(value, inner) if value is not None else ACTS for value in given]
        return _joined((self.expression(node, code), *effects)) if effects else ACTS

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
            plain = name.startswith(_QUIET_PLACES) or (name.startswith("torch.") and not name.startswith("torch.nn."))
            return NOTHING if plain or name.removeprefix("builtins.") in _QUIET else ACTS
        return ACTS

    def function(self, function: Function) -> Effect:
        """What a function may do. While it is read, it is taken to do no more than to call its parameters."""
        node = function.node
        if id(node) in self.verdicts.functions:
            return self.verdicts.functions[id(node)][1]
        if id(node) in self.reading:
            return Effect(calls=self.reading[id(node)])
        if isinstance(node, ir.Function) and node.is_generator:
            return ACTS
        names = frozenset(parameter.name for parameter in node.parameters)
        self.reading[id(node)] = frozenset(name for name in _called(node.body) if name in names)
        effect = self._body(node, _Code(_around(function), frozenset()))
        del self.reading[id(node)]
        if (effect.acts or not self.reading) and (function.scope.parent is None or function.owner is not None):
            self.verdicts.functions[id(node)] = (node, effect)  # read while nothing was only supposed
        return effect

    def method(self, name: str) -> Effect:
        """A method of something unknown: those of tensors and modules, and each that a class of the program defines."""
        known = FILLS if name in _FILLING else NOTHING if name in _ASKING else None
        return self._methods(name, known)

    def _methods(self, name: str, known: Effect | None) -> Effect:
        if name.startswith("__"):
            return ACTS
        found = [cls.namespace[name] for cls in self.verdicts.classes if name in cls.namespace]
        effects = [self.value(each.function if isinstance(each, Descriptor) else each) for each in found]
        if known is None and not effects:
            return ACTS
        return _closed(_joined((known or NOTHING, *effects)))


def _around(function: Function) -> Scope:
    """The scope that the names of a function's body are looked up in."""
    return Scope(function.scope.module, function.scope.statement, {}, function.scope, function.qualname)


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
        return FILLS if target.attr in _NUMBERS else ACTS
    while isinstance(target, ir.Subscript):
        target = target.value
    return FILLS if isinstance(target, ir.Attribute) and target.attr in _WEIGHTS else ACTS


def _returns(node: object) -> Iterable[ir.Return]:
    return (each for each in walk(node) if isinstance(each, ir.Return))


def _called(node: object) -> Iterable[str]:
    return (each.func.id for each in walk(node) if isinstance(each, ir.Call) and isinstance(each.func, ir.Name))
