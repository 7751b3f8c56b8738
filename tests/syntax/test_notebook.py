"""Notebooks: Python for the analysis, and the same JSON but for the source that changed."""

from __future__ import annotations

import ast
import json

import pytest
from python_reference import walk

from padlint.errors import UnreadableError
from padlint.finding import Place, Position
from padlint.syntax import ir
from padlint.syntax.directives import Directive, directives
from padlint.syntax.source import Source

CELLS: list[dict[str, object]] = [
    {"cell_type": "markdown", "metadata": {}, "source": ["# Title\n", "model = f(1)"]},
    {
        "cell_type": "code",
        "execution_count": None,
        "metadata": {},
        "outputs": [],
        "source": ["%matplotlib inline\n", "import torch.nn as nn\n", "!pip install \\\n", "    x"],
    },
    {"cell_type": "code", "metadata": {}, "outputs": [{"source": "no"}], "source": "%%bash\nls -l\n  echo 'x"},
    {"cell_type": "raw", "source": "x = ("},
    {
        "cell_type": "code",
        "outputs": [],
        "source": ["é = '🎉'\n", "model = nn.Conv2d(1, 2, padding=1)  # padlint: same\n"],
        "metadata": {"source": 1},
    },
    {"cell_type": "code", "source": []},
    {"cell_type": "code", "source": ["%%time\n", "if a:\n", "    !ls\n", "    b = 7 % \\\n", "    3\n", "c?"]},
]
NOTEBOOK = {"cells": CELLS, "metadata": {"kernelspec": {"language": "python"}}, "nbformat": 4, "nbformat_minor": 5}
STYLES = {
    "as jupyter writes": json.dumps(NOTEBOOK, indent=1, ensure_ascii=False) + "\n",
    "two spaces": json.dumps(NOTEBOOK, indent=2, ensure_ascii=False),
    "one line, ASCII": json.dumps(NOTEBOOK),
    "compact": json.dumps(NOTEBOOK, separators=(",", ":")),
    "CRLF": json.dumps(NOTEBOOK, indent=1).replace("\n", "\r\n"),
    "keys in another order": json.dumps(NOTEBOOK, sort_keys=True, indent="\t"),
}


def notebook(document: str) -> Source:
    return Source.from_bytes(document.encode(), "module.ipynb")


def conv(source: Source) -> Place:
    return next(
        Place(source.path, header.index, node.at)
        for header in source.statements
        for node in walk(source.lower(header.index))
        if isinstance(node, ir.Call) and isinstance(node.func, ir.Attribute) and node.func.attr == "Conv2d"
    )


@pytest.mark.parametrize("document", STYLES.values(), ids=STYLES)
def test_an_unchanged_notebook_keeps_every_byte(document: str) -> None:
    source = notebook(document)
    assert source.problem is None
    assert source.encode(source.text) == document.encode()


def test_names_of_all_code_cells() -> None:
    names = [name for header in notebook(STYLES["compact"]).statements for name in header.names]
    assert names == ["nn", "é", "model", "b"]


@pytest.mark.parametrize("document", STYLES.values(), ids=STYLES)
def test_places_count_within_their_cell(document: str) -> None:
    source = notebook(document)
    span = source.argument_value_span(conv(source), "padding")
    assert span is not None
    assert (span.cell, span.start, span.end) == (5, Position(2, 33), Position(2, 34))
    assert source.text_of(span) == "1"
    (directive,) = directives(source)
    assert isinstance(directive, Directive)
    assert (directive.span.cell, directive.span.start) == (5, Position(2, 37))


@pytest.mark.parametrize("document", STYLES.values(), ids=STYLES)
@pytest.mark.parametrize("value", ["2", "'same'", "(1,\n  'é')", '"\\""'], ids=["number", "string", "lines", "escapes"])
def test_a_change_touches_only_its_line(document: str, value: str) -> None:
    source = notebook(document)
    span = source.argument_value_span(conv(source), "padding")
    assert span is not None
    start, end = source.offset(span.start, span.cell), source.offset(span.end, span.cell)
    changed = source.encode(source.text[:start] + value + source.text[end:]).decode()

    wanted = json.loads(document)
    lines = "".join(wanted["cells"][4]["source"]).replace("padding=1", f"padding={value}").splitlines(keepends=True)
    wanted["cells"][4]["source"] = lines
    assert json.loads(changed) == wanted
    prefix = document.index("model = nn")
    assert changed[:prefix] == document[:prefix]
    suffix = len(document) - document.index("# padlint: same")
    assert changed[-suffix:] == document[-suffix:]


def test_a_source_that_is_one_string_stays_one() -> None:
    document = json.dumps({"cells": [{"cell_type": "code", "source": "x = 1\ny = 2"}]}, indent=1)
    source = notebook(document)
    changed = source.encode(source.text.replace("y = 2", "y = 3\nz = 'é'"))
    assert changed.decode() == document.replace("y = 2", "y = 3\\nz = '\\u00e9'")


def test_a_change_over_the_border_of_a_cell_is_refused() -> None:
    source = notebook(
        json.dumps({"cells": [{"cell_type": "code", "source": "x = 1"}, {"cell_type": "code", "source": "y"}]})
    )
    with pytest.raises(UnreadableError, match="border of cell"):
        source.encode("x = 1\ny\n")


MAGICS = {
    "%timeit f(1)\nx = 1": ["x"],
    "!ls\nx = 1": ["x"],
    "x = !ls\ny = 1": ["x", "y"],
    "x = %time f(1)\ny = 1": ["x", "y"],
    "?f\nf??\nx = 1": ["x"],
    "x = 7 % 3": ["x"],
    "x = (7\n% 3)\ny = 'a?'": ["x", "y"],
    "x = '''\n%s\n!'''": ["x"],
    "for a in b:\n    !echo {a}\nx = 1": ["a", "x"],
    "%%capture out\nx = 1": ["out", "x"],
    "%%html\n<b>x = 1</b>": [],
    "%load_ext a \\\n  b\nx = 1": ["x"],
    "await f(1)\nx = 1": ["x"],
    " x = 1\n y = 2": ["x", "y"],
    "\n  x = [\n1]\n  %time f()\ny = 2": ["x", "y"],
    "  # a comment\nx = 1": ["x"],
    "  # a comment\n  x = 1": ["x"],
    "# %% padlint cell 1\nx = 1": ["x"],
    "# %% padlint\n%time\nx = 1": ["x"],
}


@pytest.mark.parametrize(("cell", "names"), MAGICS.items())
def test_what_is_not_python_does_not_disturb_what_is(cell: str, names: list[str]) -> None:
    document = json.dumps({"cells": [{"cell_type": "code", "source": cell}]})
    source = notebook(document)
    assert source.problem is None
    assert [name for header in source.statements for name in header.names] == names
    assert source.encode(source.text) == document.encode()


def of_cells(*cells: object, **metadata: object) -> Source:
    return notebook(json.dumps({"cells": [code(each) for each in cells], "metadata": metadata}))


def code(cell: object) -> object:
    return {"cell_type": "code", "source": cell} if isinstance(cell, str) else cell


def test_a_syntax_error_has_its_cell_and_the_others_are_read() -> None:
    source = of_cells("x = 1\n", {"cell_type": "markdown"}, "y = 1\nz = = 1", "w = 1", "v = (")
    assert source.problem is None
    found = [(each.message, each.span.cell, each.span.start) for each in source.problems]
    assert found == [(*said_by_python("y = 1\nz = = 1", 3),), (*said_by_python("v = (", 5),)]
    assert [name for header in source.statements for name in header.names if name in "xw"] == ["x", "w"]
    assert source.encode(source.text.replace("w = 1", "w = 2")) == notebook_bytes(source).replace(b"w = 1", b"w = 2")


def notebook_bytes(source: Source) -> bytes:
    return source.encode(source.text)


def said_by_python(cell: str, number: int) -> tuple[str, int, Position]:
    """What Python says of a cell, and where."""
    with pytest.raises(SyntaxError) as caught:
        ast.parse(cell)
    return caught.value.msg, number, Position(caught.value.lineno or 0, caught.value.offset or 0)


BROKEN = {
    "net = nn.Linear(": {"net"},
    "a, (b, *c) = f(d, e=3": {"a", "b", "c"},
    "for a, b in c:\nd.append(1)": {"a", "b"},
    "import a.b, c as d\nfrom e import (f,\n g\nx = = 1": {"a", "d", "f", "g", "x"},
    "def a(:\n  pass\nclass B(:\n  pass": {"a", "B"},
    "with f(x) as a, g as b:": {"a", "b"},
    "x: int = = 3": {"x"},
    "x += = 3\ny[0] = 1\nz.w = 2": {"x", "y", "z"},
    "if (a := f(:": {"a"},
    "del x y": {"x"},
    "print 'x = 3'": set(),
    "This is our net, with torch. And nn.": set(),
}


@pytest.mark.parametrize(("cell", "names"), BROKEN.items())
def test_what_a_broken_cell_would_bind_is_bound_to_something_else(cell: str, names: set[str]) -> None:
    source = of_cells("import torch, nn\n" + "\n".join(f"{name} = 1" for name in sorted(names)), cell, "last = 1")
    assert [each.span.cell for each in source.problems] == [2]
    bound = [set(header.names) for header in source.statements]
    after = set[str]().union(*bound[len(names) + 1 : -1])
    assert names <= after and not after & {"torch", "nn"}


def test_what_hangs_on_a_changed_object_is_not_known_either() -> None:
    source = of_cells("a = [1]\nb = f(a)\nc = g(b)\nd = 1", "a[0] = = 2", "")
    assert set(source.statements[-1].names) == {"a", "b", "c"}


def test_a_notebook_in_another_language_has_no_code_and_says_so() -> None:
    document = json.dumps(NOTEBOOK | {"metadata": {"kernelspec": {"language": "julia"}}})
    source = notebook(document)
    assert (source.problems, source.statements, source.encode(source.text)) == ((), (), document.encode())
    assert [each.message for each in source.not_analysed] == ["not analysed: a notebook in julia"]


PASSED_OVER = {
    "%%custom\nimport torch": ["not analysed: a cell of %%custom"],
    "%%capture\n%%writefile a.py\nimport torch": ["not analysed: a cell of %%writefile"],
    "%%bash\npip install torch": [],
    "%%html\n<b>torch</b>": [],
    "%%time\nimport torch": [],
    "-" * 5000 + "1": ["not analysed: 5000 operators in one expression, more than 500"],
    "%a\n" * 600: ["not analysed: too many lines of IPython's"],
}


@pytest.mark.parametrize(("cell", "said"), PASSED_OVER.items(), ids=range(len(PASSED_OVER)))
def test_a_cell_that_is_passed_over_is_said(cell: str, said: list[str]) -> None:
    source = of_cells("x = 1", cell, "y = 1")
    assert source.problems == ()
    assert [(each.span.cell, each.message) for each in source.not_analysed] == [(2, each) for each in said]
    assert {"x", "y"} <= {name for header in source.statements for name in header.names}


def test_a_cell_in_another_language_is_said() -> None:
    cell = {"cell_type": "code", "source": "ls torch", "metadata": {"vscode": {"languageId": "shellscript"}}}
    source = of_cells("x = 1", cell)
    assert [(each.span.cell, each.message) for each in source.not_analysed] == [
        (2, "not analysed: a cell in shellscript")
    ]


NO_CELLS = {
    "number as source": ({"cell_type": "code", "source": 5}, "source is no text"),
    "null as source": ({"cell_type": "code", "source": None}, "source is no text"),
    "lists in lists": ({"cell_type": "code", "source": ["x = 1", ["y = 1"]]}, "source is no text"),
    "object as source": ({"cell_type": "code", "source": {"x": 1}}, "source is no text"),
    "no source": ({"cell_type": "code"}, "no source"),
    "no type": ({"source": "x = 1"}, "cell_type is missing"),
    "another type": ({"cell_type": "heading", "source": "x"}, 'cell_type is "heading"'),
    "list as type": ({"cell_type": ["code"], "source": "x"}, 'cell_type is ["code"]'),
    "number": (5, "not an object"),
    "null": (None, "not an object"),
    "null character": ("x = 1\0", "null"),
    "half a character": ("x = '\ud800'", "surrogates"),
}


@pytest.mark.parametrize(("cell", "message"), NO_CELLS.values(), ids=NO_CELLS)
def test_a_cell_that_is_none_is_a_problem_of_its_own(cell: object, message: str) -> None:
    source = of_cells("x = 1", cell, "y = 1")
    (problem,) = source.problems
    assert (problem.span.cell, source.problem) == (2, None)
    assert message in problem.message
    assert {name for header in source.statements for name in header.names} == {"x", "y"}
    assert json.loads(source.encode(source.text.replace("y = 1", "y = 2")))["cells"][1] == code(cell)


REFUSED = {
    "no JSON": ("{", "not a notebook"),
    "empty": ("", "not a notebook"),
    "a list": ("[]", "not a notebook"),
    "no cells": ("{}", "no cells"),
    "cells that are none": ('{"cells": 3}', "no cells"),
    "not closed": ('{"cells": [{"cell_type": "code", "source": "x"', "not a notebook"),
    "deep": ('{"cells": ' + "[" * 100_000, "not a notebook"),
    "object of cells": ('{"cells": {}}', "no cells"),
    "nbformat 3": ('{"worksheets": [{"cells": []}], "nbformat": 3}', "no cells (nbformat 4 has them)"),
    "more behind it": ('{"cells": []} {}', "not a notebook"),
    "a number of 5000 digits": ('{"cells": [], "n": ' + "1" * 5000 + "}", "not a notebook"),
}


@pytest.mark.parametrize(("document", "message"), REFUSED.values(), ids=REFUSED)
def test_what_is_no_notebook_is_a_problem(document: str, message: str) -> None:
    problem = notebook(document).problem
    assert problem is not None
    assert message in problem.message
