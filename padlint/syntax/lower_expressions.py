"""LibCST's expressions to the IR's, by a table from node type to function."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Final

import libcst as cst

from padlint.syntax import ir, literals

BINARY: Final[Mapping[type[cst.CSTNode], str]] = {
    cst.Add: "+", cst.Subtract: "-", cst.Multiply: "*", cst.Divide: "/", cst.FloorDivide: "//", cst.Modulo: "%",
    cst.Power: "**", cst.MatrixMultiply: "@", cst.LeftShift: "<<", cst.RightShift: ">>", cst.BitAnd: "&",
    cst.BitOr: "|", cst.BitXor: "^",
}  # fmt: skip
_COMPARISONS: Final[Mapping[type[cst.CSTNode], str]] = {
    cst.LessThan: "<", cst.LessThanEqual: "<=", cst.GreaterThan: ">", cst.GreaterThanEqual: ">=", cst.Equal: "==",
    cst.NotEqual: "!=", cst.In: "in", cst.NotIn: "not in", cst.Is: "is", cst.IsNot: "is not",
}  # fmt: skip
_SINGLETONS: Final[Mapping[str, bool | None]] = {"True": True, "False": False, "None": None}


class Lowering:
    """One top-level statement on its way to IR. Every node that is lowered gets the next number, and `nodes` keeps the
    LibCST node at its number: lowering the same text again finds it again."""

    def __init__(self) -> None:
        self.nodes: list[cst.CSTNode] = []
        self.yields = [False]
        """For each function that is open: whether a `yield` was met in it."""

    def number(self, node: cst.CSTNode) -> int:
        self.nodes.append(node)
        return len(self.nodes) - 1

    def expression(self, node: cst.CSTNode) -> ir.Expression:
        lower = EXPRESSIONS.get(type(node))
        if lower is None:
            return ir.Opaque(self.number(node), f"{type(node).__name__} is not carried")
        return lower(self, node)

    def optional(self, node: cst.CSTNode | None) -> ir.Expression | None:
        return None if node is None else self.expression(node)


def _name(lowering: Lowering, node: cst.Name) -> ir.Expression:
    value = node.value
    if value in _SINGLETONS:
        return ir.Constant(lowering.number(node), _SINGLETONS[value])
    return ir.Name(lowering.number(node), literals.identifier(value))


def _attribute(lowering: Lowering, node: cst.Attribute) -> ir.Expression:
    at = lowering.number(node)
    return ir.Attribute(at, lowering.expression(node.value), literals.identifier(node.attr.value))


def _literal(lowering: Lowering, node: cst.CSTNode, read: Callable[[], ir.Scalar]) -> ir.Expression:
    at = lowering.number(node)
    try:
        return ir.Constant(at, read())
    except literals.Unreadable as reason:
        return ir.Opaque(at, str(reason))


def _integer(lowering: Lowering, node: cst.Integer) -> ir.Expression:
    return _literal(lowering, node, lambda: literals.integer(node.value))


def _float(lowering: Lowering, node: cst.Float) -> ir.Expression:
    return _literal(lowering, node, lambda: float(node.value))


def _imaginary(lowering: Lowering, node: cst.Imaginary) -> ir.Expression:
    return _literal(lowering, node, lambda: complex(0, float(node.value[:-1])))


def _ellipsis(lowering: Lowering, node: cst.Ellipsis) -> ir.Expression:
    return ir.Constant(lowering.number(node), ...)


def _string(lowering: Lowering, node: cst.SimpleString) -> ir.Expression:
    return _literal(lowering, node, lambda: literals.string(node.value))


def _format_string(lowering: Lowering, node: cst.FormattedString) -> ir.Expression:
    at = lowering.number(node)
    try:
        return ir.FormatString(at, _format_parts(lowering, node.parts, node.end, "r" in node.start.lower()))
    except literals.Unreadable as reason:
        return ir.Opaque(at, str(reason))


def _format_parts(
    lowering: Lowering, contents: Iterable[cst.BaseFormattedStringContent], quote: str, raw: bool
) -> tuple[str | ir.FormatField, ...]:
    parts: list[str | ir.FormatField] = []
    for content in contents:
        if isinstance(content, cst.FormattedStringText):
            parts.append(literals.format_text(content.value, quote, raw))
        elif isinstance(content, cst.FormattedStringExpression):
            at = lowering.number(content)
            conversion = content.conversion
            if content.equal is not None:  # `{x = }` is its own text, then the value
                parts.append(_self_documenting(content))
                conversion = conversion or ("r" if content.format_spec is None else None)
            value = lowering.expression(content.expression)
            specification = None
            if content.format_spec is not None:
                inner = lowering.number(content)
                specification = ir.FormatString(inner, _format_parts(lowering, content.format_spec, quote, raw))
            parts.append(ir.FormatField(at, value, conversion, specification))
    return _merge(parts)


def _self_documenting(field: cst.FormattedStringExpression) -> str:
    bare = field.with_changes(conversion=None, format_spec=None)
    return cst.Module([]).code_for_node(bare)[1:-1]


def _merge(parts: Iterable[str | ir.FormatField]) -> tuple[str | ir.FormatField, ...]:
    """Texts that follow one another become one."""
    merged: list[str | ir.FormatField] = []
    for part in parts:
        if isinstance(part, str) and merged and isinstance(merged[-1], str):
            merged[-1] += part
        elif part != "":
            merged.append(part)
    return tuple(merged)


def _concatenated(lowering: Lowering, node: cst.ConcatenatedString) -> ir.Expression:
    at = lowering.number(node)
    pieces: list[ir.Expression] = []
    rest: cst.BaseString = node
    while isinstance(rest, cst.ConcatenatedString):
        pieces.append(lowering.expression(rest.left))
        rest = rest.right
    pieces.append(lowering.expression(rest))
    values = [piece.value for piece in pieces if isinstance(piece, ir.Constant)]
    if len(values) == len(pieces):
        if all(isinstance(value, bytes) for value in values):
            return ir.Constant(at, b"".join(value for value in values if isinstance(value, bytes)))
        return ir.Constant(at, "".join(value for value in values if isinstance(value, str)))
    parts: list[str | ir.FormatField] = []
    for piece in pieces:
        if isinstance(piece, ir.FormatString):
            parts.extend(piece.parts)
        elif isinstance(piece, ir.Constant) and isinstance(piece.value, str):
            parts.append(piece.value)
        else:
            return ir.Opaque(at, "a string that cannot be read")
    return ir.FormatString(at, _merge(parts))


def _unary(lowering: Lowering, node: cst.UnaryOperation) -> ir.Expression:
    at = lowering.number(node)
    operand = lowering.expression(node.expression)
    match node.operator:
        case cst.Minus():
            return ir.Unary(at, "-", operand)
        case cst.Plus():
            return ir.Unary(at, "+", operand)
        case cst.BitInvert():
            return ir.Unary(at, "~", operand)
        case _:
            return ir.Unary(at, "not", operand)


def _binary(lowering: Lowering, node: cst.BinaryOperation) -> ir.Expression:
    at = lowering.number(node)
    left = lowering.expression(node.left)
    return ir.Binary(at, BINARY[type(node.operator)], left, lowering.expression(node.right))


def _boolean(lowering: Lowering, node: cst.BooleanOperation) -> ir.Expression:
    at = lowering.number(node)
    left = lowering.expression(node.left)
    return ir.Boolean(at, "and" if isinstance(node.operator, cst.And) else "or", left, lowering.expression(node.right))


def _comparison(lowering: Lowering, node: cst.Comparison) -> ir.Expression:
    at = lowering.number(node)
    left = lowering.expression(node.left)
    rest = [(_COMPARISONS[type(part.operator)], lowering.expression(part.comparator)) for part in node.comparisons]
    return ir.Compare(at, left, tuple(rest))


def _conditional(lowering: Lowering, node: cst.IfExp) -> ir.Expression:
    at = lowering.number(node)
    test = lowering.expression(node.test)
    body = lowering.expression(node.body)
    return ir.Conditional(at, test, body, lowering.expression(node.orelse))


def _call(lowering: Lowering, node: cst.Call) -> ir.Expression:
    at = lowering.number(node)
    return ir.Call(at, lowering.expression(node.func), lower_arguments(lowering, node.args))


def lower_arguments(lowering: Lowering, args: Iterable[cst.Arg]) -> tuple[ir.Argument, ...]:
    arguments = []
    for arg in args:
        at = lowering.number(arg)
        keyword = None if arg.keyword is None else literals.identifier(arg.keyword.value)
        arguments.append(ir.Argument(at, lowering.expression(arg.value), keyword, arg.star))
    return tuple(arguments)


def _subscript(lowering: Lowering, node: cst.Subscript) -> ir.Expression:
    at = lowering.number(node)
    value = lowering.expression(node.value)
    elements = node.slice
    if len(elements) == 1 and not isinstance(elements[0].comma, cst.Comma):
        index = elements[0].slice
        if not (isinstance(index, cst.Index) and index.star):
            return ir.Subscript(at, value, _index(lowering, index))
    display = lowering.number(node)
    indices = tuple(_index(lowering, element.slice) for element in elements)
    return ir.Subscript(at, value, ir.Display(display, "tuple", indices))


def _index(lowering: Lowering, node: cst.BaseSlice) -> ir.Expression:
    if isinstance(node, cst.Slice):
        at = lowering.number(node)
        lower, upper = lowering.optional(node.lower), lowering.optional(node.upper)
        return ir.Slice(at, lower, upper, lowering.optional(node.step))
    if isinstance(node, cst.Index):
        if node.star:
            return ir.Starred(lowering.number(node), lowering.expression(node.value))
        return lowering.expression(node.value)
    return lowering.expression(node)


def _starred(lowering: Lowering, node: cst.StarredElement) -> ir.Expression:
    return ir.Starred(lowering.number(node), lowering.expression(node.value))


def _element(lowering: Lowering, node: cst.Element) -> ir.Expression:
    return lowering.expression(node.value)


def _elements(lowering: Lowering, elements: Iterable[cst.BaseElement]) -> tuple[ir.Expression, ...]:
    return tuple([lowering.expression(element) for element in elements])


def _tuple(lowering: Lowering, node: cst.Tuple) -> ir.Expression:
    return ir.Display(lowering.number(node), "tuple", _elements(lowering, node.elements))


def _list(lowering: Lowering, node: cst.List) -> ir.Expression:
    return ir.Display(lowering.number(node), "list", _elements(lowering, node.elements))


def _set(lowering: Lowering, node: cst.Set) -> ir.Expression:
    return ir.Display(lowering.number(node), "set", _elements(lowering, node.elements))


def _dict(lowering: Lowering, node: cst.Dict) -> ir.Expression:
    at = lowering.number(node)
    items: list[tuple[ir.Expression | None, ir.Expression]] = []
    for element in node.elements:
        key = lowering.expression(element.key) if isinstance(element, cst.DictElement) else None
        items.append((key, lowering.expression(element.value)))
    return ir.DictDisplay(at, tuple(items))


def _list_comprehension(lowering: Lowering, node: cst.ListComp) -> ir.Expression:
    at = lowering.number(node)
    return ir.Comprehension(at, "list", lowering.expression(node.elt), None, _clauses(lowering, node.for_in))


def _set_comprehension(lowering: Lowering, node: cst.SetComp) -> ir.Expression:
    at = lowering.number(node)
    return ir.Comprehension(at, "set", lowering.expression(node.elt), None, _clauses(lowering, node.for_in))


def _generator(lowering: Lowering, node: cst.GeneratorExp) -> ir.Expression:
    at = lowering.number(node)
    return ir.Comprehension(at, "generator", lowering.expression(node.elt), None, _clauses(lowering, node.for_in))


def _dict_comprehension(lowering: Lowering, node: cst.DictComp) -> ir.Expression:
    at = lowering.number(node)
    key, value = lowering.expression(node.key), lowering.expression(node.value)
    return ir.Comprehension(at, "dict", key, value, _clauses(lowering, node.for_in))


def _clauses(lowering: Lowering, clause: cst.CompFor | None) -> tuple[ir.Clause, ...]:
    clauses = []
    while clause is not None:
        at = lowering.number(clause)
        target, iterable = lowering.expression(clause.target), lowering.expression(clause.iter)
        clauses.append(ir.Clause(at, target, iterable, tuple(lowering.expression(part.test) for part in clause.ifs)))
        clause = clause.inner_for_in
    return tuple(clauses)


def _walrus(lowering: Lowering, node: cst.NamedExpr) -> ir.Expression:
    at = lowering.number(node)
    name = node.target.value if isinstance(node.target, cst.Name) else ""
    return ir.Walrus(at, literals.identifier(name), lowering.expression(node.value))


def _yield(lowering: Lowering, node: cst.Yield) -> ir.Expression:
    at = lowering.number(node)
    lowering.yields[-1] = True
    if isinstance(node.value, cst.From):
        return ir.Yield(at, lowering.expression(node.value.item), delegate=True)
    return ir.Yield(at, lowering.optional(node.value))


def _await(lowering: Lowering, node: cst.Await) -> ir.Expression:
    return ir.Await(lowering.number(node), lowering.expression(node.expression))


def _lambda(lowering: Lowering, node: cst.Lambda) -> ir.Expression:
    at = lowering.number(node)
    parameters = lower_parameters(lowering, node.params)
    lowering.yields.append(False)
    body = lowering.expression(node.body)
    lowering.yields.pop()
    return ir.Lambda(at, parameters, body)


def lower_parameters(lowering: Lowering, node: cst.Parameters) -> tuple[ir.Parameter, ...]:
    parameters = _parameters(lowering, node.posonly_params, "positional_only")
    parameters += _parameters(lowering, node.params, "positional")
    if isinstance(node.star_arg, cst.Param):
        parameters += _parameters(lowering, [node.star_arg], "args")
    parameters += _parameters(lowering, node.kwonly_params, "keyword_only")
    if node.star_kwarg is not None:
        parameters += _parameters(lowering, [node.star_kwarg], "kwargs")
    return tuple(parameters)


def _parameters(lowering: Lowering, params: Sequence[cst.Param], kind: ir.ParameterKind) -> list[ir.Parameter]:
    parameters = []
    for param in params:
        at = lowering.number(param)
        annotation = None if param.annotation is None else lowering.expression(param.annotation.annotation)
        default = lowering.optional(param.default)
        parameters.append(ir.Parameter(at, literals.identifier(param.name.value), kind, default, annotation))
    return parameters


EXPRESSIONS: Final[Mapping[type[cst.CSTNode], Callable[..., ir.Expression]]] = {
    cst.Attribute: _attribute,
    cst.Await: _await,
    cst.BinaryOperation: _binary,
    cst.BooleanOperation: _boolean,
    cst.Call: _call,
    cst.Comparison: _comparison,
    cst.ConcatenatedString: _concatenated,
    cst.Dict: _dict,
    cst.DictComp: _dict_comprehension,
    cst.Element: _element,
    cst.Ellipsis: _ellipsis,
    cst.Float: _float,
    cst.FormattedString: _format_string,
    cst.GeneratorExp: _generator,
    cst.IfExp: _conditional,
    cst.Imaginary: _imaginary,
    cst.Integer: _integer,
    cst.Lambda: _lambda,
    cst.List: _list,
    cst.ListComp: _list_comprehension,
    cst.Name: _name,
    cst.NamedExpr: _walrus,
    cst.Set: _set,
    cst.SetComp: _set_comprehension,
    cst.SimpleString: _string,
    cst.StarredElement: _starred,
    cst.Subscript: _subscript,
    cst.Tuple: _tuple,
    cst.UnaryOperation: _unary,
    cst.Yield: _yield,
}
