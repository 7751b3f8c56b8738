"""Programs rewritten without a change of meaning. A rewriting gives trees, one a file, or None where it does not apply.

A statement keeps `origin`, the number of the statement of the first program that it comes from, wherever it goes; what is
made of a part of it has the same. Rewritings may be careless about programs that look at themselves: torch runs every result.
"""

from __future__ import annotations

import ast
import copy
import inspect
from collections.abc import Callable, Iterable, Iterator
from typing import Any

Trees = dict[str, ast.Module]
Rewriting = Callable[[ast.Module], "Trees | None"]
REWRITINGS: dict[str, Rewriting] = {}
DEFINITIONS = ast.FunctionDef, ast.ClassDef, ast.AsyncFunctionDef
IMPORTS = ast.Import, ast.ImportFrom


def rewriting(function: Callable[[ast.Module], ast.Module | Trees | None]) -> Callable[[ast.Module], Trees | None]:
    def applied(tree: ast.Module) -> Trees | None:
        before = ast.unparse(tree)
        made = function(copy.deepcopy(tree))
        if isinstance(made, ast.Module):
            made = {"main.py": made} if ast.unparse(made) != before else None
        for each in (made or {}).values():
            ast.fix_missing_locations(each)
        return made

    REWRITINGS[function.__name__.replace("_", " ")] = applied
    return applied


# ---------------------------------------------------------------- helpers


def origin(node: ast.AST) -> int | None:
    return getattr(node, "origin", None)


def new(text: str, like: ast.AST | None = None) -> list[Any]:
    """Statements that are written down here; they come from where `like` comes from."""
    made = ast.parse(text).body
    for node in (each for one in made for each in ast.walk(one) if isinstance(each, ast.stmt)):
        node.origin = origin(like) if like is not None else None  # type: ignore[attr-defined]
    return made


def bodies(tree: ast.AST) -> Iterator[list[ast.stmt]]:
    """Every list of statements."""
    for node in ast.walk(tree):
        for name in ("body", "orelse", "finalbody"):
            if isinstance(found := getattr(node, name, None), list) and found and isinstance(found[0], ast.stmt):
                yield found


def split(tree: ast.Module) -> tuple[list[ast.stmt], list[ast.stmt], list[ast.stmt]]:
    """Imports and docstrings, definitions with the constants among them, and what runs."""
    first = [node for node in tree.body if isinstance(node, IMPORTS)]
    rest = [node for node in tree.body if not isinstance(node, IMPORTS)]
    last = max((place for place, node in enumerate(rest) if isinstance(node, DEFINITIONS)), default=-1)
    return first, rest[: last + 1], rest[last + 1 :]


def bound(nodes: Iterable[ast.AST]) -> set[str]:
    """What statements bind at their own level."""
    found = set()
    for node in nodes:
        if isinstance(node, DEFINITIONS):
            found.add(node.name)
        else:
            found |= {
                each.id for each in ast.walk(node) if isinstance(each, ast.Name) and isinstance(each.ctx, ast.Store)
            }
    return found


def layer(node: ast.AST) -> str | None:
    """The name of torch.nn's that a call calls, written `nn.Name`."""
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and ast.unparse(node.func.value) == "nn":
        return node.func.attr if node.func.attr[0].isupper() else None
    return None


class Each(ast.NodeTransformer):
    """Applies a function to every expression, innermost first."""

    def __init__(self, function: Callable[[ast.AST], ast.AST | None]) -> None:
        self._function = function

    def generic_visit(self, node: ast.AST) -> ast.AST:
        super().generic_visit(node)
        return (self._function(node) if isinstance(node, ast.expr) else None) or node


def numbers(tree: ast.Module) -> list[ast.Constant]:
    """The whole numbers that are written as arguments of layers."""
    calls = [node for node in ast.walk(tree) if layer(node) and isinstance(node, ast.Call)]
    given = [value for call in calls for value in (*call.args, *(each.value for each in call.keywords))]
    return [value for value in given if isinstance(value, ast.Constant) and type(value.value) is int]


def named(tree: ast.Module, use: str, head: str, line: str, tail: str = "") -> ast.Module | None:
    """The numbers of layers written elsewhere, at the start, and used by another expression."""
    found = numbers(tree)
    places = {id(node): number for number, node in enumerate(found)}
    start = head + "".join(line.format(i=i, v=node.value) for i, node in enumerate(found)) + tail
    made = Each(
        lambda node: ast.parse(use.format(i=places[id(node)]), mode="eval").body if id(node) in places else None
    ).visit(tree)
    place = next((i for i, node in enumerate(tree.body) if not isinstance(node, IMPORTS)), 0)
    made.body[place:place] = new(start)
    return made if found else None


def within(tree: ast.Module, text: str) -> ast.Module:
    """What runs, put in the place of `BODY`."""
    first, kept, running = split(tree)
    outer = new(text)
    for body in [outer, *(each for node in outer for each in bodies(node))]:
        for place, node in enumerate(body):
            if ast.unparse(node) == "BODY":
                body[place : place + 1] = running or [ast.Pass()]
    tree.body = [*first, *kept, *outer]
    return tree


# ---------------------------------------------------------------- names and expressions


@rewriting
def names_changed(tree: ast.Module) -> ast.Module:
    nodes = list(ast.walk(tree))
    taken = {node.attr for node in nodes if isinstance(node, ast.Attribute)} | {
        node.arg for node in nodes if isinstance(node, ast.keyword)
    }
    taken |= {node.value for node in nodes if isinstance(node, ast.Constant) and isinstance(node.value, str)}
    taken |= {name for node in nodes if isinstance(node, ast.ClassDef) for name in bound(node.body)} | {"self", "cls"}
    known = {node.id for node in nodes if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)}
    known |= {node.arg for node in nodes if isinstance(node, ast.arg)} | {
        node.name for node in nodes if isinstance(node, DEFINITIONS)
    }
    mapped = {name: f"{name}_other" for name in known - taken if not name.startswith("__")}
    for node in nodes:
        for field in ("id", "arg", "name"):
            if isinstance(value := getattr(node, field, None), str) and not isinstance(node, ast.keyword | ast.alias):
                setattr(node, field, mapped.get(value, value))
        if isinstance(node, ast.Global | ast.Nonlocal):
            node.names = [mapped.get(name, name) for name in node.names]
    return tree


@rewriting
def variables_for_arguments(tree: ast.Module) -> ast.Module:
    count = 0
    for body in list(bodies(tree)):
        for node in list(body):
            if isinstance(node, ast.Assign | ast.Expr | ast.Return) and isinstance(node.value, ast.Call):
                for place, value in enumerate(node.value.args):
                    if isinstance(value, ast.Constant | ast.BinOp):
                        count += 1
                        body[body.index(node) : body.index(node)] = new(f"value_{count} = {ast.unparse(value)}", node)
                        node.value.args[place] = ast.Name(f"value_{count}", ast.Load())
    return tree


@rewriting
def functions_for_values(tree: ast.Module) -> ast.Module:
    for count, node in enumerate(list(tree.body)):
        if isinstance(node, ast.Assign | ast.Expr) and isinstance(node.value, ast.Call):
            place = tree.body.index(node)
            tree.body[place:place] = new(f"def compute_{count}():\n    return {ast.unparse(node.value)}", node)
            node.value = ast.parse(f"compute_{count}()", mode="eval").body
    return tree


@rewriting
def numbers_computed(tree: ast.Module) -> ast.Module:
    found = {id(node) for node in numbers(tree)}
    made = lambda node: ast.parse(f"({node.value + 3} - 3)", mode="eval").body if id(node) in found else None  # type: ignore[attr-defined]  # noqa: E731
    return Each(made).visit(tree)  # type: ignore[no-any-return]


@rewriting
def chosen_by_true(tree: ast.Module) -> ast.Module:
    return Each(lambda node: ast.IfExp(ast.Constant(True), node, ast.Constant(None)) if layer(node) else None).visit(
        tree
    )  # type: ignore[no-any-return,arg-type]


@rewriting
def layers_by_getattr(tree: ast.Module) -> ast.Module:
    def made(node: ast.AST) -> ast.AST | None:
        if layer(node):
            node.func = ast.parse(f"getattr(nn, '{layer(node)}')", mode="eval").body  # type: ignore[attr-defined]
        return node

    return Each(made).visit(tree)  # type: ignore[no-any-return]


@rewriting
def arguments_starred(tree: ast.Module) -> ast.Module:
    def made(node: ast.AST) -> ast.AST | None:
        if (
            isinstance(node, ast.Call)
            and layer(node)
            and node.args
            and not any(isinstance(a, ast.Starred) for a in node.args)
        ):
            node.args = [ast.Starred(ast.Tuple(node.args, ast.Load()), ast.Load())]
        return node

    return Each(made).visit(tree)  # type: ignore[no-any-return]


@rewriting
def keywords_in_a_dict(tree: ast.Module) -> ast.Module:
    def made(node: ast.AST) -> ast.AST | None:
        if isinstance(node, ast.Call) and layer(node) and node.keywords and all(each.arg for each in node.keywords):
            keys: list[ast.expr | None] = [ast.Constant(each.arg) for each in node.keywords]
            node.keywords = [ast.keyword(None, ast.Dict(keys, [each.value for each in node.keywords]))]
        return node

    return Each(made).visit(tree)  # type: ignore[no-any-return]


@rewriting
def layers_partial(tree: ast.Module) -> ast.Module:
    def made(node: ast.AST) -> ast.AST | None:
        if isinstance(node, ast.Call) and layer(node) and node.args and not isinstance(node.args[0], ast.Starred):
            first = ast.unparse(node.args[0])
            node.func = ast.parse(f"functools.partial({ast.unparse(node.func)}, {first})", mode="eval").body
            node.args = node.args[1:]
        return node

    made_of = Each(made).visit(tree)
    made_of.body[:0] = new("import functools")
    return made_of  # type: ignore[no-any-return]


def _parameters(name: str) -> list[str]:
    from torch import nn

    listed = list(inspect.signature(getattr(nn, name).__init__).parameters.values())[1:]
    return [] if any(p.kind is p.VAR_POSITIONAL for p in listed) else [p.name for p in listed]


@rewriting
def arguments_by_name(tree: ast.Module) -> ast.Module:
    for node in ast.walk(tree):
        name = layer(node)
        if name and isinstance(node, ast.Call) and not any(isinstance(each, ast.Starred) for each in node.args):
            known = _parameters(name)
            if len(node.args) <= len(known):
                node.keywords[:0] = [ast.keyword(k, value) for k, value in zip(known, node.args, strict=False)]
                node.args = []
    return tree


@rewriting
def arguments_by_place(tree: ast.Module) -> ast.Module:
    for node in ast.walk(tree):
        name = layer(node)
        if name and isinstance(node, ast.Call):
            known = _parameters(name)
            while node.keywords and len(node.args) < len(known) and node.keywords[0].arg == known[len(node.args)]:
                node.args.append(node.keywords.pop(0).value)
    return tree


# ---------------------------------------------------------------- where numbers stand


@rewriting
def numbers_as_constants(tree: ast.Module) -> ast.Module | None:
    return named(tree, "SIZE_{i}", "", "SIZE_{i} = {v}\n")


@rewriting
def numbers_in_a_dict(tree: ast.Module) -> ast.Module | None:
    return named(tree, "CFG['s{i}']", "CFG = {}\n", "CFG['s{i}'] = {v}\n")


@rewriting
def numbers_in_a_class(tree: ast.Module) -> ast.Module | None:
    return named(tree, "Sizes.s{i}", "class Sizes:\n    pass\n", "Sizes.s{i} = {v}\n")


@rewriting
def numbers_in_a_dataclass(tree: ast.Module) -> ast.Module | None:
    return named(
        tree,
        "CFG.s{i}",
        "from dataclasses import dataclass\n@dataclass\nclass Sizes:\n    any: int = 0\n",
        "    s{i}: int = {v}\n",
        "CFG = Sizes()\n",
    )


@rewriting
def numbers_as_options(tree: ast.Module) -> ast.Module | None:
    start = "import argparse\nparser_of_sizes = argparse.ArgumentParser()\n"
    return named(
        tree,
        "ARGS.s{i}",
        start,
        "parser_of_sizes.add_argument('--s{i}', type=int, default={v})\n",
        "ARGS = parser_of_sizes.parse_args([])\n",
    )
