"""torch as judge: a module is run statement by statement, and every declared model is built and called.

`# padlint: input=(N, 3, H, W)` above a class or an assignment, or at the end of its first line, says what the model is
called with. N is 2; behind another `#` stand the numbers for other names:
`# padlint: input=(N, 3, H, W)  # H=28, W=28`.
"""

from __future__ import annotations

import ast
import itertools
import re
import sys
import types
import warnings
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import torch
from torch import nn

Shape = tuple[int, ...]

_DIRECTIVE = re.compile(r"# padlint:[^#]*\binput(?:\[|=)")
_INPUT = re.compile(r"\binput(?:\[(\w+)\])?=(\([^)]*\))")
_OUT = re.compile(r"\bout=(\([^)]*\))")
_NUMBER = re.compile(r"\b([A-Za-z]\w*)=(\d+)")


@dataclass(frozen=True)
class Outcome:
    """What became of one statement, or of the call of the model that it defines. `raised`: `ValueError: text`."""

    name: str
    raised: str | None = None
    shape: Shape | None = None
    stated: Shape | None = None


@dataclass(frozen=True)
class Declared:
    """How a model is called: parameters of `forward` (None: the first) and the shapes of the tensors for them."""

    inputs: Mapping[str | None, Shape]
    out: Shape | None


def run(text: str) -> list[Outcome]:
    """Everything that raised, and every declared model with the shape that it gave."""
    try:
        tree = ast.parse(text)
    except SyntaxError as error:
        return [Outcome("the file", raised=said(error))]
    module = types.ModuleType("example_of_a_rule")
    sys.modules[module.__name__] = module  # dataclasses look for it
    lines = text.split("\n")
    with warnings.catch_warnings(), torch.no_grad():
        warnings.simplefilter("ignore")
        return [outcome for statement in tree.body for outcome in _statement(statement, lines, vars(module))]


def _statement(statement: ast.stmt, lines: list[str], names: dict[str, object]) -> Iterator[Outcome]:
    name = _defined(statement)
    try:
        exec(compile(ast.Module([statement], []), "example", "exec"), names)
        declared = _declared(statement, lines) if name else None
        if declared is not None:
            yield Outcome(name, shape=_call(names[name], declared.inputs), stated=declared.out)
    except Exception as error:  # a program may raise whatever it likes, and the judge reports it
        yield Outcome(name or ast.unparse(statement)[:60], raised=said(error))


def said(error: Exception) -> str:
    """As a traceback ends."""
    return f"{type(error).__name__}: {error}"


def _defined(statement: ast.stmt) -> str:
    if isinstance(statement, ast.ClassDef):
        return statement.name
    if isinstance(statement, ast.Assign) and isinstance(statement.targets[0], ast.Name):
        return statement.targets[0].id
    if isinstance(statement, ast.AnnAssign) and isinstance(statement.target, ast.Name) and statement.value:
        return statement.target.id
    return ""


def _declared(statement: ast.stmt, lines: list[str]) -> Declared | None:
    first = min([statement, *getattr(statement, "decorator_list", [])], key=lambda node: node.lineno).lineno
    comment = next((line for line in _comments(first, lines) if _DIRECTIVE.search(line)), None)
    if comment is None:
        return None
    _, directive, *numbers = re.split(r"#", comment[comment.index("# padlint:") :])
    sizes = {"N": 2, **{name: int(value) for name, value in _NUMBER.findall(" ".join(numbers))}}
    inputs = {name or None: shape(text, sizes) for name, text in _INPUT.findall(directive)}
    out = _OUT.search(directive)
    return Declared(inputs, shape(out[1], sizes) if out else None)


def _comments(first: int, lines: list[str]) -> Iterator[str]:
    """The first line of a statement, and the comments above it."""
    yield lines[first - 1]
    yield from itertools.takewhile(lambda line: line.startswith("#"), reversed(lines[: first - 1]))


def shape(text: str, sizes: Mapping[str, int]) -> Shape:
    """`(N, 3, 2*H)` in numbers."""
    found = eval(text, {"__builtins__": {}}, dict(sizes))
    assert isinstance(found, tuple), text
    return found


def _call(made: object, inputs: Mapping[str | None, Shape]) -> Shape:
    model = made() if isinstance(made, type) else made
    assert isinstance(model, nn.Module), f"{made} is no model"
    named = {name: torch.zeros(size) for name, size in inputs.items() if name}
    output = model(*(torch.zeros(size) for name, size in inputs.items() if not name), **named)
    while not isinstance(output, torch.Tensor):
        output = next(iter(output.values() if isinstance(output, dict) else output))
    return tuple(output.shape)
