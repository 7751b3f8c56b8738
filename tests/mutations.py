"""Ten deliberately wrong rules, one in each family, and the test that catches each.

    python tests/mutations.py

Each changes one sign or comparison in a copy of the package and runs the tests of that family on it, until one fails;
the first run has no change, and must pass. The exit code is 1 if a wrong rule survives. It takes some minutes, and is
for whoever changes the rules or their tests: not a part of the suite.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

ROOT = Path(__file__).resolve().parent.parent
WINDOWS = "tests/arithmetic/test_windows.py"
SOLVE = "tests/arithmetic/test_solve.py"
AGREEMENT = "tests/layers/test_agreement.py"
SAME = "tests/same/test_keras.py"


@dataclass(frozen=True)
class Mutation:
    """`before`, which stands once in `file`, becomes `after`; `words` choose from `tests`, the files of the family."""

    family: str
    file: str
    before: str
    after: str
    tests: tuple[str, ...]
    words: str


MUTATIONS = (
    Mutation(
        "convolution",
        "padlint/arithmetic/windows.py",
        "return floor_divide(n + lo + hi - effective",
        "return floor_divide(n + lo - hi - effective",
        (WINDOWS, AGREEMENT),
        "convolution or Conv2d",
    ),
    Mutation(
        "transposed",
        "padlint/arithmetic/windows.py",
        "(n - 1) * stride - lo - hi + effective_kernel",
        "(n - 1) * stride - lo + hi + effective_kernel",
        (WINDOWS, AGREEMENT),
        "transposed or ConvTranspose2d",
    ),
    Mutation(
        "pooling, ceil_mode",
        "padlint/arithmetic/windows.py",
        "floor_divide(n + lo - 1, stride) + 1)",
        "floor_divide(n + lo + 1, stride) + 1)",
        (WINDOWS, AGREEMENT),
        "pooling or MaxPool2d",
    ),
    Mutation(
        "same padding",
        "padlint/arithmetic/windows.py",
        "lo = floor_divide(total, 2)",
        "lo = -floor_divide(-total, 2)",
        (SAME,),
        "convolution or pool",
    ),
    Mutation(
        "normalisation",
        "padlint/layers/normalisation.py",
        'if _holds(arguments) is not True or isinstance(arguments["num_features"]',
        'if _holds(arguments) is True or isinstance(arguments["num_features"]',
        (AGREEMENT,),
        "Norm",
    ),
    Mutation(
        "linear",
        "padlint/layers/linear.py",
        '"in_features": inputs[0].shape[-1]',
        '"in_features": inputs[0].shape[1]',
        (AGREEMENT, "tests/layers/test_state.py"),
        "Linear",
    ),
    Mutation(
        "padding layers",
        "padlint/layers/padding.py",
        "else less(side, n) is False",
        "else less(n, side) is True",
        (AGREEMENT,),
        "Pad1d or Pad2d",
    ),
    Mutation(
        "reshape", "padlint/layers/reshape.py", "if start > end:", "if start >= end:", (AGREEMENT,), "latten or huffle"
    ),
    Mutation(
        "recurrent",
        "padlint/layers/recurrent.py",
        "if less(projected, hidden) is False:",
        "if less(hidden, projected) is True:",
        (AGREEMENT, "tests/layers/test_facts.py"),
        "RNN or LSTM or GRU or proj_size",
    ),
    Mutation(
        "solve",
        "padlint/arithmetic/reach.py",
        "(lacking - axis.stride + 1)",
        "(lacking - axis.stride - 1)",
        (SOLVE,),
        "complete or ranges",
    ),
)


def first_failure(copy: Path, tests: tuple[str, ...], words: str) -> str | None:
    """The test that fails, or None if all pass. Raises RuntimeError if they could not be run."""
    command = [
        sys.executable,
        "-m",
        "pytest",
        *tests,
        "-k",
        words,
        "-x",
        "-q",
        "--tb=no",
        "-rfE",
        "-p",
        "no:cacheprovider",
    ]
    environment = {**os.environ, "PYTHONDONTWRITEBYTECODE": "1"}
    done = subprocess.run(command, cwd=copy, env=environment, capture_output=True, text=True, check=False)
    if done.returncode not in (0, 1):
        raise RuntimeError(done.stdout + done.stderr)
    found = re.search(r"^(?:FAILED|ERROR) (.+?)(?: - .*)?$", done.stdout, re.MULTILINE)
    return found[1] if found else None


def survives(copy: Path, mutation: Mutation) -> bool:
    """Whether no test fails with this change, which is printed with the test that did."""
    path = copy / mutation.file
    text = path.read_text(encoding="utf-8")
    if text.count(mutation.before) != 1:
        raise RuntimeError(f"{mutation.file} has {mutation.before!r} {text.count(mutation.before)} times, not once")
    path.write_text(text.replace(mutation.before, mutation.after), encoding="utf-8")
    try:
        caught = first_failure(copy, mutation.tests, mutation.words)
    finally:
        path.write_text(text, encoding="utf-8")
    print(f"{mutation.family}\n  {mutation.file}: {mutation.before}  ->  {mutation.after}")
    print(f"  {'caught by ' + caught if caught else 'SURVIVES'}", flush=True)
    return caught is None


def main() -> int:
    """0 if every wrong rule is caught."""
    with TemporaryDirectory() as folder:
        copy = Path(folder)
        for name in ("padlint", "rules", "tests"):
            shutil.copytree(ROOT / name, copy / name, ignore=shutil.ignore_patterns("__pycache__"))
        shutil.copy(ROOT / "pyproject.toml", copy)
        tests = tuple(dict.fromkeys(path for mutation in MUTATIONS for path in mutation.tests))
        if failed := first_failure(copy, tests, " or ".join(mutation.words for mutation in MUTATIONS)):
            raise RuntimeError(f"fails without any change: {failed}")
        return int(any([survives(copy, mutation) for mutation in MUTATIONS]))


if __name__ == "__main__":
    sys.exit(main())
