"""`padlint check` from end to end: exit codes, fixes, standard input, several reports."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest

from tests.cli.conftest import Padlint, contents

SAME = """\
from torch import nn

# padlint: input=(N, 3, 30, 30)
net = nn.Sequential(
    nn.Conv2d(3, 8, kernel_size=5, padding=1),  # padlint: same
    nn.ReLU(),
)
"""
FIXED = SAME.replace("padding=1", "padding=2")
POOL = """\
from torch import nn

# padlint: input=(N, 3, 30, 30)
net = nn.Sequential(nn.ReLU(), nn.MaxPool2d(kernel_size=3, stride=2, padding=32))
"""


@pytest.fixture
def net(folder: Path) -> Path:
    path = folder / "net.py"
    path.write_text(SAME)
    return path


def test_a_finding_with_its_line_its_caret_and_its_fix(padlint: Padlint, net: Path) -> None:
    done = padlint("check", "net.py")
    assert done.code == 1
    lines = done.out.splitlines()
    assert lines[0].startswith(
        "PAD201 [*] Conv2d(kernel_size=5, padding=1) gives 28x28 from 30x30; same needs padding=2"
    )
    assert lines[1] == "   --> net.py:5:5"
    assert lines[3] == "  5 |     nn.Conv2d(3, 8, kernel_size=5, padding=1),  # padlint: same"
    assert lines[4] == "    |                                    ^^^^^^^^^"
    assert "(N, 3, 30, 30) -> (N, 8, 28, 28)" in done.out
    assert done.complaint == "padlint: 1 error found in 1 file; 1 fix available (--fix)"


def test_sizes_that_are_sums_stand_in_parentheses(padlint: Padlint, folder: Path) -> None:
    (folder / "free.py").write_text(SAME.replace("# padlint: input=(N, 3, 30, 30)\n", ""))
    assert "gives (H - 2)x(W - 2) from HxW;" in padlint("check", "free.py").out


BLOCKS = """\
from torch import nn

class Block(nn.Module):
    def __init__(self, kernel_size):
        super().__init__()
        self.conv = nn.Conv2d(8, 8, kernel_size, padding=1)

    def forward(self, x):
        return x + self.conv(x)
"""
NETS = """\
from torch import nn
from blocks import Block

class Base(nn.Module):
    def __init__(self, kernel_size):
        super().__init__()
        self.features = nn.Sequential(Block(kernel_size))

    def forward(self, x):
        return self.features(x)

class Small(Base):
    def __init__(self):
        super().__init__(3)

class Big(Base):
    def __init__(self):
        super().__init__(5)
"""


def test_what_holds_for_some_models_names_one_and_the_call(padlint: Padlint, folder: Path) -> None:
    (folder / "blocks.py").write_text(BLOCKS)
    (folder / "nets.py").write_text(NETS)
    first, *_ = padlint("check", ".").out.splitlines()
    assert first.endswith("(with kernel_size=5, called at nets.py:7 for Big)")
    (folder / "all.py").write_text(BLOCKS + NETS.replace("from blocks import Block", ""))
    first, *_ = padlint("check", "all.py").out.splitlines()
    assert first.endswith("(with kernel_size=5, called at line 16 for Big)")


@pytest.mark.parametrize(
    ("options", "code"),
    [
        ("", 1),
        ("--exit-zero", 0),
        ("--fail-on never", 0),
        ("--fail-on error", 1),
        ("--ignore PAD201", 0),
        ("--select PAD1", 0),
        ("--select shape-not-same", 1),
        ("--per-file-ignores net.py:PAD2", 0),
        ("--per-file-ignores other.py:PAD2", 1),
        ("--config fail-on='never'", 0),
        ("--config severity={PAD201='warning'} --fail-on error", 0),
    ],
)
def test_exit_codes(padlint: Padlint, net: Path, options: str, code: int) -> None:
    assert padlint("check", "--quiet", *options.split(), "net.py").code == code


def test_fix_changes_the_argument_alone_and_then_nothing(padlint: Padlint, net: Path) -> None:
    done = padlint("check", "--fix", "net.py")
    assert (done.code, done.out) == (0, "")
    assert done.complaint == "padlint: 1 fix applied; nothing found in 1 file"
    assert net.read_text() == FIXED
    before = net.stat().st_mtime_ns
    assert padlint("check", "--fix", "net.py").code == 0
    assert net.stat().st_mtime_ns == before


@pytest.mark.parametrize(
    "encode",
    [
        lambda text: text.encode(),
        lambda text: text.replace("\n", "\r\n").encode(),
        lambda text: b"\xef\xbb\xbf" + text.encode(),
        lambda text: ("# -*- coding: latin-1 -*-\n# caf\xe9\n" + text).encode("latin-1"),
        lambda text: text.replace("    ", "\t").rstrip("\n").encode(),
        lambda text: ("x = '\u2028\x0c😀'; " + text.replace("\n\n", "\n\x0c\n")).encode(),
    ],
    ids=["utf-8", "crlf", "bom", "latin-1", "tabs, no final line end", "odd characters"],
)
def test_every_other_byte_is_kept(padlint: Padlint, folder: Path, encode) -> None:  # type: ignore[no-untyped-def]
    (folder / "net.py").write_bytes(encode(SAME))
    assert padlint("check", "--quiet", "--fix", "net.py").code == 0
    assert (folder / "net.py").read_bytes() == encode(FIXED)


def test_unsafe_fixes_are_applied_only_where_they_are_asked_for(padlint: Padlint, folder: Path) -> None:
    (folder / "pool.py").write_text(POOL)
    done = padlint("check", "--fix", "pool.py")
    assert done.code == 1
    assert "1 unsafe fix available (--fix --unsafe-fixes)" in done.err
    assert (folder / "pool.py").read_text() == POOL
    assert padlint("check", "--fix", "--unsafe-fixes", "pool.py").code == 0
    assert (folder / "pool.py").read_text() == POOL.replace("32)", "1)")


def test_unfixable_rules_are_reported_without_a_fix(padlint: Padlint, net: Path) -> None:
    done = padlint("check", "--quiet", "--fix", "--unfixable", "PAD201", "--output-format", "json", "net.py")
    assert (done.code, json.loads(done.out)[0]["fix"]) == (1, None)
    assert net.read_text() == SAME


def test_diff_changes_nothing_and_git_applies_it(padlint: Padlint, net: Path, folder: Path) -> None:
    before = contents(folder)
    done = padlint("check", "--diff", "net.py")
    assert done.code == 1
    assert contents(folder) == before
    subprocess.run(["git", "apply", "-"], input=done.out, text=True, check=True)
    assert net.read_text() == FIXED
    done = padlint("check", "--diff", "net.py")
    assert (done.code, done.out) == (0, "")


def test_standard_input_is_checked_under_the_name_it_is_given(padlint: Padlint, folder: Path) -> None:
    done = padlint("check", "--quiet", "--output-format", "concise", "-", "--stdin-filename", "sub/net.py", stdin=SAME)
    assert done.code == 1
    assert done.out.startswith("sub/net.py:5:5: PAD201 ")
    assert contents(folder) == {}


def test_standard_input_is_fixed_to_standard_output(padlint: Padlint, net: Path) -> None:
    done = padlint("check", "--quiet", "--fix", "-", "--stdin-filename", "net.py", stdin=SAME)
    assert (done.code, done.out, done.err) == (0, FIXED, "")
    assert net.read_text() == SAME
    done = padlint("check", "--quiet", "--fix", "-", stdin=POOL)
    assert (done.code, done.out) == (1, POOL)
    assert "PAD103" in done.err


def test_several_reports_at_once(padlint: Padlint, net: Path, folder: Path) -> None:
    formats = [f"--output-format={each}" for each in ("concise", "json:out.json", "sarif:out.sarif")]
    done = padlint("check", "--quiet", *formats, "net.py")
    assert (done.code, done.out.count("\n")) == (1, 1)
    assert [each["code"] for each in json.loads((folder / "out.json").read_text())] == ["PAD201"]
    assert json.loads((folder / "out.sarif").read_text())["runs"][0]["results"][0]["ruleId"] == "PAD201"


def test_statistics_count_by_rule(padlint: Padlint, net: Path, folder: Path) -> None:
    (folder / "other.py").write_text(SAME)
    (folder / "pool.py").write_text(POOL)
    done = padlint("check", "--quiet", "--statistics")
    assert done.out.split() == ["2", "PAD201", "shape-not-same", "1", "PAD103", "oversized-pool-padding"]


def test_every_file_is_checked_under_the_configuration_of_its_folder(padlint: Padlint, folder: Path) -> None:
    for name in ("strict", "lax"):
        (folder / name).mkdir()
        (folder / name / "net.py").write_text(SAME)
    (folder / "lax" / "padlint.toml").write_text('ignore = ["PAD201"]\n')
    done = padlint("check", "--quiet", "--output-format", "concise")
    assert [line.partition(":")[0] for line in done.out.splitlines()] == ["strict/net.py"]


def test_the_input_of_the_command_line_is_for_every_model(padlint: Padlint, folder: Path) -> None:
    (folder / "net.py").write_text(SAME.replace("# padlint: input=(N, 3, 30, 30)\n", ""))
    done = padlint("check", "--quiet", "--input", "3,30,30", "--output-format", "json", "net.py")
    assert json.loads(done.out)[0]["input_shape"] == ["N", 3, 30, 30]


def test_models_of_the_configuration(padlint: Padlint, folder: Path) -> None:
    (folder / "net.py").write_text(
        SAME.replace("# padlint: input=(N, 3, 30, 30)\n", "").replace("  # padlint: same", "")
    )
    (folder / "padlint.toml").write_text('[models."net:net"]\ninput = [3, 30, 30]\nintent = "same"\n')
    done = padlint("check", "--quiet", "--output-format", "json", "net.py")
    assert [(each["code"], each["expected_shape"]) for each in json.loads(done.out)] == [("PAD201", ["N", 8, 30, 30])]


def test_the_example_of_the_readme_has_real_findings(padlint: Padlint) -> None:
    example = Path(__file__).resolve().parents[2] / "examples"
    done = padlint("check", "--quiet", "--isolated", "--output-format", "json", str(example))
    assert {each["code"] for each in json.loads(done.out)} == {"PAD101", "PAD103", "PAD201"}
