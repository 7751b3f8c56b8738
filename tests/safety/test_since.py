"""`--since` runs git, and nothing that the repository brings along; nor does it reach the network."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from tests.safety.canaries import CANARIES, FAR, Cage, Canary, build
from tests.safety.trap import SCRIPT, Trap, Watched

GIT = shutil.which("git")
assert GIT is not None


@pytest.fixture
def cage(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Cage]:
    for variable in [name for name in os.environ if name.startswith("GIT_")]:
        monkeypatch.delenv(variable)
    for variable in ("GIT_CONFIG_GLOBAL", "GIT_CONFIG_SYSTEM"):
        monkeypatch.setenv(variable, os.devnull)
    for who in ("AUTHOR", "COMMITTER"):
        monkeypatch.setenv(f"GIT_{who}_NAME", "a")
        monkeypatch.setenv(f"GIT_{who}_EMAIL", "a@b.c")
    monkeypatch.setenv("TERM", "xterm")
    outside = tmp_path / "outside"
    (outside / "tmp").mkdir(parents=True)
    build(outside, tmp_path / "tree")

    class Listener(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            if "silent" not in self.path:
                (outside / "mark").touch()
            self.send_response(401)
            self.send_header("WWW-Authenticate", 'Basic realm="x"')
            self.end_headers()

        def log_message(self, *arguments: object) -> None:
            pass

    with ThreadingHTTPServer(("localhost", 0), Listener) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield Cage(tmp_path / "tree", outside, server.server_port)
        server.shutdown()


def armed(cage: Cage, canary: Canary) -> dict[str, str]:
    canary.arm(cage)
    cage.mark.unlink(missing_ok=True)
    return {name: value.replace("$TREE", str(cage.tree)) for name, value in canary.more.items()}


def checked(cage: Cage, revision: str, *words: str, folder: str = ".", more: dict[str, str] | None = None) -> Watched:
    assert GIT is not None
    trap = Trap(cage.tree, cage.outside)
    return trap.run(
        *SCRIPT, *"check --no-cache --quiet --output-format concise --since".split(), revision, *words,
        program=GIT,
        writable=[cage.outside / "tmp"],
        folder=cage.tree / folder,
        more={"TMPDIR": str(cage.outside / "tmp"), **(more or {})},
    )  # fmt: skip


@pytest.mark.parametrize(
    ("call", "allowed"),
    [
        ("[git, 'rev-parse'], cwd=outside, env={'GIT_DIR': outside}", True),
        ("['git', 'rev-parse'], cwd=outside", False),
        ("['/bin/true'], cwd=outside", False),
        ("[git, 'rev-parse']", False),
        ("[git, 'rev-parse'], cwd=tree", False),
        ("[git, '-C', tree, 'rev-parse'], cwd=outside", False),
        ("[git, 'rev-parse'], cwd=outside, env={'GIT_DIR': tree + '/.git'}", False),
    ],
)
def test_the_guard_lets_git_start_elsewhere_only(cage: Cage, call: str, allowed: bool) -> None:
    assert GIT is not None
    script = cage.outside / "program.py"
    names = f"git, tree, outside = {GIT!r}, {str(cage.tree)!r}, {str(cage.outside)!r}"
    script.write_text(f"import subprocess\n{names}\nsubprocess.run({call})\n")
    done = Trap(cage.tree, cage.outside).run(sys.executable, str(script), program=GIT)
    assert [each.split()[0] for each in done.seen] == ([] if allowed else ["subprocess.Popen"])


@pytest.mark.parametrize("name", CANARIES)
def test_no_canary_sings(cage: Cage, name: str) -> None:
    """Though it can: what git runs afterwards in the same clone shows it."""
    canary = CANARIES[name]
    more = armed(cage, canary)
    done = checked(cage, canary.revision, "net.py", folder=canary.folder, more=more)
    assert done.seen == ()
    if canary.revision == FAR:
        (line,) = done.err.splitlines()
        assert line.startswith(f"padlint: --since {FAR}: this clone has not net.py of the commit ")
        assert done.code == 2
    else:
        assert (done.code, done.out.split()[:2]) == (1, ["net.py:5:5:", "PAD103"])
    assert not list((cage.outside / "tmp").iterdir())
    environment = {**os.environ, **more, "SING": cage.sing, "OUTSIDE": str(cage.outside)}
    where = cage.tree / canary.folder
    subprocess.run(
        ["/bin/sh", "-c", canary.proof], cwd=where, env=environment, stdin=subprocess.DEVNULL, capture_output=True
    )
    assert cage.mark.exists()
