"""Which names of a notebook are not known behind what is no Python in it: they are given `get_ipython()` there, of which
nothing is known."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Sequence
from functools import cached_property
from keyword import iskeyword

from padlint.syntax.cells import Part
from padlint.syntax.index import bound
from padlint.syntax.ipython import Names
from padlint.syntax.python import assigned, changed, rebinds_all, words

MOST = 100_000
"""Names that are forgotten in one notebook, one after the other."""


def unknown(names: Iterable[str]) -> str:
    """The statement that gives names an unknown value; only the value where there are none."""
    return " = ".join((*names, "get_ipython()"))


class Forgetting:
    """What the cells of a notebook may have set in ways that cannot be followed."""

    def __init__(self, parts: Sequence[Part]) -> None:
        self._parts = parts
        self._left = MOST

    def behind(self, part: Part) -> list[str]:
        """The names that a cell may have given values that are not known, and what hangs on objects that it may have
        changed."""
        names: set[str] = set()
        if part.unread:
            if rebinds_all(part.unread):
                return self.named("all")
            names = {*assigned(part.unread), *self._hanging_on(changed(part.unread))}
        if part.cell.local and part.tree is not None:
            names.update(name for statement in part.tree.body for name in bound(statement))
        return self._few(names)

    def named(self, names: Names) -> list[str]:
        return self._few(self._variables if names == "all" else names)

    def _few(self, names: Iterable[str]) -> list[str]:
        if self.too_many:
            return []
        found = sorted(name for name in names if name.isidentifier() and not iskeyword(name))
        self._left -= len(found)
        return found

    @property
    def too_many(self) -> bool:
        return self._left < 0

    @cached_property
    def _statements(self) -> list[tuple[set[str], set[str]]]:
        """The names that statements bind, with all that they mention; imports, functions and classes left out."""
        found = []
        for part in self._parts:
            for statement in part.tree.body if part.tree is not None else ():
                names = set(bound(statement))
                if names and not isinstance(statement, _FIXED):
                    found.append((names, words(statement)))
        return found

    @cached_property
    def _variables(self) -> set[str]:
        return {name for names, _ in self._statements for name in names}

    @cached_property
    def _mentioning(self) -> dict[str, list[set[str]]]:
        found: dict[str, list[set[str]]] = {}
        for names, mentioned in self._statements:
            for name in mentioned:
                found.setdefault(name, []).append(names)
        return found

    def _hanging_on(self, names: Iterable[str]) -> set[str]:
        """The variables among these names, and those that were made of them."""
        found: set[str] = set()
        left = [name for name in names if name in self._variables]
        while left:
            name = left.pop()
            if name not in found:
                found.add(name)
                left += [other for made in self._mentioning.get(name, ()) for other in made]
        return found


_FIXED = (ast.Import, ast.ImportFrom, ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
