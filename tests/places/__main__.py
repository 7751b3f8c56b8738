"""`python -m tests.places 500 --seed 7`: more projects of several files, judged as those of the tests."""

from __future__ import annotations

import argparse
import tempfile
from pathlib import Path

from tests.places.judge import inside, judge
from tests.places.projects import projects


def run() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.places", description=__doc__)
    parser.add_argument("count", type=int, nargs="?", default=150, help="how many projects (default: %(default)s)")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--keep", type=Path, help="where the projects that padlint is wrong about are left")
    arguments = parser.parse_args()
    findings = wrong = 0
    for number, project in enumerate(projects(arguments.count, arguments.seed)):
        with tempfile.TemporaryDirectory() as folder, inside(Path(folder)):
            try:
                findings += judge(project, Path(folder))
            except Exception as problem:
                wrong += 1
                print(f"{number}: {project.title}\n    {type(problem).__name__}: {problem}", flush=True)
                if arguments.keep is not None:
                    project.write(arguments.keep / str(number))
    print(f"{arguments.count} projects, {findings} findings, {wrong} projects wrong")
    return int(wrong > 0)


if __name__ == "__main__":
    raise SystemExit(run())
