"""Both hooks through the real pre-commit, from this repository: a bad model is rejected, fixed, and accepted."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).resolve().parents[1]
SHIPPED = ("padlint", "rules", "pyproject.toml", "README.md", "LICENSE", ".pre-commit-hooks.yaml")
BAD = """\
from torch import nn

# padlint: input=(N, 3, 30, 30)
net = nn.Sequential(
    nn.Conv2d(3, 8, kernel_size=5, padding=1),  # padlint: same
    nn.ReLU(),
)
"""
IDENTITY = {f"GIT_{who}_{what}": "a@b.c" for who in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")}


def run(*command: str, cwd: Path, home: Path) -> subprocess.CompletedProcess[str]:
    """Without the variables by which an outer git hook would reach these repositories."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    environment = {**kept, **IDENTITY, "PRE_COMMIT_HOME": str(home), "PRE_COMMIT_COLOR": "never"}
    return subprocess.run(command, cwd=cwd, env=environment, capture_output=True, text=True, timeout=1800)


def git(*arguments: str, cwd: Path) -> None:
    done = run("git", *arguments, cwd=cwd, home=cwd)
    assert done.returncode == 0, done.stderr


def commit(folder: Path) -> None:
    git("init", "-q", cwd=folder)
    git("add", "-A", cwd=folder)
    git("commit", "-q", "-m", "all", cwd=folder)


@pytest.fixture(scope="module")
def hooks(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """This checkout as a repository with a commit, so that pre-commit takes the files as they are now."""
    folder = tmp_path_factory.mktemp("hooks") / "repository"
    folder.mkdir()
    for name in SHIPPED:
        source = REPOSITORY / name
        if source.is_dir():
            shutil.copytree(source, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy2(source, folder / name)
    commit(folder)
    return folder


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where pre-commit keeps what it installs; once for all tests."""
    return tmp_path_factory.mktemp("home")


def hook(name: str, hooks: Path, home: Path, project: Path) -> subprocess.CompletedProcess[str]:
    command = (sys.executable, "-m", "pre_commit", "try-repo", str(hooks), name, "--all-files", "--verbose")
    return run(*command, cwd=project, home=home)


def test_a_bad_model_is_rejected_fixed_and_accepted(hooks: Path, home: Path, tmp_path: Path) -> None:
    (tmp_path / "net.py").write_text(BAD)
    (tmp_path / "notes.md").write_text("nn.Conv2d(3, 8, 3, padding='same', stride=2)\n")
    commit(tmp_path)

    rejected = hook("padlint", hooks, home, tmp_path)
    assert rejected.returncode == 1, rejected.stdout + rejected.stderr
    assert "net.py:5:5" in rejected.stdout
    assert "PAD201" in rejected.stdout
    assert (tmp_path / "net.py").read_text() == BAD

    fixed = hook("padlint-fix", hooks, home, tmp_path)
    assert fixed.returncode == 1, "a hook that changes files fails"
    assert "files were modified by this hook" in fixed.stdout
    assert (tmp_path / "net.py").read_text() == BAD.replace("padding=1", "padding=2")

    for name in ("padlint-fix", "padlint"):
        accepted = hook(name, hooks, home, tmp_path)
        assert accepted.returncode == 0, accepted.stdout + accepted.stderr


def test_excluded_files_are_not_checked_though_pre_commit_names_them(hooks: Path, home: Path, tmp_path: Path) -> None:
    (tmp_path / "generated").mkdir()
    (tmp_path / "generated" / "net.py").write_text(BAD)
    (tmp_path / "pyproject.toml").write_text('[tool.padlint]\nextend-exclude = ["generated"]\n')
    commit(tmp_path)
    accepted = hook("padlint", hooks, home, tmp_path)
    assert accepted.returncode == 0, accepted.stdout + accepted.stderr
