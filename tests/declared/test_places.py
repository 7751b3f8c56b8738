"""Every directive counts: a wrong model is found, a right one is silent, or the directive is said not to be used."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest

from padlint.cli import main

from . import programs
from .programs import CLASS, NOT_FOLLOWED, PLACE, RIGHT, WRONG, Program

Codes = Mapping[str, set[tuple[str, str]]]


def codes_of(folder: Path, files: Mapping[str, str], named: Sequence[str] = (), *options: str) -> Codes:
    """(code, severity) of the findings in each file, all checked at once."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in files.items():
        (folder / name).write_text(text, encoding="utf-8")
    report = folder / "report.json"
    paths = [str(folder / name) for name in named or files if not name.endswith("reference.py")]
    assert main(["check", "--isolated", "--no-cache", f"--output-format=json:{report}", *options, *paths]) in (0, 1)
    found: dict[str, set[tuple[str, str]]] = {name: set() for name in files}
    for each in json.loads(report.read_text(encoding="utf-8")):
        found.setdefault(os.path.basename(each["path"]), set()).add((each["code"], each["severity"]))
    return found


def checked(folder: Path, twins: Sequence[Program]) -> Codes:
    return codes_of(folder, {**{each.file: each.text for each in twins}, "reference.py": programs.KERAS})


def test_torch_and_keras_say_which_twin_is_right(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KERAS_BACKEND", "torch")
    import torch

    names: dict[str, object] = {}
    exec(programs.KERAS, names)
    model = names["model"]
    wanted = tuple(model.output_shape)  # type: ignore[attr-defined]
    for padding in (RIGHT, WRONG):
        for takes in programs.TAKES:
            text, given = programs.net("", takes, padding)
            names = {}
            exec(f"{programs.HEAD}{text}\nmade = Net({given})\n", names)
            shape = tuple(names["made"](torch.zeros(2, 3, 32, 32)).shape)  # type: ignore[operator]
            assert (shape == (2, 4, 32, 32)) == (padding == RIGHT)
            assert ((shape[2], shape[3], shape[1]) == wanted[1:]) == (padding == RIGHT)


def judged(found: Codes, twins: Sequence[Program]) -> None:
    for each in twins:
        codes = {code for code, _ in found[each.file]}
        assert (codes == set()) if each.right else (codes and "PAD002" not in codes), (each.name, each.right, codes)


@pytest.mark.parametrize("takes", programs.TAKES)
def test_a_directive_on_a_class_is_for_what_is_built_from_it(takes: str, tmp_path: Path) -> None:
    uses = {name: use for name, use in CLASS.items() if name != "nobody"}
    twins = [each for each in programs.twins(uses, on_class=True) if f" {takes} " in each.name]
    judged(checked(tmp_path, twins), twins)


def test_only_where_nobody_builds_a_class_its_defaults_are_judged(tmp_path: Path) -> None:
    twins = [each for each in programs.twins({"nobody": ""}, on_class=True) if " defaults " in each.name]
    found = checked(tmp_path, twins)
    for each in twins:  # its defaults are those of the other twin
        assert bool(found[each.file]) == each.right, each.name


@pytest.mark.parametrize("takes", programs.TAKES)
def test_a_directive_where_an_instance_is_made_is_for_it(takes: str, tmp_path: Path) -> None:
    twins = [each for each in programs.twins(PLACE, on_class=False) if f" {takes} " in each.name]
    judged(checked(tmp_path, twins), twins)


def test_what_was_not_followed_is_told_and_fails_no_run(tmp_path: Path) -> None:
    twins = list(programs.twins(NOT_FOLLOWED, on_class=False))
    found = checked(tmp_path, twins)
    for each in twins:
        assert found[each.file] == {("PAD002", "information")}, (each.name, found[each.file])


@pytest.mark.parametrize("named", (("net.py", "main.py"), ("net.py",), ("main.py",)), ids=str)
@pytest.mark.parametrize("kind", programs.WORDS)
@pytest.mark.parametrize("takes", programs.TAKES)
def test_what_another_file_builds_counts_whichever_file_is_named(
    takes: str, kind: str, named: tuple[str, ...], tmp_path: Path
) -> None:
    for padding in (RIGHT, WRONG):
        text, given = programs.net(f"# padlint: {programs.WORDS[kind]}\n", takes, padding)
        files = {"net.py": programs.HEAD + text, "main.py": f"from net import Net\n\nmodel = Net({given})\n"}
        files["reference.py"] = programs.KERAS
        found = codes_of(tmp_path / str(padding), files, named)
        codes = {code for each in found.values() for code, _ in each}
        if padding == RIGHT:
            assert codes == set()
        elif (
            len(named) == 2
        ):  # the mistake of a layer is told in its own file, a number that is passed on where it is given
            assert codes and "PAD002" not in codes


@pytest.mark.parametrize("padding", (RIGHT, WRONG))
def test_an_instance_in_a_file_that_names_no_torch(padding: int, tmp_path: Path) -> None:
    text, given = programs.net("", "arguments", padding)
    made = f"from net import Net\n\nmodel = Net({given})  # padlint: {programs.WORDS['shapes']}\n"
    found = codes_of(tmp_path, {"net.py": programs.HEAD + text, "main.py": made})
    assert bool([code for each in found.values() for code, _ in each]) == (padding == WRONG)


@pytest.mark.parametrize("kind", programs.WORDS)
def test_a_notebook_is_a_file_like_others(kind: str, tmp_path: Path) -> None:
    files = {"reference.py": programs.KERAS}
    for padding in (RIGHT, WRONG):
        text, given = programs.net(f"# padlint: {programs.WORDS[kind]}\n", "arguments", padding)
        cells = [programs.HEAD, text, f"model = Net({given})\n"]
        book = [
            {"cell_type": "code", "metadata": {}, "outputs": [], "execution_count": None, "source": c} for c in cells
        ]
        whole = {"cells": book, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}
        files[f"{padding}.ipynb"] = json.dumps(whole)
    found = codes_of(tmp_path, files)
    assert found[f"{RIGHT}.ipynb"] == set()
    assert found[f"{WRONG}.ipynb"] and "PAD002" not in dict(found[f"{WRONG}.ipynb"])
