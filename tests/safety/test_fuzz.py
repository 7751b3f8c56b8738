"""Mutated and random sources, comments, configurations and notebooks: an answer in its format, soon, and no traceback.

HYPOTHESIS_PROFILE=long tries 25 times as many, other ones each time.
"""

from __future__ import annotations

import ast
import io
import json
import random
import re
import time
import warnings
from collections.abc import Callable
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path

import hypothesmith
import pytest
from hypothesis import given
from hypothesis import strategies as st

from padlint.cli import main
from tests.profiles import examples

TESTS = Path(__file__).resolve().parents[1]
MODELS = sorted([*(TESTS / "cases" / "bad").glob("*.py"), *(TESTS / "rules" / "fixtures").glob("*.py")])
SECONDS = 60.0
TOKEN = re.compile(r"\w+|\s+|[^\w\s]")
WORDS = (
    "nn Sequential Conv2d Linear self x padding kernel_size stride 'same' same valid ( ) [ ] { } , : = * ** / // % - + . 0 1"
    " 2 3 7 64 -1 None True lambda for in if else def class return yield await async match case with try import from # \\ \n"
).split(" ")


class Checks:
    """One command line in this process: its exit code, and its output; a file in a folder of its own."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def run(self, *words: str) -> tuple[int, str, str]:
        out, err = io.StringIO(), io.StringIO()
        began = time.process_time()
        with redirect_stdout(out), redirect_stderr(err):
            code = main(words)
        assert time.process_time() - began < SECONDS
        assert code in (0, 1, 2)
        assert "Traceback" not in err.getvalue()
        assert (code == 2) == any(line.startswith("padlint: ") for line in err.getvalue().splitlines())
        return code, out.getvalue(), err.getvalue()

    def source(self, data: bytes, name: str = "main.py") -> None:
        """Checks a text, and fixes it: what is fixed parses, and stays as it is under a second run."""
        path = self.folder / name
        path.write_bytes(data)
        quiet = ("--quiet", "--no-cache", "--isolated", str(path))
        code, out, _ = self.run("check", "--output-format", "json", *quiet)
        assert (code == 1) == any(finding["severity"] != "information" for finding in json.loads(out))
        self.run("shapes", "--output-format", "json", *quiet)
        self.run("check", "--fix", "--unsafe-fixes", *quiet)
        fixed = path.read_bytes()
        if fixed != data:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                if name.endswith(".py"):
                    ast.parse(fixed)
            self.run("check", "--fix", "--unsafe-fixes", *quiet)
            assert path.read_bytes() == fixed


@pytest.fixture(scope="module")
def checks(tmp_path_factory: pytest.TempPathFactory) -> Checks:
    return Checks(tmp_path_factory.mktemp("fuzz"))


# ---------------------------------------------------------------- mutations of models


def _tokens(text: str, chance: random.Random) -> str:
    """Delete, repeat, swap or replace words and signs."""
    parts = TOKEN.findall(text)
    for _ in range(chance.randint(1, 6)):
        one, other = chance.randrange(len(parts)), chance.randrange(len(parts))
        what = chance.randrange(4)
        if what == 0:
            parts[one] = ""
        elif what == 1:
            parts[one] *= 2
        elif what == 2:
            parts[one], parts[other] = parts[other], parts[one]
        else:
            parts[one] = chance.choice(WORDS)
    return "".join(parts)


def _lines(text: str, chance: random.Random) -> str:
    """The same with lines, and the end cut off."""
    lines = text.splitlines(keepends=True)
    for _ in range(chance.randint(1, 4)):
        one, other = chance.randrange(len(lines)), chance.randrange(len(lines))
        what = chance.randrange(5)
        if what == 0:
            lines[one] = ""
        elif what == 1:
            lines[one] *= 2
        elif what == 2:
            lines[one], lines[other] = lines[other], lines[one]
        elif what == 3:
            lines[one] = " " * chance.randrange(9) + lines[one].lstrip(" ")
        else:
            return "".join(lines)[: chance.randrange(len(text)) + 1]
    return "".join(lines)


def _numbers(text: str, chance: random.Random) -> str:
    """Other numbers: the text parses as before, and has other shapes."""
    choice = ("0", "1", "2", "3", "4", "5", "7", "16", "64", "-1", "10**9", "2**70", "1.5", "'same'", "k")
    return re.sub(r"\b\d+\b", lambda found: chance.choice(choice) if chance.random() < 0.2 else found[0], text)


MUTATIONS: dict[str, Callable[[str, random.Random], str]] = {"tokens": _tokens, "lines": _lines, "numbers": _numbers}


@pytest.mark.parametrize("mutation", MUTATIONS)
def test_mutated_models(checks: Checks, mutation: str) -> None:
    @given(model=st.sampled_from(MODELS), chance=st.randoms(use_true_random=False))
    @examples(40)
    def holds(model: Path, chance: random.Random) -> None:
        text = MUTATIONS[mutation](model.read_text(encoding="utf-8"), chance)
        checks.source(text.encode("utf-8", "surrogatepass"))

    holds()


# ---------------------------------------------------------------- any text


def test_any_program(checks: Checks) -> None:
    """Programs of Python's whole grammar, with a model behind them."""

    @given(program=hypothesmith.from_grammar())
    @examples(40)
    def holds(program: str) -> None:
        text = f"{program}\nfrom torch import nn\nnet = nn.Sequential(nn.ReLU(), nn.MaxPool2d(3, padding=2))\n"
        checks.source(text.encode("utf-8", "surrogatepass"))

    holds()


def test_any_words(checks: Checks) -> None:
    @given(words=st.lists(st.sampled_from(WORDS), max_size=80))
    @examples(60)
    def holds(words: list[str]) -> None:
        checks.source(("from torch import nn\n" + " ".join(words)).encode())

    holds()


def test_any_bytes(checks: Checks) -> None:
    @given(
        before=st.binary(max_size=40),
        declared=st.sampled_from(
            [b"", b"# coding: latin-1\n", b"# coding: utf-16\n", b"# coding: idna\n", b"\xef\xbb\xbf"]
        ),
        after=st.binary(max_size=40),
    )
    @examples(80)
    def holds(before: bytes, declared: bytes, after: bytes) -> None:
        checks.source(declared + before + b"\nimport torch.nn as nn\nnn.Sequential(nn.ReLU())\n" + after)

    holds()


# ---------------------------------------------------------------- comments, configurations, notebooks, baselines


ALPHABET = st.text(
    alphabet="(N, 3*)[]=-x/%+:PAD201ignore-file same,keras.py\t\N{GREEK SMALL LETTER ALPHA}", max_size=40
)


def test_any_directive(checks: Checks) -> None:
    words = st.sampled_from(
        ["input", "out", "same", "valid", "same-upper", "ignore", "ignore-file", "keras", "noqa", ""]
    )

    @given(directives=st.lists(st.tuples(words, ALPHABET), min_size=2, max_size=2))
    @examples(80)
    def holds(directives: list[tuple[str, str]]) -> None:
        first, second = (f"# padlint: {word}{text}" for word, text in directives)
        text = f"from torch import nn\n{first}\nnet = nn.Sequential(nn.Conv2d(3, 8, 3), nn.ReLU())  {second}\n"
        checks.source(text.encode("utf-8", "surrogatepass"))

    holds()


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=12,
)
KEYS = ("select", "ignore", "severity", "models", "exclude", "extend", "required-version", "fail-on", "search-path")
TOML = st.dictionaries(st.sampled_from(KEYS), st.recursive(
    st.booleans() | st.integers(-9, 9) | st.text(alphabet="PAD201*[!{é\\", max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(("input", "a*", "PAD2")), inner, max_size=3),
    max_leaves=6,
), max_size=4)  # fmt: skip


def _toml(value: object) -> str:
    if isinstance(value, dict):
        return "{" + ", ".join(f"{json.dumps(key)} = {_toml(each)}" for key, each in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(_toml, value)) + "]"
    return json.dumps(value)


def test_any_configuration(checks: Checks) -> None:
    @given(values=TOML)
    @examples(80)
    def holds(values: dict[str, object]) -> None:
        (checks.folder / "main.py").write_text("from torch import nn\nnet = nn.Sequential(nn.ReLU())\n")
        config = checks.folder / "any.toml"
        config.write_text("".join(f"{key} = {_toml(value)}\n" for key, value in values.items()))
        checks.run("check", "--quiet", "--no-cache", "--config", str(config), str(checks.folder / "main.py"))

    holds()


def test_any_notebook(checks: Checks) -> None:
    source = st.sampled_from(
        ["import torch.nn as nn", "%magic\n", "!ls", "x = (", "nn.Sequential(nn.MaxPool2d(3, padding=2))"]
    )
    cell = st.fixed_dictionaries(
        {
            "cell_type": st.sampled_from(["code", "markdown", "odd"]),
            "source": source | st.lists(source, max_size=3) | JSON,
        }
    )

    @given(cells=st.lists(cell | JSON, max_size=4) | JSON, whole=st.booleans(), cut=st.integers(0, 400))
    @examples(80)
    def holds(cells: object, whole: bool, cut: int) -> None:
        text = json.dumps({"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5})
        checks.source((text if whole else text[:cut]).encode("utf-8", "surrogatepass"), "main.ipynb")

    holds()


def test_any_baseline(checks: Checks) -> None:
    @given(document=JSON, findings=JSON, wrapped=st.booleans())
    @examples(60)
    def holds(document: object, findings: object, wrapped: bool) -> None:
        (checks.folder / "main.py").write_text("from torch import nn\nnet = nn.Sequential(nn.ReLU())\n")
        known = checks.folder / "known.json"
        known.write_text(json.dumps({"version": 1, "findings": findings} if wrapped else document))
        checks.run("check", "--quiet", "--no-cache", "--baseline", str(known), str(checks.folder / "main.py"))

    holds()


def test_the_models_are_there() -> None:
    assert len(MODELS) > 50
