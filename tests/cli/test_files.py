"""Which files are looked at: git itself is the judge of .gitignore."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from padlint.config_files import Configurations
from padlint.disk import Disk
from padlint.files import Files, discover


def tree(folder: Path, *names: str) -> None:
    for name in names:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text("")


def found(*paths: str, **values: object) -> list[str]:
    return [path for path, _ in looked_at(*paths, **values).found]


def looked_at(*paths: str, **values: object) -> Files:
    return discover(
        paths, Configurations({key.replace("_", "-"): value for key, value in values.items()}).for_directory, Disk()
    )


def test_python_and_notebooks_in_folders_sorted_each_once(folder: Path) -> None:
    tree(folder, "b.py", "a/z.py", "a/n.ipynb", "a/readme.md", "a/data.pyc", "venv/x.py", ".git/hook.py")
    assert found(".", "b.py", "./a") == ["a/n.ipynb", "a/z.py", "b.py"]


def test_named_files_are_always_looked_at(folder: Path) -> None:
    tree(folder, "script", "venv/x.py", "build/y.py")
    assert found("script", "venv/x.py", "build") == ["script", "venv/x.py", "build/y.py"]


def test_a_named_folder_is_looked_into_even_if_it_is_excluded_or_ignored(folder: Path) -> None:
    tree(folder, "venv/x.py", "venv/venv/y.py", "gen/z.py", "gen/gen/w.py")
    (folder / ".git").mkdir()
    (folder / ".gitignore").write_text("gen\n")
    assert found("venv", "gen", ".") == ["venv/x.py", "gen/gen/w.py", "gen/z.py"]


def test_force_exclude_holds_for_named_files(folder: Path) -> None:
    tree(folder, "ok.py", "venv/x.py", "gen/deep/y.py")
    assert found("ok.py", "venv/x.py", "gen/deep/y.py", force_exclude=True, extend_exclude=["/gen"]) == ["ok.py"]


@pytest.mark.parametrize(
    ("patterns", "left"),
    [
        (["gen"], ["a/b.py", "a/gen.py", "top.py"]),
        (["a/*.py"], ["a/gen/x.py", "gen/y.py", "top.py"]),
        (["/gen/"], ["a/b.py", "a/gen.py", "a/gen/x.py", "top.py"]),
        (["**/gen.py", "top.py"], ["a/b.py", "a/gen/x.py", "gen/y.py"]),
        (["*.py", "!top.py"], ["top.py"]),
    ],
)
def test_exclude_reads_patterns_as_gitignore_does(folder: Path, patterns: list[str], left: list[str]) -> None:
    tree(folder, "top.py", "a/b.py", "a/gen.py", "a/gen/x.py", "gen/y.py")
    assert sorted(found(".", exclude=patterns)) == left


@pytest.mark.parametrize(
    "ignores",
    [
        {".gitignore": "*.gen.py\n/only_here.py\n"},
        {".gitignore": "out/\n!out/\n"},
        {".gitignore": "sub/*\n!sub/keep.py\n"},
        {".gitignore": "*.py\n", "sub/.gitignore": "!keep.py\n"},
        {".gitignore": "deep\n", "sub/.gitignore": "keep.py\n# x.py\n\\!odd.py\n"},
        {".gitignore": "sub/deep/\n"},
        {".gitignore": "**/deep/*.py\nsub/[a-k]*.py\r\n"},
    ],
)
@pytest.mark.parametrize("start", [".", "sub"])
def test_gitignore_as_git_does(folder: Path, ignores: dict[str, str], start: str) -> None:
    tree(folder, "x.py", "x.gen.py", "only_here.py", "out/x.py", "sub/keep.py", "sub/only_here.py", "sub/!odd.py")
    tree(folder, "sub/deep/x.py", "sub/deep/keep.py", "deep.py")
    for name, text in ignores.items():
        (folder / name).write_text(text)
    subprocess.run(["git", "init", "-q"], check=True)
    command = ["git", "ls-files", "-z", "--others", "--exclude-standard", "--", start]
    listed = subprocess.run(command, check=True, capture_output=True, text=True).stdout.split("\0")
    assert sorted(found(start)) == sorted(name for name in listed if name.endswith(".py"))


def test_missing_paths_are_problems_empty_folders_warnings(folder: Path) -> None:
    (folder / "empty").mkdir()
    tree(folder, "a.py")
    files = looked_at("a.py", "missing.py", "empty")
    assert [path for path, _ in files.found] == ["a.py"]
    assert files.problems == ("missing.py: No such file or directory",)
    assert files.warnings == ("no Python files in empty",)


def test_links_to_folders_are_not_followed_and_do_not_loop(folder: Path) -> None:
    tree(folder, "a/x.py")
    (folder / "a/loop").symlink_to(folder)
    assert found(".") == ["a/x.py"]


def test_every_file_has_the_settings_of_its_folder(folder: Path) -> None:
    tree(folder, "a/x.py", "b/y.py")
    (folder / "a/padlint.toml").write_text('fail-on = "error"\n')
    assert [settings.fail_on for _, settings in looked_at(".").found] == ["error", "warning"]
