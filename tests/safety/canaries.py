"""Ways in which a repository has git run something: each leaves a mark if anybody does, and a plain command shows that it can."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

GOOD = """\
from torch import nn

first = nn.Sequential(
    nn.ReLU(),
    nn.MaxPool2d(3, padding=1),
)
"""
BAD = GOOD.replace("padding=1", "padding=2")
SIDE = GOOD.replace("padding=1", "padding=0")

FAR = "HEAD~1"
"""A revision whose `net.py` a partial clone has not."""


@dataclass(frozen=True)
class Cage:
    """A clone, `tree`, in which `net.py` changed; `sing` is a command that leaves the mark; `port` is listened to."""

    tree: Path
    outside: Path
    port: int

    @property
    def mark(self) -> Path:
        return self.outside / "mark"

    @property
    def sing(self) -> str:
        return str(self.outside / "sing")

    def git(self, *words: str, given: str = "") -> str:
        done = subprocess.run(["git", *words], cwd=self.tree, input=given, capture_output=True, text=True)
        assert done.returncode == 0, (words, done.stderr)
        return done.stdout.strip()

    def configure(self, **values: str) -> None:
        """`core__fsmonitor="x"` is core.fsmonitor = x."""
        for name, value in values.items():
            self.git("config", name.replace("__", "."), value)

    def write(self, name: str, text: str, mode: int = 0o644) -> None:
        path = self.tree / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
        path.chmod(mode)

    def hook(self, name: str, folder: str = ".git/hooks") -> None:
        self.write(f"{folder}/{name}", f"#!/bin/sh\n{self.sing}\n", 0o755)

    def song(self, name: str) -> None:
        self.write(name, f"#!/bin/sh\n{self.sing}\nexit 1\n", 0o755)


@dataclass(frozen=True)
class Canary:
    """`arm` prepares the clone; `proof` is what makes git run it, in `folder`; padlint is asked for `revision` there."""

    arm: Callable[[Cage], None]
    proof: str
    folder: str = "."
    revision: str = "HEAD"
    more: dict[str, str] = field(default_factory=dict)


def build(outside: Path, tree: Path) -> None:
    """A repository of three commits, and a clone of it that is the tree."""
    home = outside / "origin"
    home.mkdir()
    sing = outside / "sing"
    sing.write_text(f"#!/bin/sh\n: > {outside}/mark\n")
    sing.chmod(0o755)

    def git(*words: str) -> None:
        subprocess.run(["git", *words], cwd=home, check=True, capture_output=True)

    git("init", "-q", "-b", "main")
    git("config", "uploadpack.allowFilter", "true")
    git("config", "uploadpack.allowAnySHA1InWant", "true")
    (home / "net.py").write_text("old = 1\n" + GOOD)
    git("add", ".")
    git("commit", "-q", "-m", "one")
    git("branch", "side")
    (home / "net.py").write_text(GOOD)
    (home / ".gitattributes").write_text("*.txt text\n")
    _embed(home / "models", str(sing))
    git("add", "-A")
    git("commit", "-q", "-m", "two")
    git("checkout", "-q", "side")
    (home / "net.py").write_text(SIDE)
    git("commit", "-q", "-a", "-m", "three")
    git("checkout", "-q", "main")
    subprocess.run(["git", "clone", "-q", str(home), str(tree)], check=True, capture_output=True)
    (tree / "net.py").write_text(BAD)
    (tree / "models" / "net.py").write_text(BAD)
    os.utime(tree / ".gitattributes", (0, 0))  # it seems changed: what git finds out, it writes down


def _embed(folder: Path, sing: str) -> None:
    """A bare repository that is tracked as plain files: its work tree is the folder that it lies in."""
    folder.mkdir()
    (folder / "net.py").write_text(GOOD)
    for words in (["init", "-q", "-b", "main"], ["add", "."], ["commit", "-q", "-m", "inner"]):
        subprocess.run(["git", *words], cwd=folder, check=True, capture_output=True)
    for name in ("HEAD", "objects", "refs", "index"):
        shutil.move(folder / ".git" / name, folder / name)
    shutil.rmtree(folder / ".git")
    (folder / "refs" / "tags").rmdir()
    (folder / "config").write_text(
        f"[core]\nrepositoryformatversion = 0\nbare = false\nworktree = .\nfsmonitor = {sing}\n"
    )


def _partial(**values: str) -> Callable[[Cage], None]:
    """The clone has not the contents of `net.py` at FAR; whoever fetches them does as is configured."""

    def arm(cage: Cage) -> None:
        origin, tree = cage.outside / "origin", cage.tree
        shutil.rmtree(tree)
        words = ["clone", "-q", "--filter=blob:none", f"file://{origin}", str(tree)]
        subprocess.run(["git", *words], check=True, capture_output=True)
        cage.write("net.py", BAD)
        cage.configure(
            **{name: value.format(sing=cage.sing, port=cage.port, tree=tree) for name, value in values.items()}
        )

    return arm


def _configured(**values: str) -> Callable[[Cage], None]:
    return lambda cage: cage.configure(**{name: value.format(sing=cage.sing) for name, value in values.items()})


def _filtered(line: str, **values: str) -> Callable[[Cage], None]:
    def arm(cage: Cage) -> None:
        cage.configure(**{name: value.format(sing=cage.sing) for name, value in values.items()})
        cage.write(".gitattributes", f"{line}\n")

    return arm


def _hooked(name: str) -> Callable[[Cage], None]:
    return lambda cage: cage.hook(name)


def _hooks_elsewhere(cage: Cage) -> None:
    cage.hook("post-index-change", "tools")
    cage.configure(core__hooksPath="tools")


def _included(cage: Cage) -> None:
    cage.write("shared.cfg", f"[core]\nfsmonitor = {cage.sing}\n")
    cage.configure(include__path="../shared.cfg")


def _included_if(cage: Cage) -> None:
    cage.write("shared.cfg", f"[core]\nfsmonitor = {cage.sing}\n")
    cage.git("config", "includeIf.gitdir:/**.path", "../shared.cfg")


def _of_the_work_tree(cage: Cage) -> None:
    cage.configure(extensions__worktreeConfig="true")
    cage.git("config", "--worktree", "core.fsmonitor", cage.sing)


def _attributes_elsewhere(cage: Cage) -> None:
    cage.write("tools/attributes", "*.py filter=evil\n")
    cage.configure(core__attributesFile=str(cage.tree / "tools/attributes"), filter__evil__clean=cage.sing)


def _attributes_of_the_repository(cage: Cage) -> None:
    cage.write(".git/info/attributes", "*.py filter=evil\n")
    cage.configure(filter__evil__clean=cage.sing)


def _signed(cage: Cage) -> None:
    head, _, message = cage.git("cat-file", "commit", "HEAD").partition("\n\n")
    signature = "gpgsig -----BEGIN PGP SIGNATURE-----\n \n x\n -----END PGP SIGNATURE-----"
    made = cage.git("hash-object", "-t", "commit", "-w", "--stdin", given=f"{head}\n{signature}\n\n{message}\n")
    cage.git("update-ref", "HEAD", made)
    cage.configure(gpg__program=cage.sing, log__showSignature="true")


def _borrowing(cage: Cage) -> None:
    cage.write(".git/objects/info/alternates", f"{cage.outside}/origin/.git/objects\n")
    cage.configure(core__alternateRefsCommand=cage.sing)


def _aliases(cage: Cage) -> None:
    for (
        name
    ) in "evil rev-parse merge-base cat-file ls-tree diff diff-tree config hash-object update-index write-tree".split():
        cage.git("config", f"alias.{name}", f"!{cage.sing}")


def _named_git(folder: str) -> Callable[[Cage], None]:
    return lambda cage: cage.song(f"{folder}/git")


IN_A_TERMINAL = f"{sys.executable} -c 'import pty, sys; pty.spawn(sys.argv[1:])' "

CANARIES: dict[str, Canary] = {
    "a monitor of files": Canary(_configured(core__fsmonitor="{sing}"), "git status"),
    "a monitor, included": Canary(_included, "git status"),
    "a monitor, included on a condition": Canary(_included_if, "git status"),
    "a monitor, configured for the work tree": Canary(_of_the_work_tree, "git status"),
    "a bare repository that is tracked": Canary(lambda cage: None, "git diff HEAD --", folder="models"),
    "a filter": Canary(_filtered("*.py filter=evil", filter__evil__clean="{sing}"), "git diff HEAD"),
    "a filter's process": Canary(_filtered("*.py filter=evil", filter__evil__process="{sing}"), "git diff HEAD"),
    "a filter, attributes elsewhere": Canary(_attributes_elsewhere, "git diff HEAD"),
    "a filter, attributes of the repository": Canary(_attributes_of_the_repository, "git diff HEAD"),
    "a driver of diffs": Canary(_filtered("*.py diff=evil", diff__evil__command="{sing}"), "git diff HEAD"),
    "text of what is none": Canary(_filtered("*.py diff=evil", diff__evil__textconv="{sing}"), "git diff HEAD"),
    "another diff": Canary(_configured(diff__external="{sing}"), "git diff HEAD"),
    "a driver of merges": Canary(
        _filtered("*.py merge=evil", merge__evil__driver="{sing}"),
        "cp .gitattributes .git/info/attributes; git checkout -q -f origin/side; git merge main",
    ),
    "the hook post-index-change": Canary(_hooked("post-index-change"), "git add net.py"),
    "the hook reference-transaction": Canary(_hooked("reference-transaction"), "git update-ref refs/heads/x HEAD"),
    "hooks elsewhere": Canary(_hooks_elsewhere, "git add net.py"),
    "a pager": Canary(_configured(core__pager="{sing}"), f"{IN_A_TERMINAL} git log"),
    "a pager of one command": Canary(
        _configured(**{"pager__cat-file": "{sing}"}), f"{IN_A_TERMINAL} git cat-file -p HEAD"
    ),
    "an editor": Canary(_configured(core__editor="{sing}"), "git commit --allow-empty"),
    "aliases": Canary(_aliases, "git evil"),
    "who verifies signatures": Canary(_signed, "git log -1"),
    "refs of what is borrowed from": Canary(_borrowing, "git rev-list --alternate-refs HEAD"),
    "trailers": Canary(_configured(trailer__x__command="{sing}"), "git interpret-trailers --trailer x=1 net.py"),
    "who packs": Canary(
        _configured(uploadpack__packObjectsHook="{sing}"),
        'git clone --no-local -u "git -c uploadpack.packObjectsHook=$SING upload-pack" . $OUTSIDE/copy',
    ),
    "fetched by ssh": Canary(
        _partial(remote__origin__url="ssh://nowhere/x", core__sshCommand="{sing}"),
        f"git show {FAR}:net.py",
        revision=FAR,
    ),
    "fetched by another upload-pack": Canary(
        _partial(remote__origin__uploadpack="{sing}"), f"git show {FAR}:net.py", revision=FAR
    ),
    "fetched by a command": Canary(
        _partial(remote__origin__url="ext::{sing}", protocol__ext__allow="always"),
        f"git show {FAR}:net.py",
        revision=FAR,
    ),
    "fetched through a proxy": Canary(
        _partial(remote__origin__url="git://nowhere/x", core__gitProxy="{sing}"), f"git show {FAR}:net.py", revision=FAR
    ),
    "fetched from the network": Canary(
        _partial(remote__origin__url="http://localhost:{port}/x"), f"git show {FAR}:net.py", revision=FAR
    ),
    "fetched with a password": Canary(
        _partial(remote__origin__url="http://localhost:{port}/silent", credential__helper="!{sing}"),
        f"git show {FAR}:net.py",
        revision=FAR,
    ),
    "fetched after asking": Canary(
        _partial(remote__origin__url="http://localhost:{port}/silent", core__askPass="{sing}"),
        f"git show {FAR}:net.py",
        revision=FAR,
    ),
    "git of the working folder": Canary(
        _named_git("."), "git status", more={"PATH": f".{os.pathsep}{os.environ['PATH']}"}
    ),
    "git of the working folder, unnamed": Canary(
        _named_git("."), "git status", more={"PATH": f":{os.environ['PATH']}"}
    ),
    "git of a folder below": Canary(_named_git("bin"), "git status", more={"PATH": f"bin:{os.environ['PATH']}"}),
    "git of the work tree": Canary(_named_git("bin"), "git status", more={"PATH": f"$TREE/bin:{os.environ['PATH']}"}),
}
