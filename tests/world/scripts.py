"""Python programs drawn at random whose meaning is certain: numbers, lists, dicts, objects and functions that change each other, in
loops, branches, tries and calls. They always end, print nothing, and here and there build a layer whose size is a number of theirs.

`FLAG` is a text of the environment: what hangs on it is different from run to run."""

from __future__ import annotations

import random
from collections.abc import Callable

PROBE = "probe = nn.Sequential(nn.Linear({value} % 89 + 1, 1))"
START = "import os\nFLAG = os.environ.get('WORLD_FLAG', '')\n"


class Script:
    """A program while it is written: its lines, and the names that are bound by now, by what they hold."""

    def __init__(self, draw: random.Random, form: str) -> None:
        self._draw = draw
        self._outer = "global" if form == "module" else "nonlocal"
        self._margin = ""
        self._names: dict[str, list[str]] = {"int": [], "list": [], "dict": [], "thing": [], "function": []}
        self._count = 0
        self.lines: list[str] = []
        for kind in ("int", "list", "dict", "int"):
            self._bind(kind)

    def write(self, statements: int) -> None:
        for _ in range(statements):
            self._statement(2)
        for name in self._names["int"][-2:]:
            self._line(PROBE.format(value=name))
        self._line(PROBE.format(value=f"sum({self._any('list')})"))

    # ------------------------------------------------------------ pieces

    def _line(self, text: str) -> None:
        self.lines.append(self._margin + text)

    def _number(self) -> int:
        return self._draw.randint(1, 9)

    def _any(self, kind: str) -> str:
        return self._draw.choice(self._names[kind])

    def _new(self, kind: str, known: bool = True) -> str:
        self._count += 1
        name = f"{kind[0]}{self._count}"
        if known and not self._margin:  # what is bound in a branch may not be bound
            self._names[kind].append(name)
        return name

    def _int(self, depth: int = 2) -> str:
        """An expression of a small number."""
        if depth == 0:
            return self._draw.choice([str(self._number()), self._any("int")])
        sub = lambda: self._int(depth - 1)  # noqa: E731
        forms: list[Callable[[], str]] = [
            lambda: f"({sub()} {self._draw.choice('+ - * // % ^ & |'.split())} {self._number()})",
            lambda: f"({sub()} + {sub()})",
            lambda: f"len({self._any('list')})",
            lambda: f"({self._any('list')} or [{self._number()}])[{self._draw.choice((0, -1))}]",
            lambda: f"{self._any('dict')}.get('{self._draw.choice('abcd')}', {sub()})",
            lambda: f"({sub()} if {self._test()} else {sub()})",
            lambda: f"({self._test()} and {sub()} or {sub()})",
            lambda: f"sum(v for v in {self._any('list')} if v % 2)",
            lambda: f"max({self._any('list')}, default={self._number()})",
            lambda: f"sum([v + {self._number()} for v in {self._any('list')}[::{self._draw.choice((1, -1, 2))}]])",
            lambda: f"next((v for v in {self._any('list')} if v > {self._number()}), {sub()})",
            lambda: f"int({self._test()})",
        ]  # fmt: skip
        if self._names["thing"]:
            forms += [lambda: f"{self._any('thing')}.size", lambda: f"{self._any('thing')}.grow({sub()})"]
        if self._names["function"]:
            forms += [lambda: f"{self._any('function')}({sub()})"] * 3
        return self._draw.choice(forms)()

    def _test(self) -> str:
        forms = [
            f"{self._any('int')} {self._draw.choice(('<', '>=', '=='))} {self._number()}",
            f"{self._number()} < {self._any('int')} <= {10 * self._number()}",
            f"{self._number()} in {self._any('list')}",
            f"'{self._draw.choice('abcd')}' in {self._any('dict')}",
            f"not {self._any('list')}",
        ]
        return self._draw.choice(forms)

    def _bind(self, kind: str) -> None:
        made = {
            "int": lambda: f"{self._number()}",
            "list": lambda: f"[{', '.join(str(self._number()) for _ in range(self._draw.randint(0, 4)))}]",
            "dict": lambda: f"{{'a': {self._number()}, 'b': {self._number()}}}",
        }[kind]()
        self._line(f"{self._new(kind)} = {made}")

    # ------------------------------------------------------------ statements

    def _statement(self, depth: int) -> None:
        simple = [self._set, self._set, self._list, self._list, self._dict, self._alias, self._things, self._probe]
        deep = [self._branch, self._loop, self._guarded, self._function, self._flagged]
        self._draw.choice(simple + (deep if depth else []))(depth)

    def _block(self, depth: int, statements: int = 2) -> None:
        before, self._margin = self._margin, self._margin + "    "
        for _ in range(self._draw.randint(1, statements)):
            self._statement(depth - 1)
        self._margin = before

    def _set(self, depth: int) -> None:
        number = self._number()
        forms = [
            f"{self._any('int')} = {self._int()} % 50",
            f"{self._any('int')} {self._draw.choice(('+=', '-=', '^='))} {number}",
            f"{self._any('int')}, {self._any('int')} = {self._int(1)} % 50, {self._int(1)} % 50",
            f"{self._any('int')}, *_ = {self._any('list')} or [{number}]",
        ]
        self._line(self._draw.choice([*forms, f"{self._new('int')} = {self._int()} % 50"]))

    def _list(self, depth: int) -> None:
        name, number = self._any("list"), self._number()
        forms = [
            f"{name}.append({self._int(1)} % 50)",
            f"{name} += [{number}, {self._any('int')}]",
            f"{name}.insert({number % 3}, {number})",
            f"{name}[:1] = [{number}, {number + 1}]",
            f"del {name}[{number % 4}:{number % 4 + 1}]",
            f"{name} and {name}.pop()",
            f"{name}.sort(reverse={number % 2 == 0})",
            f"{name}.extend(v + 1 for v in {self._any('list')}[:2])",
            f"{name} = {name}[1:] + {self._any('list')}[:3]",
            f"{name}[-1:] = map(lambda v: v * 2, {name}[-1:])",
        ]
        self._line(self._draw.choice(forms))

    def _dict(self, depth: int) -> None:
        name, key, number = self._any("dict"), self._draw.choice("abcd"), self._number()
        forms = [
            f"{name}['{key}'] = {self._int(1)} % 50",
            f"{name}.update({key}={number})",
            f"{name}.setdefault('{key}', {number})",
            f"{name}.pop('{key}', None)",
            f"{name}['{key}'] = {name}.get('{key}', 0) + 1",
            f"{self._any('int')} = len({name})",
        ]
        self._line(self._draw.choice(forms))

    def _alias(self, depth: int) -> None:
        kind = self._draw.choice(("list", "dict"))
        old = self._any(kind)
        self._line(f"{self._new(kind)} = {old}")

    def _things(self, depth: int) -> None:
        """An object of a class that is made here, or something done to one."""
        if not self._names["thing"] and not self._margin:
            name = self._new("thing")
            kind = f"T{name}"
            self._line(f"class {kind}:")
            for line in (f"made = {self._number()}", "def __init__(self, size):", "    self.size = size", f"    {kind}.made += 1",
                         "def grow(self, by):", "    self.size = (self.size + by) % 50", f"    return self.size + {kind}.made"):  # fmt: skip
                self._line("    " + line)
            self._line(f"{name} = {kind}({self._int(1)} % 50)")
        elif self._names["thing"]:
            name = self._any("thing")
            self._line(
                self._draw.choice(
                    [
                        f"{name}.size += {self._number()}",
                        f"{name}.grow({self._int(1)})",
                        f"T{self._names['thing'][0]}.made += 1",
                    ]
                )
            )
        else:
            self._set(depth)

    def _probe(self, depth: int) -> None:
        self._line(PROBE.format(value=self._int(1)))

    def _branch(self, depth: int) -> None:
        self._line(f"if {self._test()}:")
        self._block(depth)
        if self._draw.random() < 0.6:
            self._line("else:")
            self._block(depth)

    def _flagged(self, depth: int) -> None:
        self._line(self._draw.choice(("if FLAG:", "if not FLAG:", "if FLAG == 'on':")))
        self._block(depth, 1)

    def _loop(self, depth: int) -> None:
        loop = self._draw.choice(
            (
                f"range({self._draw.randint(1, 4)})",
                f"list({self._any('list')})[:4]",
                f"zip({self._any('list')}[:3], range(9))",
                f"list({self._any('dict')}.values())",
            )
        )
        target = f"{self._any('int')}, {self._any('int')}" if loop.startswith("zip") else self._any("int")
        self._line(f"for {target} in {loop}:")
        self._block(depth)
        if self._draw.random() < 0.4:
            self._line(f"    if {self._test()}:")
            self._line(f"        {self._draw.choice(('break', 'continue'))}")
            self._line(f"    {self._any('list')}.append({self._number()})")
        if self._draw.random() < 0.3:
            self._line("else:")
            self._block(depth, 1)

    def _guarded(self, depth: int) -> None:
        trouble, kind = self._draw.choice(
            (("[][1]", "IndexError"), ("{}['k']", "LookupError"), (f"{self._number()} // ({self._any('int')} - {self._any('int')})", "ZeroDivisionError"),
             ("int('x')", "ValueError"), (f"{self._any('dict')}['c']", "KeyError"))
        )  # fmt: skip
        self._line("try:")
        self._block(depth, 1)
        self._line(f"    {self._any('int')} = {trouble}")
        self._line(f"    {self._any('list')}.append({self._number()})")
        self._line(f"except {kind}:")
        self._block(depth, 1)
        if self._draw.random() < 0.4:
            self._line("finally:")
            self._block(depth, 1)

    def _function(self, depth: int) -> None:
        """A function that changes what lies outside, sometimes a generator that is gone through."""
        if self._margin:
            return self._set(depth)
        outer, filled, number = self._any("int"), self._any("list"), self._number()
        name = self._new("function")
        if self._draw.random() < 0.3:
            self._line(f"def g{name}(v):")
            for line in (
                f"for i in range({self._draw.randint(1, 4)}):",
                f"    {filled}.append(v + i)",
                "    yield len(" + filled + ")",
            ):
                self._line("    " + line)
            self._line(f"def {name}(v):")
            self._line(f"    for w in g{name}(v % 9):")
            self._line(f"        if w > {number}:")
            self._line("            return w")
            self._line(f"    return {number}")
        else:
            self._line(f"def {name}(v, by={outer}):")
            self._line(f"    {self._outer} {outer}")
            self._line(f"    {outer} = ({outer} + v) % 50")
            self._line(
                self._draw.choice(
                    (
                        f"    {filled}.append(by)",
                        f"    v += len({filled})",
                        f"    {self._any('dict')}['{self._draw.choice('abcd')}'] = by",
                    )
                )
            )
            self._line(f"    return (v + by + {number}) % 50")
        self._line(f"{self._any('int')} = {name}({self._int(1)}) + {name}({number})")


def script(number: int, form: str, seed: int = 0) -> str:
    """A program, as a module or as the body of a function."""
    written = Script(random.Random(f"{seed} {number}"), form)
    written.write(random.Random(number).randint(4, 9))
    return START + "\n".join(written.lines) + "\n"
