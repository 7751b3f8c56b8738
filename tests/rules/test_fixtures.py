"""Source that must be reported, and near misses that must not: padlint says so, and torch is asked whether it is true.

`fixtures/PAD201_bad.py` holds one case for each way to be wrong, `fixtures/PAD201_good.py` what looks like it and is
right.
"""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

from padlint.checks import rules
from tests.rules.conftest import Linter
from tests.rules.examples import Example, cases
from tests.rules.judge import run, shape

FOLDER = Path(__file__).parent / "fixtures"
_GIVES = re.compile(r"# padlint: [^#]*# .*\bgives (\(.*\))$", re.MULTILINE)
_LEAST_NEAR_MISSES = 60


def collected(kind: str) -> list[tuple[str, Example]]:
    """(code, case) of all fixtures of a kind."""
    return [(path.name[:6], case) for path in sorted(FOLDER.glob(f"*_{kind}.py")) for case in cases(path)]


def parameters(kind: str, least: str = "PAD001") -> list[object]:
    """The cases of the rules from a code on."""
    return [pytest.param(code, case, id=str(case)) for code, case in collected(kind) if code >= least]


def options(code: str) -> list[str]:
    """A rule that is switched on by its name alone is switched on here."""
    return [f"--extend-select={code}"] if rules()[code].severity == "information" else []


def test_every_rule_has_both_fixtures() -> None:
    about_files = {"PAD001"}  # its cases are no Python, so they stand in this file
    for kind in ("good", "bad"):
        assert {code for code, _ in collected(kind)} == set(rules()) - about_files


def test_there_are_many_near_misses() -> None:
    assert len(collected("good")) >= _LEAST_NEAR_MISSES
    assert len(set(map(str, (case for _, case in collected("good"))))) == len(collected("good"))


@pytest.mark.parametrize(("code", "case"), parameters("bad"))
def test_padlint_reports_exactly_what_is_marked(code: str, case: Example, linter: Linter) -> None:
    assert {marked for _, marked in case.expected} == {code}
    found = linter.check(case.text, *options(code))
    assert [(each.line, each.code) for each in found] == list(case.expected), found


@pytest.mark.parametrize(("code", "case"), parameters("good"))
def test_padlint_is_silent_about_near_misses(code: str, case: Example, linter: Linter) -> None:
    assert case.expected == ()
    assert linter.check(case.text, *options(code)) == []


@pytest.mark.parametrize(("code", "case"), parameters("good"))
def test_torch_runs_the_near_misses(code: str, case: Example) -> None:
    outcomes = run(case.text)
    assert outcomes
    assert [outcome for outcome in outcomes if outcome.raised or outcome.stated not in (None, outcome.shape)] == []


@pytest.mark.parametrize(("code", "case"), parameters("bad", least="PAD101"))
def test_torch_refuses_the_others_or_gives_another_shape(code: str, case: Example) -> None:
    outcomes = run(case.text)
    if told := _GIVES.findall(case.text):
        assert [outcome for outcome in outcomes if outcome.raised] == []
        assert outcomes[-1].shape == shape(told[-1], {})
    else:
        assert [outcome for outcome in outcomes if outcome.raised or outcome.stated not in (None, outcome.shape)]


@pytest.mark.parametrize(("code", "case"), parameters("bad"))
def test_what_is_fixed_is_clean_and_torch_runs_it(code: str, case: Example, linter: Linter) -> None:
    reported = linter.check(case.text, *options(code))
    fixed = linter.fixed(case.text, *options(code))
    assert (fixed != case.text) is any(each.fix for each in reported)
    left = linter.check(fixed, *options(code))
    assert len(left) == sum(each.fix is None for each in reported)
    if not left:
        assert [
            outcome for outcome in run(fixed) if outcome.raised or outcome.stated not in (None, outcome.shape)
        ] == []


# ---------------------------------------------------------------- PAD001: Python itself is the judge

IMPORT = "from torch import nn\n"


@pytest.mark.parametrize(
    "text",
    [
        IMPORT + "net = nn.Sequential(\n    nn.ReLU(),\n",
        IMPORT + "net = nn.Sequential(nn.Conv2d(3, 8 3))\n",
        IMPORT + "net = nn.Sequential(\n    nn.ReLU())\n)\n",
        IMPORT + "if True:\nnet = nn.Sequential(nn.ReLU())\n",
        IMPORT + "net = nn.Sequential(nn.ReLU()) # 1\n  odd = 1\n",
        IMPORT + "text = 'never closed\n",
        IMPORT + "net = nn.Sequential(nn.Conv2d(3, 8, kernel_size=3, 1))\n",
    ],
    ids=["never closed", "comma", "closed twice", "not indented", "indented", "string", "positional after keyword"],
)
def test_PAD001_stands_where_python_says(text: str, linter: Linter) -> None:
    with pytest.raises(SyntaxError) as error:
        compile(text, "example.py", "exec")
    found = linter.check(text)
    assert [(each.line, each.code) for each in found] == [(error.value.lineno, "PAD001")]
    assert str(error.value.msg) in found[0].message
    assert linter.fixed(text) == text


@pytest.mark.parametrize(
    "text",
    [
        "\ufeff" + IMPORT + "net = nn.Sequential(nn.ReLU())\n",
        IMPORT + "\x0c\nnet = nn.Sequential(nn.ReLU())\n",
        IMPORT + "\tnet = 1\n".replace("\t", "if True:\r\n\t"),
        IMPORT + "match 1:\n    case int(x) if x > 0:\n        net = nn.Sequential(nn.ReLU())\n",
        IMPORT + "names = [name := 'é', f'{name!r:>{10}}', rb'\\x00', 1_000, ...]\nnet = nn.Sequential(nn.ReLU())\n",
        IMPORT + "net = nn.Sequential(nn.ReLU())",
        IMPORT + "async def f():\n    async with a as b, c: await b\nnet = nn.Sequential(nn.ReLU())\n",
    ],
    ids=["BOM", "form feed", "tab and CRLF", "match", "literals", "no last newline", "async"],
)
def test_PAD001_is_silent_where_python_parses(text: str, linter: Linter) -> None:
    ast.parse(text.encode())
    assert linter.check(text) == []
