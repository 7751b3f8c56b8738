"""The IR that Python's own parser would give: a second, independent way from source to `padlint.syntax.ir`.

All numbers are 0; what Python's tree does not keep (how `and` chains nest, where a keyword stood among the positional
arguments) is brought to one form on both sides by `normal`.
"""

from __future__ import annotations

import ast
import dataclasses
from collections.abc import Iterator

from padlint.syntax import ir

BINARY = {
    ast.Add: "+", ast.Sub: "-", ast.Mult: "*", ast.Div: "/", ast.FloorDiv: "//", ast.Mod: "%", ast.Pow: "**",
    ast.MatMult: "@", ast.LShift: "<<", ast.RShift: ">>", ast.BitAnd: "&", ast.BitOr: "|", ast.BitXor: "^",
}  # fmt: skip
COMPARE = {
    ast.Lt: "<", ast.LtE: "<=", ast.Gt: ">", ast.GtE: ">=", ast.Eq: "==", ast.NotEq: "!=", ast.In: "in",
    ast.NotIn: "not in", ast.Is: "is", ast.IsNot: "is not",
}  # fmt: skip
UNARY = {ast.USub: "-", ast.UAdd: "+", ast.Invert: "~", ast.Not: "not"}
COMPREHENSIONS = {ast.ListComp: "list", ast.SetComp: "set", ast.GeneratorExp: "generator"}
DISPLAYS = {ast.Tuple: "tuple", ast.List: "list", ast.Set: "set"}
JUMPS = {ast.Pass: "pass", ast.Break: "break", ast.Continue: "continue"}


def reference(source: str) -> object:
    """The normal form of a whole file, from Python's tree."""
    return normal(block(ast.parse(source).body))


def block(statements: list[ast.stmt]) -> ir.Block:
    return tuple(statement(one) for one in statements)


def optional(node: ast.expr | None) -> ir.Expression | None:
    return None if node is None else expression(node)


def expressions(nodes: list[ast.expr]) -> tuple[ir.Expression, ...]:
    return tuple(expression(node) for node in nodes)


def expression(node: ast.expr) -> ir.Expression:
    match node:
        case ast.Constant(value=value):
            return ir.Constant(0, value)
        case ast.Name(id=name):
            return ir.Name(0, name)
        case ast.Attribute(value=value, attr=attr):
            return ir.Attribute(0, expression(value), attr)
        case ast.Subscript(value=value, slice=index):
            return ir.Subscript(0, expression(value), expression(index))
        case ast.Slice(lower=lower, upper=upper, step=step):
            return ir.Slice(0, optional(lower), optional(upper), optional(step))
        case ast.Starred(value=value):
            return ir.Starred(0, expression(value))
        case ast.Tuple(elts=elements) | ast.List(elts=elements) | ast.Set(elts=elements):
            return ir.Display(0, DISPLAYS[type(node)], expressions(elements))
        case ast.Dict(keys=keys, values=values):
            return ir.DictDisplay(0, tuple(zip(map(optional, keys), map(expression, values), strict=True)))
        case ast.UnaryOp(op=op, operand=operand):
            return ir.Unary(0, UNARY[type(op)], expression(operand))
        case ast.BinOp(left=left, op=op, right=right):
            return ir.Binary(0, BINARY[type(op)], expression(left), expression(right))
        case ast.BoolOp(op=op, values=[first, *rest]):
            result = expression(first)
            for value in rest:
                result = ir.Boolean(0, "and" if isinstance(op, ast.And) else "or", result, expression(value))
            return result
        case ast.Compare(left=left, ops=ops, comparators=comparators):
            rest = zip((COMPARE[type(op)] for op in ops), map(expression, comparators), strict=True)
            return ir.Compare(0, expression(left), tuple(rest))
        case ast.IfExp(test=test, body=body, orelse=orelse):
            return ir.Conditional(0, expression(test), expression(body), expression(orelse))
        case ast.Call(func=func, args=args, keywords=keywords):
            return ir.Call(0, expression(func), arguments(args, keywords))
        case ast.DictComp(key=key, value=value, generators=generators):
            return ir.Comprehension(0, "dict", expression(key), expression(value), clauses(generators))
        case ast.ListComp(elt=elt) | ast.SetComp(elt=elt) | ast.GeneratorExp(elt=elt):
            return ir.Comprehension(0, COMPREHENSIONS[type(node)], expression(elt), None, clauses(node.generators))
        case ast.JoinedStr(values=values):
            return ir.FormatString(0, tuple(part(value) for value in values if value != ""))
        case ast.NamedExpr(target=ast.Name(id=name), value=value):
            return ir.Walrus(0, name, expression(value))
        case ast.Yield(value=value):
            return ir.Yield(0, optional(value))
        case ast.YieldFrom(value=value):
            return ir.Yield(0, expression(value), delegate=True)
        case ast.Await(value=value):
            return ir.Await(0, expression(value))
        case ast.Lambda(args=args, body=body):
            return ir.Lambda(0, parameters(args), expression(body))
    raise AssertionError(ast.dump(node))


def part(node: ast.expr) -> str | ir.FormatField:
    match node:
        case ast.Constant(value=str(text)):
            return text
        case ast.FormattedValue(value=value, conversion=conversion, format_spec=spec):
            specification = None if spec is None else expression(spec)
            return ir.FormatField(0, expression(value), None if conversion == -1 else chr(conversion), specification)
    raise AssertionError(ast.dump(node))


def arguments(args: list[ast.expr], keywords: list[ast.keyword]) -> tuple[ir.Argument, ...]:
    positional = [
        ir.Argument(0, expression(arg.value), None, "*")
        if isinstance(arg, ast.Starred)
        else ir.Argument(0, expression(arg))
        for arg in args
    ]
    named = [ir.Argument(0, expression(one.value), one.arg, "" if one.arg else "**") for one in keywords]
    return (*positional, *named)


def clauses(generators: list[ast.comprehension]) -> tuple[ir.Clause, ...]:
    return tuple(ir.Clause(0, expression(one.target), expression(one.iter), expressions(one.ifs)) for one in generators)


def parameters(args: ast.arguments) -> tuple[ir.Parameter, ...]:
    plain = args.posonlyargs + args.args
    defaults = [None] * (len(plain) - len(args.defaults)) + args.defaults
    kinds = ["positional_only"] * len(args.posonlyargs) + ["positional"] * len(args.args)
    found = [parameter(*one) for one in zip(plain, kinds, defaults, strict=True)]
    found += [parameter(args.vararg, "args", None)] if args.vararg else []
    found += [
        parameter(arg, "keyword_only", default) for arg, default in zip(args.kwonlyargs, args.kw_defaults, strict=True)
    ]
    found += [parameter(args.kwarg, "kwargs", None)] if args.kwarg else []
    return tuple(found)


def parameter(arg: ast.arg, kind: ir.ParameterKind, default: ast.expr | None) -> ir.Parameter:
    return ir.Parameter(0, arg.arg, kind, optional(default), optional(arg.annotation))


def statement(node: ast.stmt) -> ir.Statement:
    match node:
        case ast.Expr(value=value):
            return ir.Evaluate(0, expression(value))
        case ast.Assign(targets=targets, value=value):
            return ir.Assign(0, expressions(targets), expression(value))
        case ast.AugAssign(target=target, op=op, value=value):
            return ir.AugmentedAssign(0, expression(target), BINARY[type(op)], expression(value))
        case ast.AnnAssign(target=target, annotation=annotation, value=value):
            return ir.AnnotatedAssign(0, expression(target), expression(annotation), optional(value))
        case ast.Return(value=value):
            return ir.Return(0, optional(value))
        case ast.Raise(exc=exception):
            return ir.Raise(0, optional(exception))
        case ast.Assert(test=test):
            return ir.Assert(0, expression(test))
        case ast.Delete(targets=targets):
            return ir.Delete(0, expressions(targets))
        case ast.Pass() | ast.Break() | ast.Continue():
            return ir.Jump(0, JUMPS[type(node)])
        case ast.Global(names=names) | ast.Nonlocal(names=names):
            return ir.Scope(0, "global" if isinstance(node, ast.Global) else "nonlocal", tuple(names))
        case ast.Import(names=names):
            return ir.Import(0, tuple((alias.name, alias.asname) for alias in names))
        case ast.ImportFrom(module=module, names=names, level=level):
            return ir.ImportFrom(0, module or "", level, tuple((alias.name, alias.asname) for alias in names))
        case ast.FunctionDef() | ast.AsyncFunctionDef():
            return function(node)
        case ast.ClassDef(name=name, bases=bases, keywords=keywords, body=body, decorator_list=decorators):
            return ir.Class(0, name, arguments(bases, keywords), block(body), expressions(decorators))
        case ast.Match(subject=subject, cases=cases):
            lowered = (ir.Case(0, pattern(one.pattern), optional(one.guard), block(one.body)) for one in cases)
            return ir.Match(0, expression(subject), tuple(lowered))
    return compound(node)


def compound(node: ast.stmt) -> ir.Statement:
    match node:
        case ast.If(test=test, body=body, orelse=orelse):
            return ir.If(0, expression(test), block(body), block(orelse))
        case ast.While(test=test, body=body, orelse=orelse):
            return ir.While(0, expression(test), block(body), block(orelse))
        case (
            ast.For(target=target, iter=iterable, body=body, orelse=orelse)
            | ast.AsyncFor(target=target, iter=iterable, body=body, orelse=orelse)
        ):
            return ir.For(0, expression(target), expression(iterable), block(body), block(orelse))
        case ast.With(items=items, body=body) | ast.AsyncWith(items=items, body=body):
            pairs = tuple((expression(item.context_expr), optional(item.optional_vars)) for item in items)
            return ir.With(0, pairs, block(body))
        case ast.Assign():
            raise AssertionError
    if type(node).__name__ in ("Try", "TryStar"):
        handlers = tuple(ir.Handler(0, optional(one.type), one.name, block(one.body)) for one in node.handlers)
        return ir.Try(0, block(node.body), handlers, block(node.orelse), block(node.finalbody))
    raise AssertionError(ast.dump(node))


def function(node: ast.FunctionDef | ast.AsyncFunctionDef) -> ir.Function:
    return ir.Function(
        0,
        node.name,
        parameters(node.args),
        block(node.body),
        expressions(node.decorator_list),
        optional(node.returns),
        isinstance(node, ast.AsyncFunctionDef),
        any(map(yields, node.body)),
        ast.get_docstring(node, clean=False),
    )


def yields(node: ast.AST) -> bool:
    if isinstance(node, (ast.Yield, ast.YieldFrom)):
        return True
    if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Lambda)):
        return False
    return any(map(yields, ast.iter_child_nodes(node)))


def pattern(node: ast.pattern) -> ir.Pattern:
    match node:
        case ast.MatchValue(value=value):
            return ir.Pattern(0, "value", expression(value))
        case ast.MatchSingleton(value=value):
            return ir.Pattern(0, "singleton", ir.Constant(0, value))
        case ast.MatchSequence(patterns=patterns):
            return ir.Pattern(0, "sequence", parts=tuple(map(pattern, patterns)))
        case ast.MatchOr(patterns=patterns):
            return ir.Pattern(0, "or", parts=tuple(map(pattern, patterns)))
        case ast.MatchStar(name=name):
            return ir.Pattern(0, "star", name=name)
        case ast.MatchAs(pattern=inner, name=name):
            return ir.Pattern(0, "capture", name=name, parts=() if inner is None else (pattern(inner),))
        case ast.MatchMapping(keys=keys, patterns=patterns, rest=rest):
            tail = (ir.Pattern(0, "star", name=rest),) if rest else ()
            return ir.Pattern(0, "mapping", parts=(*map(pattern, patterns), *tail), keys=expressions(keys))
        case ast.MatchClass(cls=cls, patterns=patterns, kwd_attrs=names, kwd_patterns=named):
            parts = tuple(map(pattern, [*patterns, *named]))
            return ir.Pattern(0, "class", expression(cls), parts=parts, keys=tuple(names))
    raise AssertionError(ast.dump(node))


def normal(node: object) -> object:
    """Nested tuples without numbers; equal exactly where the programs are the same."""
    if isinstance(node, ir.Constant):
        return "Constant", type(node.value).__name__, repr(node.value)
    if isinstance(node, ir.Boolean):
        return "Boolean", node.op, tuple(operands(node, node.op))
    if isinstance(node, ir.Node):
        fields = [normal(getattr(node, field.name)) for field in dataclasses.fields(node) if field.name != "at"]
        return type(node).__name__, *fields
    if isinstance(node, tuple):
        if node and all(isinstance(item, ir.Argument) for item in node):
            node = tuple(sorted(node, key=lambda item: bool(item.keyword) or item.star == "**"))
        return tuple(map(normal, node))
    return node


def operands(node: ir.Expression, op: str) -> Iterator[object]:
    if isinstance(node, ir.Boolean) and node.op == op:
        yield from operands(node.left, op)
        yield from operands(node.right, op)
    else:
        yield normal(node)


def walk(node: object) -> Iterator[ir.Node]:
    """Every node of an IR tree."""
    if isinstance(node, ir.Node):
        yield node
        for field in dataclasses.fields(node):
            yield from walk(getattr(node, field.name))
    elif isinstance(node, tuple):
        for item in node:
            yield from walk(item)
