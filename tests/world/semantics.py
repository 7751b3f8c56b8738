"""Does padlint state what Python computes? Programs in which numbers size layers are run by CPython, and read by padlint.

Short pieces about the language and its library (`idioms.py`), programs drawn at random (`scripts.py`), each as a module and as the body
of a function; `--corpus FOLDER` takes programs that others wrote instead, and sizes a layer by every whole number that a name of theirs
holds in the end. WRONG: what padlint states of a line is not what Python computes there, in any of its runs, and nothing says that
it is not sure. `unsure`: it states what Python computes, and more.
"""

from __future__ import annotations

import argparse
import ast
import json
import random
import re
import subprocess
import sys
import tempfile
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from pathlib import Path
from textwrap import indent
from typing import Any

from tests.world.asking import shapes
from tests.world.idioms import IDIOMS
from tests.world.levels import Judged, command
from tests.world.scripts import script

SIZE = 100
"""How many programs are drawn, besides the short pieces, in the tests."""
FORMS = "module", "function"
HEAD = "from torch import nn\n"
HARNESS = r"""
import json, os, sys, types, resource
asked = json.load(sys.stdin)
nn = types.ModuleType('torch.nn')
torch = types.ModuleType('torch')
torch.nn = nn
sys.modules.update({'torch': torch, 'torch.nn': nn})
nn.Sequential = lambda *layers: None
def run(path, flag, answer):
    seen = []
    nn.Linear = lambda n, m: seen.append((sys._getframe(1).f_lineno, n)) if type(n) is int else None
    os.environ['WORLD_FLAG'] = flag
    resource.setrlimit(resource.RLIMIT_CPU, (20, 20))
    os.chdir(os.path.dirname(path))
    sys.argv[:] = [path]
    sys.stdin = open(os.devnull)
    out = os.open(os.devnull, os.O_WRONLY)
    os.dup2(out, 1), os.dup2(out, 2)
    main = types.ModuleType('__main__')
    sys.modules['__main__'] = main
    try:
        exec(compile(open(path).read(), path, 'exec'), main.__dict__)
        failed = None
    except BaseException as problem:
        failed = repr(problem)
    with open(answer, 'w') as pipe:
        json.dump([failed, seen[:50000]], pipe)
for path, flag in asked:
    reading, writing = os.pipe()
    if os.fork() == 0:
        try:
            run(path, flag, writing)
        finally:
            os._exit(0)
    os.close(writing)
    with open(reading) as pipe:
        said = pipe.read()
    os.wait()
    print(said or '["ended", []]', flush=True)
"""


def written(size: int, seed: int) -> dict[str, str]:
    """The programs by name."""
    texts = {}
    for form in FORMS:
        for name, text in IDIOMS.items():
            draw = random.Random(f"{seed} {name}")
            numbers = dict(zip("ABC", map(str, draw.sample(range(3, 10), 3)), strict=True))
            filled = re.sub(r"\b[ABC]\b", lambda found, numbers=numbers: numbers[found[0]], text)
            texts[f"{name}, {form}"] = formed(f"{filled}\nprobe = nn.Sequential(nn.Linear(n, 1))\n", form)
        texts |= {f"{number}, {form}": formed(script(number, form, seed), form) for number in range(size)}
    return texts


def formed(text: str, form: str) -> str:
    return HEAD + (text if form == "module" else f"def program():\n{indent(text, '    ')}program()\n")


def of_corpus(folder: Path) -> dict[str, str]:
    """The programs of a folder, a layer at the end for each name that the module binds."""
    texts = {}
    for path in sorted(folder.rglob("*.py")):
        try:
            tree = ast.parse(source := path.read_text(encoding="utf-8"))
        except (SyntaxError, UnicodeDecodeError, ValueError):
            continue
        scopes = ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Lambda
        inner = {id(node) for scope in ast.walk(tree) if isinstance(scope, scopes) for node in ast.walk(scope)}
        names = {
            n.id: None
            for n in ast.walk(tree)
            if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store) and id(n) not in inner
        }
        probes = "".join(f"probe = nn.Sequential(nn.Linear({name}, 1))\n" for name in names)
        future = re.match(r"(?s).*from __future__[^\n]*\n", source)
        head = "" if future else HEAD
        texts[str(path.relative_to(folder))] = (
            head + source + ("" if source.endswith("\n") else "\n") + (HEAD if future else "") + probes
        )
    return texts


def computed(paths: Mapping[str, Path]) -> dict[str, dict[int, set[int]]]:
    """What sizes the layers of each line, in runs with the flag and without it; nothing of programs that fail."""
    asked = [(name, flag) for name in paths for flag in ("", "on")]
    words = json.dumps([(str(paths[name]), flag) for name, flag in asked])
    done = subprocess.run([sys.executable, "-c", HARNESS], input=words, capture_output=True, text=True, check=True)
    found: dict[str, dict[int, set[int]]] = {}
    failed = set()
    for (name, _), line in zip(asked, done.stdout.splitlines(), strict=True):
        problem, seen = json.loads(line)
        failed |= {name} if problem else set()
        for at, number in seen:
            found.setdefault(name, defaultdict(set))[at].add(number)
    return {name: lines for name, lines in found.items() if name not in failed}


def verdict(said: Iterable[Any], truth: set[int]) -> str:
    """What is said of a line's layers, against the numbers that Python gave there."""
    said = list(said)
    stated = {each for each in said if isinstance(each, int)}
    if not stated or not said:
        return "unknown"
    if not stated - truth:
        return "agree" if stated == truth and len(stated) == len(set(map(str, said))) else "partly"
    if truth & stated or len(stated) < len(set(map(str, said))):
        return "unsure"
    return "WRONG"


def judge(size: int = SIZE, seed: int = 0, corpus: Path | None = None) -> Judged:
    texts = written(size, seed) if corpus is None else of_corpus(corpus)
    kinds = "programs", "probes", "agree", "partly", "unsure", "unknown", "unreached", "WRONG"
    counts: Counter[str] = Counter(dict.fromkeys(kinds, 0))
    wrong: dict[str, str] = {}
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary).resolve()
        files = {name: folder / f"s{number:05}" / "main.py" for number, name in enumerate(texts)}
        for name, path in files.items():
            path.parent.mkdir()
            path.write_text(texts[name], encoding="utf-8")
        truths = computed(files)
        built = shapes(folder, [files[name].parent.name for name in truths])
    for name, truth in truths.items():
        counts["programs"] += 1
        said: dict[int, list[Any]] = defaultdict(list)
        for each in built[files[name].parent.name]:
            if "crash" in each:
                wrong[f"CRASH {name}"] = str(each["why"])
            elif each["layers"]:
                said[each["line"]].append((each["layers"][0]["args"] or {}).get("in_features"))
        counts["unreached"] += len(set(said) - set(truth))
        lines = texts[name].splitlines()
        for at, numbers in truth.items():
            what = verdict(said[at], numbers)
            counts["probes"] += 1
            counts[what] += 1
            if what == "WRONG":
                shown = f"Python {sorted(numbers)[:5]}, padlint {said[at][:5]}: {lines[at - 1].strip()}"
                wrong[f"WRONG {name}, line {at}"] = shown
    return Judged(counts, wrong)


def main() -> int:
    """With `--corpus FOLDER`, judge the programs there; else as the other judges."""
    parser = argparse.ArgumentParser(add_help=False)
    parser.add_argument("--corpus", type=Path)
    given, rest = parser.parse_known_args()
    if given.corpus is None:
        return command("semantics", __doc__, judge, SIZE, rest)
    judged = judge(corpus=given.corpus.resolve())
    print(*(f"{name}: {why}" for name, why in judged.wrong.items()), f"semantics: {judged}", sep="\n")
    return int(bool(judged.wrong))


if __name__ == "__main__":
    sys.exit(main())
