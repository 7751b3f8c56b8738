"""LibCST's statements to the IR's, by a table from node type to function. Type parameters are left out."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Final

import libcst as cst

from padlint.syntax import ir, literals
from padlint.syntax.lower_expressions import BINARY, Lowering, lower_arguments, lower_parameters
from padlint.syntax.lower_patterns import lower_pattern

_AUGMENTED: Final[Mapping[type[cst.CSTNode], str]] = {
    cst.AddAssign: BINARY[cst.Add],
    cst.SubtractAssign: BINARY[cst.Subtract],
    cst.MultiplyAssign: BINARY[cst.Multiply],
    cst.DivideAssign: BINARY[cst.Divide],
    cst.FloorDivideAssign: BINARY[cst.FloorDivide],
    cst.ModuloAssign: BINARY[cst.Modulo],
    cst.PowerAssign: BINARY[cst.Power],
    cst.MatrixMultiplyAssign: BINARY[cst.MatrixMultiply],
    cst.LeftShiftAssign: BINARY[cst.LeftShift],
    cst.RightShiftAssign: BINARY[cst.RightShift],
    cst.BitAndAssign: BINARY[cst.BitAnd],
    cst.BitOrAssign: BINARY[cst.BitOr],
    cst.BitXorAssign: BINARY[cst.BitXor],
}


def lower_statements(statements: Iterable[cst.CSTNode]) -> tuple[ir.Block, tuple[cst.CSTNode, ...]]:
    """The IR of a module's statements, and for each of its numbers the LibCST node that has it."""
    lowering = Lowering()
    block = _block(lowering, statements)
    return block, tuple(lowering.nodes)


def _block(lowering: Lowering, statements: Iterable[cst.CSTNode]) -> ir.Block:
    lowered: list[ir.Statement] = []
    for statement in statements:
        if isinstance(statement, cst.SimpleStatementLine):
            lowered.extend([_statement(lowering, small) for small in statement.body])
        else:
            lowered.append(_statement(lowering, statement))
    return tuple(lowered)


def _suite(lowering: Lowering, suite: cst.BaseSuite) -> ir.Block:
    return _block(lowering, suite.body)


def _orelse(lowering: Lowering, node: cst.If | cst.Else | cst.Finally | None) -> ir.Block:
    if node is None:
        return ()
    return (_if(lowering, node),) if isinstance(node, cst.If) else _suite(lowering, node.body)


def _statement(lowering: Lowering, node: cst.CSTNode) -> ir.Statement:
    lower = _STATEMENTS.get(type(node))
    if lower is None:
        at = lowering.number(node)
        return ir.Evaluate(at, ir.Opaque(at, f"{type(node).__name__} is not carried"))
    return lower(lowering, node)


def _evaluate(lowering: Lowering, node: cst.Expr) -> ir.Statement:
    return ir.Evaluate(lowering.number(node), lowering.expression(node.value))


def _assign(lowering: Lowering, node: cst.Assign) -> ir.Statement:
    at = lowering.number(node)
    targets = tuple([lowering.expression(target.target) for target in node.targets])
    return ir.Assign(at, targets, lowering.expression(node.value))


def _augmented_assign(lowering: Lowering, node: cst.AugAssign) -> ir.Statement:
    at = lowering.number(node)
    target = lowering.expression(node.target)
    return ir.AugmentedAssign(at, target, _AUGMENTED[type(node.operator)], lowering.expression(node.value))


def _annotated_assign(lowering: Lowering, node: cst.AnnAssign) -> ir.Statement:
    at = lowering.number(node)
    target = lowering.expression(node.target)
    annotation = lowering.expression(node.annotation.annotation)
    return ir.AnnotatedAssign(at, target, annotation, lowering.optional(node.value))


def _type_alias(lowering: Lowering, node: cst.TypeAlias) -> ir.Statement:
    at = lowering.number(node)
    name = lowering.expression(node.name)
    return ir.Assign(at, (name,), ir.Opaque(lowering.number(node.value), "a type"))


def _return(lowering: Lowering, node: cst.Return) -> ir.Statement:
    return ir.Return(lowering.number(node), lowering.optional(node.value))


def _raise(lowering: Lowering, node: cst.Raise) -> ir.Statement:
    return ir.Raise(lowering.number(node), lowering.optional(node.exc))


def _assert(lowering: Lowering, node: cst.Assert) -> ir.Statement:
    return ir.Assert(lowering.number(node), lowering.expression(node.test))


def _delete(lowering: Lowering, node: cst.Del) -> ir.Statement:
    at = lowering.number(node)
    target = lowering.expression(node.target)
    if isinstance(target, ir.Display) and target.kind == "tuple" and not node.target.lpar:
        return ir.Delete(at, target.elements)
    return ir.Delete(at, (target,))


def _pass(lowering: Lowering, node: cst.Pass) -> ir.Statement:
    return ir.Jump(lowering.number(node), "pass")


def _break(lowering: Lowering, node: cst.Break) -> ir.Statement:
    return ir.Jump(lowering.number(node), "break")


def _continue(lowering: Lowering, node: cst.Continue) -> ir.Statement:
    return ir.Jump(lowering.number(node), "continue")


def _global(lowering: Lowering, node: cst.Global) -> ir.Statement:
    return ir.Scope(lowering.number(node), "global", _scope_names(node.names))


def _nonlocal(lowering: Lowering, node: cst.Nonlocal) -> ir.Statement:
    return ir.Scope(lowering.number(node), "nonlocal", _scope_names(node.names))


def _scope_names(items: Sequence[cst.NameItem]) -> tuple[str, ...]:
    return tuple([literals.identifier(item.name.value) for item in items])


def _import(lowering: Lowering, node: cst.Import) -> ir.Statement:
    return ir.Import(lowering.number(node), _aliases(node.names))


def _import_from(lowering: Lowering, node: cst.ImportFrom) -> ir.Statement:
    at = lowering.number(node)
    names = (("*", None),) if isinstance(node.names, cst.ImportStar) else _aliases(node.names)
    return ir.ImportFrom(at, _dotted(node.module), len(node.relative), names)


def _aliases(aliases: Iterable[cst.ImportAlias]) -> tuple[tuple[str, str | None], ...]:
    return tuple([(_dotted(alias.name), _bound(alias.asname)) for alias in aliases])


def _bound(asname: cst.AsName | None) -> str | None:
    """The name after `as` of an import or a handler, where Python allows nothing else."""
    return literals.identifier(asname.name.value) if asname and isinstance(asname.name, cst.Name) else None


def _dotted(node: cst.BaseExpression | None) -> str:
    parts: list[str] = []
    while isinstance(node, cst.Attribute):
        parts.append(literals.identifier(node.attr.value))
        node = node.value
    if isinstance(node, cst.Name):
        parts.append(literals.identifier(node.value))
    return ".".join(reversed(parts))


def _if(lowering: Lowering, node: cst.If) -> ir.If:
    at = lowering.number(node)
    test = lowering.expression(node.test)
    body = _suite(lowering, node.body)
    return ir.If(at, test, body, _orelse(lowering, node.orelse))


def _while(lowering: Lowering, node: cst.While) -> ir.Statement:
    at = lowering.number(node)
    test = lowering.expression(node.test)
    body = _suite(lowering, node.body)
    return ir.While(at, test, body, _orelse(lowering, node.orelse))


def _for(lowering: Lowering, node: cst.For) -> ir.Statement:
    at = lowering.number(node)
    target, iterable = lowering.expression(node.target), lowering.expression(node.iter)
    body = _suite(lowering, node.body)
    return ir.For(at, target, iterable, body, _orelse(lowering, node.orelse))


def _with(lowering: Lowering, node: cst.With) -> ir.Statement:
    at = lowering.number(node)
    items = []
    for item in node.items:
        value = lowering.expression(item.item)
        items.append((value, None if item.asname is None else lowering.expression(item.asname.name)))
    return ir.With(at, tuple(items), _suite(lowering, node.body))


def _try(lowering: Lowering, node: cst.Try | cst.TryStar) -> ir.Statement:
    at = lowering.number(node)
    body = _suite(lowering, node.body)
    handlers = tuple([_handler(lowering, handler) for handler in node.handlers])
    orelse = _orelse(lowering, node.orelse)
    return ir.Try(at, body, handlers, orelse, _orelse(lowering, node.finalbody))


def _handler(lowering: Lowering, node: cst.ExceptHandler | cst.ExceptStarHandler) -> ir.Handler:
    at = lowering.number(node)
    kind = lowering.optional(node.type)
    return ir.Handler(at, kind, _bound(node.name), _suite(lowering, node.body))


def _function(lowering: Lowering, node: cst.FunctionDef) -> ir.Statement:
    at = lowering.number(node)
    decorators = _decorators(lowering, node.decorators)
    parameters = lower_parameters(lowering, node.params)
    returns = None if node.returns is None else lowering.expression(node.returns.annotation)
    lowering.yields.append(False)
    body = _suite(lowering, node.body)
    is_generator = lowering.yields.pop()
    name, is_async = literals.identifier(node.name.value), node.asynchronous is not None
    return ir.Function(at, name, parameters, body, decorators, returns, is_async, is_generator, _docstring(body))


def _docstring(body: ir.Block) -> str | None:
    match body:
        case (ir.Evaluate(value=ir.Constant(value=str(text))), *_):
            return text
        case _:
            return None


def _class(lowering: Lowering, node: cst.ClassDef) -> ir.Statement:
    at = lowering.number(node)
    decorators = _decorators(lowering, node.decorators)
    bases = lower_arguments(lowering, [*node.bases, *node.keywords])
    return ir.Class(at, literals.identifier(node.name.value), bases, _suite(lowering, node.body), decorators)


def _decorators(lowering: Lowering, decorators: Sequence[cst.Decorator]) -> tuple[ir.Expression, ...]:
    return tuple([lowering.expression(decorator.decorator) for decorator in decorators])


def _match(lowering: Lowering, node: cst.Match) -> ir.Statement:
    at = lowering.number(node)
    subject = lowering.expression(node.subject)
    cases = []
    for case in node.cases:
        case_at = lowering.number(case)
        pattern = lower_pattern(lowering, case.pattern)
        guard = lowering.optional(case.guard)
        cases.append(ir.Case(case_at, pattern, guard, _suite(lowering, case.body)))
    return ir.Match(at, subject, tuple(cases))


_STATEMENTS: Final[Mapping[type[cst.CSTNode], Callable[..., ir.Statement]]] = {
    cst.AnnAssign: _annotated_assign,
    cst.Assert: _assert,
    cst.Assign: _assign,
    cst.AugAssign: _augmented_assign,
    cst.Break: _break,
    cst.ClassDef: _class,
    cst.Continue: _continue,
    cst.Del: _delete,
    cst.Expr: _evaluate,
    cst.For: _for,
    cst.FunctionDef: _function,
    cst.Global: _global,
    cst.If: _if,
    cst.Import: _import,
    cst.ImportFrom: _import_from,
    cst.Match: _match,
    cst.Nonlocal: _nonlocal,
    cst.Pass: _pass,
    cst.Raise: _raise,
    cst.Return: _return,
    cst.Try: _try,
    cst.TryStar: _try,
    cst.TypeAlias: _type_alias,
    cst.While: _while,
    cst.With: _with,
}
