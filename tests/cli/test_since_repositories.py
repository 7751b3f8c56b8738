"""`--since` in repositories of every kind; git makes them all, and says what is meant."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import sysconfig
from pathlib import Path

import pytest

from padlint.past import commit_of
from padlint.repository import repository_of
from padlint.sealed import Sealed, git_outside
from tests.cli.conftest import Done, Padlint
from tests.cli.test_since import NAME, TOP, git

FIRST = TOP.replace("(3, padding=2)", "(3, 1, 2)")
"""Only the first model changed: what is found is on line 9."""
SECOND = TOP.replace("(5, padding=3)", "(5, 1, 3)")
"""Only the second: line 16."""


def commit(text: str, message: str = "x", name: str = NAME) -> None:
    Path(name).parent.mkdir(parents=True, exist_ok=True)
    Path(name).write_text(text)
    git("add", "--", name)
    git("commit", "-q", "-m", message)


def places(done: Done) -> list[str]:
    """Path and line of what is shown."""
    assert done.err == ""
    return [":".join(line.split(":")[:2]) for line in done.out.splitlines()]


def shown(padlint: Padlint, revision: str, *words: str) -> list[str]:
    return places(padlint("check", "--quiet", "--output-format", "concise", "--since", revision, *words))


REVISIONS = [
    *"HEAD @ main heads/main refs/heads/main HEAD~1 HEAD~2 HEAD^ HEAD^^ HEAD^1 HEAD^2 HEAD^2~1 HEAD~1^0 HEAD^0".split(),
    *"v1 v1^{} v1^{commit} v1~1 tags/v1 light side side~1 HEAD@{1} @{1} main@{2} @{-1} HEAD@{now} HEAD@{5.minutes.ago}".split(),
    *"origin/main origin origin/side @{upstream} @{u} main@{u}~1 side@{u} :/two HEAD^{/one} v1-0-gSHORT @{push}".split(),
    *"SHORT SHORT~1 FULL FULL^ ORIG_HEAD FETCH_HEAD packed ünï/cöde a.b.c both".split(),
]
NONE = [
    *"HEAD^{tree} HEAD:net.py HEAD:sub v9 HEAD~99 HEAD^3 ^HEAD HEAD..side HEAD...side HEAD^@ HEAD^! --all :/nothing".split(),
    *"@{9} nothing@{u} 0000000000000000000000000000000000000000 HEAD@{u}@{u} HEAD^{nonsense} both:x : @{ .. main. -x".split(),
]


@pytest.mark.parametrize("format", ["sha1", "sha256"])
@pytest.mark.parametrize("packed", [False, True])
def test_a_revision_is_what_git_takes_it_for(repository: None, folder: Path, packed: bool, format: str) -> None:
    shutil.rmtree(".git")
    git("init", "-q", "-b", "main", f"--object-format={format}")
    for name in ("one", "two"):
        commit(f"{name} = 1\n", name)
    commit("sub = 1\n", "sub", "sub/net.py")
    git("tag", "-a", "v1", "-m", "x")
    for name in ("light", "both"):
        git("tag", name)
    for name in ("ünï/cöde", "packed"):
        git("branch", name)
    git("branch", "both", "HEAD~1")
    git("pack-refs", "--all")
    git("branch", "a.b.c")
    git("checkout", "-q", "-b", "side", "HEAD~1")
    commit("side = 1\n", "side", "side.py")
    git("checkout", "-q", "main")
    git("merge", "-q", "--no-edit", "side")
    git("clone", "-q", "--bare", ".", "origin.git")
    git("remote", "add", "origin", "origin.git")
    git("fetch", "-q", "origin")
    git("remote", "set-head", "origin", "main")
    git("branch", "-q", "--set-upstream-to=origin/main", "main")
    git("branch", "-q", "--set-upstream-to=main", "side")
    commit("three = 2\n", "three")
    git("reset", "-q", "--hard", "HEAD~1")
    if packed:
        git("gc", "-q")
    full = git("rev-parse", "HEAD")
    found = repository_of(str(folder))
    assert found is not None
    sealed = Sealed(git_outside(found.top), found, reflogs=True)
    names = [name.replace("SHORT", full[:7]).replace("FULL", full) for name in REVISIONS]
    assert {name: commit_of(sealed, name) for name in names} == {name: _meant(name) for name in names}
    assert {name: commit_of(sealed, name) for name in NONE} == dict.fromkeys(NONE)
    assert {_meant(name) for name in NONE if name != "^HEAD"} == {None}
    assert {commit_of(Sealed(git_outside(found.top), found, reflogs="@{" in name), name) for name in names} == {
        _meant(name) for name in names
    }


def _meant(name: str) -> str | None:
    words = ["git", "rev-parse", "--verify", "--quiet", "--end-of-options", f"{name}^{{commit}}"]
    done = subprocess.run(words, capture_output=True, text=True)
    return done.stdout.strip() if done.returncode == 0 else None


@pytest.fixture
def there(repository: None, folder: Path) -> str:
    """The id of a commit of `net.py`; in the work tree its second model has changed."""
    commit(TOP)
    Path(NAME).write_text(SECOND)
    return git("rev-parse", "HEAD")


def test_moved_files_are_compared_with_what_they_were(there: str, padlint: Padlint) -> None:
    """Also where git was not told; each old file is one new file's."""
    Path("deep").mkdir()
    Path(NAME).rename("deep/moved [1] é.py")
    Path("deep/other.py").write_text(FIRST + "last = 1\n" * 9)
    assert shown(padlint, "HEAD") == ["deep/moved [1] é.py:16", "deep/other.py:9", "deep/other.py:16"]


def test_a_moved_notebook_is_compared_with_what_it_was(repository: None, padlint: Padlint) -> None:
    def cells(text: str) -> str:
        outputs = [{"output_type": "stream", "name": "stdout", "text": ["x" * 3000]}]
        each = {"cell_type": "code", "metadata": {}, "outputs": outputs, "execution_count": 1}
        lines = [text.partition("# the")[0], "# the" + text.partition("# the")[2]]
        made = [{**each, "source": part.splitlines(keepends=True)} for part in lines]
        return json.dumps({"cells": made, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}, indent=1)

    commit(cells(TOP), name="a.ipynb")
    Path("a.ipynb").rename("b.ipynb")
    Path("b.ipynb").write_text(cells(SECOND))
    done = padlint("check", "--quiet", "--output-format", "json", "--since", "HEAD")
    assert [(each["path"], each["cell"], each["start"]["line"]) for each in json.loads(done.out)] == [("b.ipynb", 2, 4)]


def test_what_was_written_anew_is_not_moved(there: str, padlint: Padlint) -> None:
    Path(NAME).unlink()
    Path("other.py").write_text("# " + "\n# ".join(f"{number} things" for number in range(99)) + "\n" + SECOND)
    assert shown(padlint, "HEAD") == ["other.py:108", "other.py:115"]


@pytest.mark.parametrize("renamed", [False, True])
@pytest.mark.parametrize("stored", ["* text=auto", "* -text", "*.py text eol=crlf"])
def test_line_ends_are_no_change(repository: None, padlint: Padlint, stored: str, renamed: bool) -> None:
    commit(f"{stored}\n", name=".gitattributes")
    git("config", "core.autocrlf", "true")
    commit(TOP)
    git("rm", "-q", "--cached", NAME)
    Path(NAME).unlink()
    git("reset", "-q", "--hard")
    for text in (TOP, SECOND):
        Path("new.py" if renamed else NAME).write_bytes(text.replace("\n", "\r\n").encode())
        if renamed:
            Path(NAME).unlink(missing_ok=True)
        name = "new.py" if renamed else NAME
        assert shown(padlint, "HEAD") == ([] if text == TOP else [f"{name}:16"])


@pytest.mark.parametrize(
    "revision", ["HEAD~1", "HEAD~9", "origin/side", "nonsense", "0123456789012345678901234567890123456789"]
)
def test_a_shallow_clone_says_what_it_lacks(repository: None, padlint: Padlint, revision: str) -> None:
    commit(TOP)
    git("branch", "side")
    commit(FIRST)
    git("clone", "-q", "--depth=1", f"file://{os.getcwd()}", "copy")
    os.chdir("copy")
    done = padlint("check", "--since", revision)
    assert done.code == 2
    assert done.complaint == (
        f"padlint: --since {revision}: no such revision in this shallow clone; to get all of its history: "
        "git fetch --unshallow"
    )
    assert shown(padlint, "HEAD") == []


def test_a_shallow_clone_says_that_it_does_not_reach_back(repository: None, padlint: Padlint) -> None:
    commit(TOP)
    git("branch", "side")
    commit(FIRST)
    git("checkout", "-q", "side")
    commit(SECOND)
    git("clone", "-q", "--depth=1", "--no-single-branch", f"file://{os.getcwd()}", "copy")
    os.chdir("copy")
    done = padlint("check", "--since", "origin/main")
    assert done.code == 2
    assert done.complaint.startswith(
        "padlint: --since origin/main: this shallow clone does not reach back to where that"
    )
    git("fetch", "-q", "--deepen=1")
    assert shown(padlint, "origin/main") == ["net.py:16"]


def test_a_partial_clone_says_what_it_lacks(repository: None, padlint: Padlint) -> None:
    git("config", "uploadpack.allowFilter", "true")
    commit(TOP)
    commit("x = 1\n", name="new.py")
    git("rm", "-q", NAME)
    git("commit", "-q", "-m", "gone")
    for kind in ("blob:none", "tree:0"):
        subprocess.run(["rm", "-rf", "copy"], check=True)
        git("clone", "-q", f"--filter={kind}", f"file://{os.getcwd()}", "copy")
        os.chdir("copy")
        Path("other.py").write_text(SECOND)
        before = sorted(Path(".git").rglob("*"))
        done = padlint("check", "--since", "HEAD~2")
        what = "net.py, which may have been renamed," if kind == "blob:none" else "all folders"
        commit_id = git("rev-parse", "HEAD~2")[:12]
        assert (done.code, done.complaint) == (
            2,
            f"padlint: --since HEAD~2: this clone has not {what} of the commit {commit_id}, and padlint fetches nothing; "
            f"to get it: git diff --stat {commit_id}",
        )
        assert sorted(Path(".git").rglob("*")) == before
        git("diff", "--stat", commit_id)
        assert shown(padlint, "HEAD~2") == ["other.py:16"]
        os.chdir("..")


def test_in_another_work_tree_and_a_detached_head(there: str, padlint: Padlint) -> None:
    git("worktree", "add", "-q", "--detach", "aside with ünïcode")
    os.chdir("aside with ünïcode")
    commit(FIRST)
    assert shown(padlint, "main") == ["net.py:9"]
    assert shown(padlint, "HEAD") == []
    assert shown(padlint, "HEAD@{1}") == ["net.py:9"]
    git("checkout", "-q", "-b", "topic")
    assert shown(padlint, "main") == ["net.py:9"]


def test_in_a_submodule_and_above_it(there: str, padlint: Padlint) -> None:
    git("stash", "-q")
    git("clone", "-q", ".", "inner origin")
    git("-c", "protocol.file.allow=always", "submodule", "--quiet", "add", "./inner origin", "sub")
    git("commit", "-q", "-m", "sub")
    subprocess.run(["rm", "-rf", "inner origin"], check=True)
    Path("sub", NAME).write_text(FIRST)
    assert shown(padlint, "HEAD") == ["sub/net.py:9", "sub/net.py:16"]  # nothing that this repository knows
    os.chdir("sub")
    assert Path(".git").is_file()
    assert shown(padlint, "HEAD") == ["net.py:9"]


def test_files_outside_and_links(there: str, padlint: Padlint, tmp_path: Path) -> None:
    inside = tmp_path / "inside"
    inside.mkdir()
    for name in (".git", NAME):
        Path(name).rename(inside / name)
    (tmp_path / "outside.py").write_text(TOP)
    (tmp_path / "link").symlink_to(inside)
    (tmp_path / "inside2").mkdir()
    (tmp_path / "inside2" / NAME).write_text(TOP)
    os.chdir("link")
    found = shown(padlint, "HEAD", NAME, "../outside.py", "../inside2/net.py")
    assert sorted(found) == [
        *("../inside2/net.py:16", "../inside2/net.py:9", "../outside.py:16", "../outside.py:9", "net.py:16"),
    ]


def test_nothing_was_committed_yet(repository: None, padlint: Padlint) -> None:
    commit(TOP)
    git("checkout", "-q", "--orphan", "fresh")
    Path(NAME).write_text(SECOND)
    assert shown(padlint, "main") == ["net.py:16"]
    done = padlint("check", "--since", "HEAD")
    assert (done.code, done.complaint) == (2, "padlint: --since HEAD: no such revision")


HOOK = f"""#!/bin/sh
env | grep ^GIT_ > "$SAID.env"
{Path(sysconfig.get_path("scripts"), "padlint")} check --no-cache --quiet --output-format concise --since HEAD > "$SAID"
exit 0
"""


@pytest.mark.parametrize("words", [("-a",), ("--only", NAME), ("--include", NAME)], ids=["all", "only", "include"])
@pytest.mark.parametrize("aside", [False, True])
def test_in_a_hook_of_git(there: str, monkeypatch: pytest.MonkeyPatch, words: tuple[str, ...], aside: bool) -> None:
    """git tells its hooks where it works, and which index it has just now."""
    hook = Path(".git/hooks/pre-commit")
    hook.write_text(HOOK)
    hook.chmod(0o755)
    said = Path("said").resolve()
    monkeypatch.setenv("SAID", str(said))
    monkeypatch.setenv("PATH", f"{os.environ['PATH']}{os.pathsep}{Path(sys.executable).parent}")
    if aside:
        git("worktree", "add", "-q", "--detach", "aside")
        os.chdir("aside")
        Path(NAME).write_text(SECOND)
    git("commit", "-q", "-m", "x", *words)
    assert "GIT_INDEX_FILE" in Path(f"{said}.env").read_text()
    assert [line.split(": ")[0] for line in said.read_text().splitlines()] == ["net.py:16:5"]


def test_variables_of_git_do_not_lead_elsewhere(there: str, padlint: Padlint, monkeypatch: pytest.MonkeyPatch) -> None:
    git("init", "-q", "elsewhere")
    for name in ("GIT_DIR", "GIT_COMMON_DIR", "GIT_OBJECT_DIRECTORY", "GIT_WORK_TREE", "GIT_INDEX_FILE"):
        monkeypatch.setenv(name, str(Path("elsewhere/.git").resolve()))
    for name in ("GIT_TRACE", "GIT_EXTERNAL_DIFF", "GIT_NAMESPACE", "GIT_PREFIX", "GIT_DEFAULT_HASH"):
        monkeypatch.setenv(name, str(Path("left").resolve()))
    assert shown(padlint, "HEAD") == ["net.py:16"]
    assert not Path("left").exists()


def test_a_work_tree_that_is_configured_is_none(there: str, padlint: Padlint) -> None:
    Path("aside").mkdir()
    git("config", "core.worktree", str(Path("aside").resolve()))
    assert shown(padlint, "HEAD") == ["net.py:16"]


def test_another_users_repository_is_none(there: str, padlint: Padlint, monkeypatch: pytest.MonkeyPatch) -> None:
    """As for git, unless the user calls it safe."""
    refused = f"padlint: --since HEAD: {os.getcwd()} is another user's; if you trust it: git config --global --add safe.directory {os.getcwd()}"  # noqa: E501
    wanted = {
        "": False,
        "[safe]\ndirectory = *\n": True,
        f"[safe]\ndirectory = {os.getcwd()}\n": True,
        "[safe]\ndirectory = /nowhere\n": False,
        "[safe]\ndirectory = *\ndirectory =\n": False,
        f"[safe]\ndirectory = *\ndirectory =\ndirectory = {os.getcwd()}\n": True,
    }
    other = os.geteuid() + 1
    settings = Path("settings").resolve()
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", str(settings))
    git_takes_it: list[bool] = []
    for text, safe in wanted.items():
        settings.write_text(text)
        environment = {**os.environ, "GIT_TEST_ASSUME_DIFFERENT_OWNER": "1"}
        git_takes_it.append(subprocess.run(["git", "status"], env=environment, capture_output=True).returncode == 0)
        with monkeypatch.context() as patch:
            patch.setattr(os, "geteuid", lambda: other)
            done = padlint("check", "--quiet", "--output-format", "concise", "--since", "HEAD")
        assert places(done) == ["net.py:16"] if safe else (done.code, done.complaint) == (2, refused), text
    assert git_takes_it == [*wanted.values()]


@pytest.mark.parametrize("name", [".git/config", ".git/HEAD", ".git/packed-refs", ".git/refs/heads/x", ".git/shallow"])
@pytest.mark.parametrize("kind", ["pipe", "endless", "nonsense", "folder", "lost link"])
def test_what_lies_there_may_be_anything(there: str, padlint: Padlint, name: str, kind: str) -> None:
    """It ends: with what is found, or with one line."""
    path = Path(name)
    path.unlink(missing_ok=True)
    if kind == "pipe":
        os.mkfifo(path)
    elif kind == "nonsense":
        path.write_bytes(b"[\0\xff\n" * 1000)
    elif kind == "folder":
        path.mkdir()
    else:
        path.symlink_to("/dev/zero" if kind == "endless" else "nowhere")
    done = padlint("check", "--quiet", "--output-format", "concise", "--since", there)
    if done.code == 2:
        assert done.complaint.startswith("padlint: ")
    else:
        assert places(done) == ["net.py:16"]


@pytest.mark.parametrize("text", ["", "gitdir:", "gitdir: nowhere\n", "gitdir: .\n", "x", "gitdir: \0", "\xff" * 9999])
def test_a_file_that_names_no_repository(folder: Path, padlint: Padlint, text: str) -> None:
    Path(".git").write_text(text)
    Path(NAME).write_text(TOP)
    done = padlint("check", "--since", "HEAD")
    assert done.code == 2
    assert done.complaint.startswith(f"padlint: {folder.resolve()}/.git: ")


def test_an_empty_folder_with_that_name_is_passed_over(there: str, padlint: Padlint) -> None:
    """As git does."""
    Path("sub/.git").mkdir(parents=True)
    os.chdir("sub")
    assert git("rev-parse", "--show-toplevel") == os.path.dirname(os.getcwd())
    assert shown(padlint, "HEAD", "..") == ["../net.py:16"]


def test_what_is_damaged_is_one_line(there: str, padlint: Padlint) -> None:
    blob = git("rev-parse", f"HEAD:{NAME}")
    path = Path(".git/objects", blob[:2], blob[2:])
    path.chmod(0o644)
    path.write_bytes(path.read_bytes()[:30])
    done = padlint("check", "--since", "HEAD")
    assert done.code == 2
    assert done.complaint.startswith("padlint: --since HEAD: this clone has not net.py of the commit ")


def test_what_was_huge_is_not_read(repository: None, padlint: Padlint) -> None:
    """A hundred megabytes that git keeps in a hundred kilobytes."""
    commit("#" * 100_000_000)
    Path(NAME).write_text(TOP)
    assert shown(padlint, "HEAD") == ["net.py:9", "net.py:16"]
    Path(NAME).rename("moved.py")
    assert shown(padlint, "HEAD") == ["moved.py:9", "moved.py:16"]


def test_a_link_that_became_a_file_is_new(repository: None, padlint: Padlint) -> None:
    Path(NAME).symlink_to("elsewhere")
    git("add", NAME)
    git("commit", "-q", "-m", "x")
    Path(NAME).unlink()
    Path(NAME).write_text(TOP)
    assert shown(padlint, "HEAD") == ["net.py:9", "net.py:16"]


def test_a_git_of_the_work_tree_is_no_git(there: str, padlint: Padlint, monkeypatch: pytest.MonkeyPatch) -> None:
    Path("bin").mkdir()
    Path("bin/git").symlink_to(shutil.which("git") or "")
    for path in ("bin", ".", "", str(Path("bin").resolve())):
        monkeypatch.setenv("PATH", path)
        done = padlint("check", "--since", "HEAD")
        assert (done.code, done.complaint) == (2, "padlint: --since needs git: No such file or directory")
