"""The rules' pages are found in a wheel, an editable install and a checkout; the README keeps to what is there."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from padlint.checks import rules
from padlint.cli import main
from padlint.config_files import load
from padlint.disk import Disk
from padlint.pages import pages
from padlint.select import selection

REPOSITORY = Path(__file__).resolve().parents[1]
LIST = "from padlint.pages import folder, pages; print(folder()); print(*pages())"


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, unpacked as pip does it."""
    target = tmp_path_factory.mktemp("site")
    command = [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--target", str(target), str(REPOSITORY)]
    subprocess.run(command, check=True, capture_output=True, timeout=1800)
    return target


def listed(path: Path, cwd: Path) -> list[str]:
    environment = {**os.environ, "PYTHONPATH": str(path)}
    command = [sys.executable, "-c", LIST]
    done = subprocess.run(command, cwd=cwd, env=environment, check=True, capture_output=True, text=True)
    return done.stdout.splitlines()


def test_a_wheel_holds_the_pages(site: Path, tmp_path: Path) -> None:
    assert listed(site, tmp_path) == [str(site / "padlint" / "rules"), " ".join(pages())]


def test_a_checkout_and_an_editable_install_find_them_beside_the_package(tmp_path: Path) -> None:
    assert listed(REPOSITORY, tmp_path) == [str(REPOSITORY / "rules"), " ".join(pages())]


def test_a_wheel_holds_the_types_and_nothing_beside_the_package(site: Path) -> None:
    assert (site / "padlint" / "py.typed").is_file()
    top = {path.name for path in site.iterdir() if not path.name.endswith(".dist-info")}
    assert top == {"padlint", "bin"}


README = (REPOSITORY / "README.md").read_text(encoding="utf-8")


def test_the_readme_has_two_commands_that_need_python_and_pip_alone() -> None:
    found = re.findall(r"^python3 -m venv .*$", README, flags=re.MULTILINE)
    assert len(found) == 2
    for line in found:
        assert all(part.startswith((".venv/bin/", "python3 ")) for part in line.split(" && "))


@pytest.mark.parametrize(
    "command", ["check --quiet examples", "shapes --quiet examples", "solve --input 30 --kernel 4 --same"]
)
def test_the_readme_shows_what_padlint_prints(
    command: str, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(REPOSITORY)
    main(command.split())
    assert f"\n{capfd.readouterr().out.rstrip()}\n```\n" in README


def test_the_task_for_vs_code_reads_what_padlint_prints(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    [block] = re.findall(r"^```json\n(.*?)^```$", README, flags=re.MULTILINE | re.DOTALL)
    [task] = json.loads(block)["tasks"]
    pattern = task["problemMatcher"]["pattern"]
    monkeypatch.chdir(REPOSITORY)
    main([*task["command"].split()[1:], "examples"])
    lines = capfd.readouterr().out.splitlines()
    matches = [re.search(pattern["regexp"], line) for line in lines]
    groups = ("file", "line", "column", "code")
    assert [match and tuple(match[pattern[group]] for group in groups) for match in matches] == [
        ("examples/small_cnn.py", "11", "13", "PAD201"),
        ("examples/small_cnn.py", "14", "13", "PAD101"),
        ("examples/small_cnn.py", "17", "13", "PAD103"),
    ]


def test_the_readme_lists_every_rule_with_its_page() -> None:
    listed = re.findall(
        r"^\| \[(PAD\d{3})\]\(rules/(PAD\d{3})\.md\) \| ([a-z0-9-]+) \| (.+) \|$", README, flags=re.MULTILINE
    )
    assert listed == [(page.code, page.code, page.name, page.summary) for page in pages().values()]


def test_the_configuration_of_the_readme_is_understood(tmp_path: Path) -> None:
    blocks = re.findall(r"^```toml\n(.*?)^```$", README, flags=re.MULTILINE | re.DOTALL)
    assert len(blocks) == 2
    for number, block in enumerate(blocks):
        path = tmp_path / str(number) / "pyproject.toml"
        path.parent.mkdir()
        path.write_text(block)
        selection(load(str(path), Disk()), rules())
