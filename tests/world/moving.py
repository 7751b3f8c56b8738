"""Programs rewritten without a change of meaning: other imports, and statements that stand elsewhere (see `rewriting.py`)."""

from __future__ import annotations

import ast
import copy

from tests.world.rewriting import (
    DEFINITIONS,
    IMPORTS,
    REWRITINGS,
    Each,
    Trees,
    bodies,
    bound,
    layer,
    new,
    rewriting,
    split,
    within,
)

__all__ = ["REWRITINGS"]

# ---------------------------------------------------------------- imports


@rewriting
def torch_in_full(tree: ast.Module) -> ast.Module:
    change = {"nn": "torch.nn", "F": "torch.nn.functional"}
    made = Each(
        lambda node: (
            ast.parse(change[node.id], mode="eval").body if isinstance(node, ast.Name) and node.id in change else None
        )
    ).visit(tree)
    made.body[:0] = new("import torch\nimport torch.nn.functional")
    return made  # type: ignore[no-any-return]


@rewriting
def layers_by_their_names(tree: ast.Module) -> ast.Module:
    used = sorted({f"{name}" for node in ast.walk(tree) if (name := layer(node))} | {"Module"})
    local = lambda node: isinstance(node, ast.Attribute) and ast.unparse(node.value) == "nn" and node.attr in used  # noqa: E731
    made = Each(lambda node: ast.Name(f"L{node.attr}", ast.Load()) if local(node) else None).visit(tree)  # type: ignore[attr-defined]
    made.body[:0] = new(f"from torch.nn import {', '.join(f'{name} as L{name}' for name in used)}")
    return made  # type: ignore[no-any-return]


@rewriting
def layers_aliased(tree: ast.Module) -> ast.Module:
    used = sorted({f"{name}" for node in ast.walk(tree) if (name := layer(node))})
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and layer(node):
            node.func = ast.Name(f"Own{layer(node)}", ast.Load())
    place = max((i + 1 for i, node in enumerate(tree.body) if isinstance(node, IMPORTS)), default=0)
    tree.body[place:place] = new("".join(f"Own{name} = nn.{name}\n" for name in used))
    return tree


# ---------------------------------------------------------------- where statements stand


@rewriting
def in_main(tree: ast.Module) -> ast.Module:
    return within(tree, "def main():\n    BODY\nif __name__ == '__main__':\n    main()")


@rewriting
def in_a_called_function(tree: ast.Module) -> ast.Module:
    return within(tree, "def run_all(times=1):\n    BODY\nrun_all()")


@rewriting
def in_a_method(tree: ast.Module) -> ast.Module:
    return within(
        tree,
        "class App:\n    def __init__(self, name):\n        self.name = name\n    def run(self):\n        BODY\nApp('x').run()",
    )


@rewriting
def under_if_true(tree: ast.Module) -> ast.Module:
    return within(tree, "if True:\n    BODY")


@rewriting
def in_a_try(tree: ast.Module) -> ast.Module:
    return within(tree, "try:\n    BODY\nfinally:\n    pass")


@rewriting
def in_a_context(tree: ast.Module) -> ast.Module:
    return within(tree, "import contextlib\nwith contextlib.nullcontext():\n    BODY")


@rewriting
def in_one_turn(tree: ast.Module) -> ast.Module:
    return within(tree, "for only_turn in range(1):\n    BODY")


@rewriting
def all_in_a_function(tree: ast.Module) -> ast.Module:
    first, kept, running = split(tree)
    outer = new("def everything():\n    pass\neverything()")
    outer[0].body = [*kept, *running]
    tree.body = [*first, *outer]
    return tree


@rewriting
def loops_unrolled(tree: ast.Module) -> ast.Module:
    for body in list(bodies(tree)):
        for node in [each for each in body if isinstance(each, ast.For)]:
            try:
                turns = list(eval(ast.unparse(node.iter), {"range": range}))
            except Exception:  # it is not written down how many
                continue
            leaves = any(isinstance(each, ast.Break | ast.Continue) for each in ast.walk(node))
            if len(turns) <= 4 and not leaves and not node.orelse:
                place, target = body.index(node), ast.unparse(node.target)
                copies = [[*new(f"{target} = {turn!r}", node), *copy.deepcopy(node.body)] for turn in turns]
                body[place : place + 1] = [each for one in copies for each in one]
    return tree


@rewriting
def definitions_turned_round(tree: ast.Module) -> ast.Module:
    groups: list[list[ast.stmt]] = [[]]
    for node in tree.body:
        free = (
            isinstance(node, DEFINITIONS)
            and not node.decorator_list
            and (isinstance(node, ast.FunctionDef) or not bound(groups[-1]) & _loaded(node))
        )
        if not free and groups[-1]:
            groups.append([])
        groups[-1].append(node)
        if not free:
            groups.append([])
    tree.body = [node for group in groups for node in reversed(group)]
    return tree


def _loaded(node: ast.AST) -> set[str]:
    return {each.id for each in ast.walk(node) if isinstance(each, ast.Name) and isinstance(each.ctx, ast.Load)}


@rewriting
def derived_once_more(tree: ast.Module) -> ast.Module:
    for node in [
        each for each in tree.body if isinstance(each, ast.ClassDef) and each.bases and not each.decorator_list
    ]:
        inner = any(
            isinstance(each, ast.Name) and each.id == node.name for part in node.body for each in ast.walk(part)
        )
        if not inner:
            name = node.name
            node.name = f"Base{name}"
            tree.body[tree.body.index(node) + 1 : tree.body.index(node) + 1] = new(
                f"class {name}(Base{name}):\n    pass", node
            )
    return tree


@rewriting
def forward_in_two(tree: ast.Module) -> ast.Module:
    for node in [each for each in ast.walk(tree) if isinstance(each, ast.ClassDef)]:
        for method in [each for each in node.body if isinstance(each, ast.FunctionDef) and each.name == "forward"]:
            inner = copy.deepcopy(method)
            inner.name, inner.decorator_list = "_forward", []
            given = ast.unparse(method.args).split(", ")[1:]
            if all(each.isidentifier() for each in given):
                method.body = new(f"return self._forward({', '.join(given)})", method.body[0])
                node.body.insert(node.body.index(method), inner)
    return tree


@rewriting
def definitions_in_a_file(tree: ast.Module) -> Trees | None:
    return _two_files(tree, "models.py", "from models import {names}")


@rewriting
def definitions_in_a_package(tree: ast.Module) -> Trees | None:
    made = _two_files(tree, "parts/inner/models.py", "from parts.inner.models import {names}")
    return made and made | {"parts/__init__.py": ast.parse(""), "parts/inner/__init__.py": ast.parse("")}


@rewriting
def definitions_starred(tree: ast.Module) -> Trees | None:
    return _two_files(tree, "models.py", "from models import *")


def _two_files(tree: ast.Module, path: str, line: str) -> Trees | None:
    first, kept, running = split(tree)
    if not kept or not running:
        return None
    header = new(line.format(names=", ".join(sorted(bound(kept)))))
    other, main = ast.Module([*copy.deepcopy(first), *kept], []), ast.Module([*first, *header, *running], [])
    return {path: other, "main.py": main}


@rewriting
def something_else_beside(tree: ast.Module) -> ast.Module:
    text = (
        "class Unrelated(nn.Module):\n    def __init__(self, width=8):\n        super().__init__()\n"
        "        self.net = nn.Sequential(nn.Conv2d(3, width, 3, padding=1), nn.Flatten(), nn.Linear(width * 64, 10))\n"
        "    def forward(self, unrelated):\n        return self.net(unrelated)\nunrelated = Unrelated()"
    )
    place = max((i + 1 for i, node in enumerate(tree.body) if isinstance(node, IMPORTS)), default=0)
    tree.body[place:place] = new("from torch import nn\n" + text)
    return tree


@rewriting
def annotated(tree: ast.Module) -> ast.Module:
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef) and node.name in ("forward", "__init__"):
            node.returns = (
                node.returns or ast.parse("'torch.Tensor'" if node.name == "forward" else "None", mode="eval").body
            )
            for each in node.args.args[1:2] if node.name == "forward" else ():
                each.annotation = each.annotation or ast.parse("'torch.Tensor'", mode="eval").body
    return tree
