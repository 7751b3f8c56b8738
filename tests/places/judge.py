"""Whether what padlint says of a project's places is so: the project knows where it put what, torch whether it raises."""

from __future__ import annotations

import contextlib
import io
import json
import os
import re
import runpy
import sys
import xml.etree.ElementTree as ElementTree
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from padlint.cli import main
from tests.inputs.judge import packages
from tests.places.projects import Mark, Project

PLACE = (
    r"(?:line (?P<line>\d+)|cell (?P<cell>\d+):(?P<in_cell>\d+)|"
    r"(?P<path>[\w./-]+\.(?:py|ipynb)):(?:cell (?P<there>\d+):)?(?P<at>\d+))"
)
EVIDENCE = (
    (re.compile(rf"{PLACE}: (?P<what>\w+)"), "{what}"),
    (re.compile(rf"[\w-]+ is declared for the layer at {PLACE}$"), "layer"),
    (re.compile(rf"[\w-]+ is declared for this call at {PLACE}$"), "module"),
    (re.compile(rf"[\w-]+ is declared for (?P<what>\w+) at {PLACE}$"), "{what}"),
    (re.compile(rf"the output is stated at {PLACE}$"), "layer or class"),
    (re.compile(rf"forward says what it returns at {PLACE}$"), "returns"),
    (re.compile(rf"the layer that gets \w+ is built at {PLACE}$"), "layer"),
    (re.compile(rf"[\w.]*?(?P<what>\w+) at {PLACE} gives \("), "{what}"),
    (re.compile(r"(?:same|the output) is configured for '[\w.]+:block'$"), ""),
)
CALLED = re.compile(rf"\(with .*, called at {PLACE}(?: for (?P<root>[\w.]+))?\)$")
FORMATS = ("full", "concise", "json", "json-lines", "sarif", "github", "gitlab", "junit", "rdjson", "pylint")
OPERATIONS = ("cat", "add", "view", "max_pool2d")
Finding = Mapping[str, Any]


class Wrong(AssertionError):
    """padlint said something of a place that is not so."""


def judge(project: Project, folder: Path) -> int:
    """How many findings a project has, all of which are right. Raises Wrong. The current folder is the one that the project
    is written to."""
    project.write(folder)
    found = _checked(project, folder)
    errors = [each for each in found if each["severity"] == "error"]
    raised = _raises(project, folder)
    if raised is not None or project.declared:
        _hold(bool(errors) or not project.known, f"nothing found; torch says: {raised}")
    else:
        _hold(not errors, f"a false alarm: {errors}")
    for finding in found:
        _finding(project, finding)
    _formats(project, folder, found)
    _shapes(project)
    for mark in [mark for mark in project.marks if _is_layer(project, mark)][:2]:
        _explained(project, mark)
    _inferred(project)
    return len(found)


def _hold(holds: bool, complaint: str) -> None:
    if not holds:
        raise Wrong(complaint)


def _raises(project: Project, folder: Path) -> str | None:
    """What torch says of the program, if it does."""
    known = {*sys.modules}
    where = str(folder / Path(project.caller).parent)
    sys.path.insert(0, where)
    try:
        with packages(), contextlib.redirect_stdout(io.StringIO()):
            if project.caller.endswith(".ipynb"):
                exec(compile(project.program, project.caller, "exec"), {"__name__": "__main__"})
            else:
                runpy.run_path(str(folder / project.caller), run_name="__main__")
    except (RuntimeError, ValueError) as problem:
        return f"{type(problem).__name__}: {problem}"
    finally:
        sys.path.remove(where)
        for name in {*sys.modules} - known:
            if str(getattr(sys.modules[name], "__file__", None)).startswith(str(folder)):
                del sys.modules[name]
    return None


def _ran(*words: str) -> str:
    out, err = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        code = main(words)
    _hold(code in (0, 1), f"padlint {' '.join(words)}: {code}: {err.getvalue()}")
    return out.getvalue()


def _checked(project: Project, folder: Path) -> list[dict[str, Any]]:
    targets = [word for name in FORMATS for word in ("--output-format", f"{name}:out.{name}")]
    _ran("check", "--no-cache", "--quiet", "--jobs", "1", *targets, *_paths(project))
    found: list[dict[str, Any]] = json.loads((folder / "out.json").read_text(encoding="utf-8"))
    lines = (folder / "out.json-lines").read_text(encoding="utf-8").splitlines()
    _hold([json.loads(line) for line in lines] == found, "JSON lines are not the objects of JSON")
    return found


def _paths(project: Project) -> list[str]:
    return sorted(path for path in project.texts if path.endswith((".py", ".ipynb")))


# ---------------------------------------------------------------- findings


def _finding(project: Project, finding: Finding) -> None:
    here = _marks_at(project, finding["path"], finding["cell"], finding["start"])
    _hold(bool(here), f"nothing stands where this is: {finding}")
    kind = (finding["layer_type"] or "").rpartition(".")[2]
    _hold(not kind or kind in {mark.what for mark in here}, f"no {kind} stands there: {finding}")
    own = [mark for mark in here if (mark.what == kind if kind else mark.what in OPERATIONS)]
    if kind and any(mark.model == "*" for mark in own):  # a helper's layer hangs wherever it is used
        own = [mark for mark in project.marks if mark.what == kind]
    if own and any(mark.model for mark in own):
        named = {(mark.model, mark.layer) for mark in own}
        _hold((finding["model"], finding["layer"]) in named, f"it is {named}: {finding}")
    if (highlight := finding["highlight"]) is not None:
        _hold(highlight["start"]["line"] == finding["start"]["line"], f"the highlight is elsewhere: {finding}")
    for text in finding["evidence"]:
        _evidence(project, finding, text)
    if "called at" in finding["message"]:
        match = CALLED.search(finding["message"])
        _hold(match is not None, f"not understood: {finding}")
        assert match is not None
        whats = {mark.what for mark in _told(project, finding, match)}
        _hold(any(what.startswith("call:") for what in whats), f"nothing is called there: {finding}")
    fixes = [each for each in [finding["fix"], *finding["alternatives"]] if each is not None]
    for edit in (edit for fix in fixes for edit in fix["edits"]):
        _hold(bool(project.at(edit["path"], edit["cell"], edit["start"]["line"])), f"nothing stands at {edit}")
    for fix in fixes:
        if (match := re.search(rf" at {PLACE}$", fix["message"])) is not None:
            lines = {(edit["path"], edit["cell"], edit["start"]["line"]) for edit in fix["edits"]}
            _hold(_resolved(finding, match) in lines, f"the fix is elsewhere: {finding}")


def _marks_at(project: Project, path: str, cell: int | None, start: Mapping[str, int]) -> list[Mark]:
    return [mark for mark in project.at(path, cell, start["line"]) if mark.column == start["column"]]


def _evidence(project: Project, finding: Finding, text: str) -> None:
    for pattern, wanted in EVIDENCE:
        match = pattern.match(text)
        if match is None:
            continue
        if not wanted:
            return
        marks = _told(project, finding, match)
        named = wanted.format(what=match.groupdict().get("what"))
        whats = {mark.what for mark in marks}
        if "layer" in named or named == "module":
            good = any(mark.model is not None and mark.what not in OPERATIONS for mark in marks) or "block" in whats
        else:
            good = named in whats
        _hold(good, f"no {named} stands there but {whats or 'nothing'}: {text!r} of {finding}")
        return
    raise Wrong(f"not understood: {text!r} of {finding}")


def _told(project: Project, finding: Finding, match: re.Match[str]) -> list[Mark]:
    return project.at(*_resolved(finding, match))


def _resolved(reader: Finding, match: re.Match[str]) -> tuple[str, int | None, int]:
    """What a place in words means for a reader at a finding."""
    said = match.groupdict()
    if said["line"]:
        return reader["path"], reader["cell"], int(said["line"])
    if said["cell"]:
        return reader["path"], int(said["cell"]), int(said["in_cell"])
    return said["path"], int(said["there"]) if said["there"] else None, int(said["at"])


# ---------------------------------------------------------------- formats


def _formats(project: Project, folder: Path, found: Sequence[Finding]) -> None:
    """Every format has the findings where JSON has them, and says of each what JSON says."""
    said = {name: (folder / f"out.{name}").read_text(encoding="utf-8") for name in FORMATS}
    for name, lines in (("concise", _concise), ("full", _full), ("github", _github), ("pylint", _pylint)):
        _hold(list(lines(said[name])) == [lines_of(name, each) for each in found], f"{name}: {said[name]}")
    _hold(list(_sarif(said["sarif"])) == [_region(each) for each in found], f"sarif: {said['sarif']}")
    _hold(list(_rdjson(said["rdjson"])) == [_region(each) for each in found], f"rdjson: {said['rdjson']}")
    gitlab = [
        (each["location"]["path"], each["location"]["positions"]["begin"]["line"])
        for each in json.loads(said["gitlab"])
    ]
    _hold(gitlab == [(each["path"], each["start"]["line"]) for each in found], f"gitlab: {said['gitlab']}")
    cases = [case for case in ElementTree.fromstring(said["junit"]).iter("testcase") if case.get("line")]
    junit = [
        (case.get("classname"), int(case.get("line") or 0), (case[0].text or "").partition(": ")[0]) for case in cases
    ]
    _hold(junit == [(each["path"], each["start"]["line"], _exactly(each)) for each in found], f"junit: {said['junit']}")
    for each in found:
        shown = [f"because: {reason}" for reason in each["evidence"]]
        _hold(all(line in said["full"] for line in shown), f"full lacks some of {shown}")
        text = _line(project, each["path"], each["cell"], each["start"]["line"])
        _hold(f"{each['start']['line']} | {text}".rstrip() in said["full"], f"full does not show {text!r}")
        in_cell = f"cell {each['cell']}"
        for name in FORMATS if each["cell"] is not None else ():
            wanted = '"cell": ' if name.startswith("json") else in_cell
            _hold(wanted in said[name], f"{name} does not say the cell")


def _exactly(finding: Finding) -> str:
    cell = f"cell {finding['cell']}:" if finding["cell"] is not None else ""
    return f"{finding['path']}:{cell}{finding['start']['line']}:{finding['start']['column']}"


def lines_of(name: str, finding: Finding) -> object:
    if name == "github":
        line = None if finding["cell"] is not None else str(finding["start"]["line"])
        return finding["path"], line, _exactly(finding)
    if name == "pylint":
        return f"{finding['path']}:{finding['start']['line']}"
    return _exactly(finding)


def _concise(text: str) -> Iterator[object]:
    return (re.split(r": PAD\d", line)[0] for line in text.splitlines())


def _full(text: str) -> Iterator[object]:
    return (line.partition("--> ")[2] for line in text.splitlines() if line.lstrip().startswith("--> "))


def _pylint(text: str) -> Iterator[object]:
    return (line.partition(": [")[0] for line in text.splitlines())


def _github(text: str) -> Iterator[object]:
    for line in text.splitlines():
        head, _, message = line.removeprefix("::").partition("::")
        values = dict(each.partition("=")[::2] for each in head.partition(" ")[2].split(","))
        yield values["file"], values.get("line"), re.split(r": PAD\d", message)[0]


def _region(finding: Finding) -> object:
    return finding["path"], None if finding["cell"] is not None else (
        finding["start"]["line"],
        finding["start"]["column"],
    )


def _sarif(text: str) -> Iterator[object]:
    for each in json.loads(text)["runs"][0]["results"]:
        location = each["locations"][0]["physicalLocation"]
        region = location.get("region")
        uri = unquote(location["artifactLocation"]["uri"])
        yield uri, None if region is None else (region["startLine"], region["startColumn"])


def _rdjson(text: str) -> Iterator[object]:
    for each in json.loads(text)["diagnostics"]:
        start = each["location"].get("range", {}).get("start")
        yield each["location"]["path"], None if start is None else (start["line"], start["column"])


def _line(project: Project, path: str, cell: int | None, line: int) -> str:
    text = project.texts[path]
    if cell is not None:
        text = "".join(json.loads(text)["cells"][cell - 1]["source"])
    return text.splitlines()[line - 1]


# ---------------------------------------------------------------- other commands


def _shapes(project: Project) -> None:
    """Every Sequential and every layer in it stands where it is said to stand."""
    said = json.loads(_ran("shapes", "--no-cache", "--jobs", "1", "--output-format", "json", *_paths(project)))
    for each in said["sequentials"]:
        marks = _marks_at(project, each["path"], each["cell"], {"line": each["line"], "column": each["col"] + 1})
        _hold("Sequential" in {mark.what for mark in marks}, f"no Sequential stands there: {each}")
        _layers(project, each["layers"])


def _layers(project: Project, layers: Sequence[Mapping[str, Any]]) -> None:
    for layer in layers:
        if layer["line"]:
            whats = {mark.what for mark in project.at(layer["path"], layer["cell"], layer["line"])}
            _hold(layer["type"].rpartition(".")[2] in whats, f"another layer stands there: {layer}: {whats}")
        _layers(project, layer.get("layers", ()))


def _is_layer(project: Project, mark: Mark) -> bool:
    """Is a layer of torch written there, not the call of a helper that gives one?"""
    beside = project.at(mark.path, mark.cell, mark.line)
    called = any(other.what.startswith("call:") and other.column == mark.column for other in beside)
    return mark.layer is not None and mark.what not in ("Sequential", *OPERATIONS) and not called


def _explained(project: Project, mark: Mark) -> None:
    """A layer is explained at its place, and called where it says."""
    cell = f"cell {mark.cell}:" if mark.cell is not None else ""
    for line in _ran("explain", f"{mark.path}:{cell}{mark.line}").splitlines():
        reader = {"path": mark.path, "cell": mark.cell}
        if line.startswith(f"{mark.path}:"):
            _hold(line.startswith(f"{mark.path}:{cell}{mark.line}:"), f"not asked for: {line}")
        elif (match := re.search(rf"\(called at {PLACE}\)", line)) is not None:
            whats = {each.what for each in _told(project, reader, match)}
            _hold("use" in whats, f"nothing is called there: {line}")
        else:
            _hold("called at" not in line, f"not understood: {line}")


def _inferred(project: Project) -> None:
    """Every directive is for something, and proved by a call, that stand where they are said to stand."""
    for line in _ran("infer", *_paths(project)).splitlines():
        places = list(re.finditer(PLACE, line))
        _hold(len(places) > 1, f"not understood: {line}")
        for match in places:
            _hold(bool(_told(project, {}, match)), f"nothing stands there: {line}")
        whats = {mark.what for match in places[1:] for mark in _told(project, {}, match)}
        _hold(bool(whats & {"use", "MNIST", "summary"}), f"nothing is called there: {line}")


@contextlib.contextmanager
def inside(folder: Path) -> Iterator[None]:
    """This folder as the current one."""
    before = Path.cwd()
    os.chdir(folder)
    try:
        yield
    finally:
        os.chdir(before)
