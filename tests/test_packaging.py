"""The rules' pages are found in a wheel, an editable install and a checkout; the README keeps to what is there."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from padlint import commands
from padlint.pages import pages

REPOSITORY = Path(__file__).resolve().parents[1]
LIST = "from padlint.pages import folder, pages; print(folder()); print(*pages())"


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, unpacked as pip does it."""
    target = tmp_path_factory.mktemp("site")
    command = [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--target", str(target), str(REPOSITORY)]
    subprocess.run(command, check=True, capture_output=True, timeout=300)
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


def test_the_readme_has_two_commands_that_need_python_and_pip_alone() -> None:
    found = re.findall(r"^python3 -m venv .*$", (REPOSITORY / "README.md").read_text(), flags=re.MULTILINE)
    assert len(found) == 2
    assert all(
        word.startswith((".venv/bin/", "python3")) for line in found for word in re.findall(r"(?:^|&& )(\S+)", line)
    )


def test_the_readme_names_no_command_that_does_not_exist() -> None:
    named = set(
        re.findall(
            r"padlint ([a-z]+)\b(?= |`|$)",
            "\n".join(re.findall(r"`(padlint [^`]*)`", (REPOSITORY / "README.md").read_text())),
        )
    )
    assert named <= set(commands.names())
