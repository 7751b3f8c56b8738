"""Every output format, read back by a schema or a library that knows the format."""

from __future__ import annotations

import json
import re
import xml.etree.ElementTree as ElementTree
from pathlib import Path
from typing import Any

import jsonschema
import junitparser
import pytest
from pydantic_sarif.model import StaticAnalysisResultsFormatSarifVersion210JsonSchema as Sarif

from padlint.finding import Finding
from padlint.report.formats import names, renderer
from padlint.syntax.lines import Lines
from tests.cli.samples import MODEL, context, finding, multi_line, span

HOSTILE = 'a\x1b[31m\x07\u202e\u2028\r\nb,:%<&">c'
FINDINGS = [multi_line(), finding()]


def render(name: str, findings: list[Finding], root: Path, text: str = MODEL, color: bool = False) -> str:
    return renderer(name)(findings, context(str(root), text, color))


def test_the_formats_are_the_documented_ones() -> None:
    documented = "full concise json json-lines sarif github gitlab junit rdjson pylint"
    assert sorted(names()) == sorted(documented.split())


# ---------------------------------------------------------------- for people


def test_full_shows_line_caret_shapes_evidence_and_fix(folder: Path) -> None:
    assert render("full", [finding()], folder) == (
        "PAD201 [*] Conv2d(kernel_size=3, padding=0) gives 28x28 from 30x30; same needs padding=1\n"
        "   --> models.py:10:5\n"
        "    |\n"
        " 10 |     nn.Conv2d(8, 8, 3, padding=0),  # padlint: same\n"
        "    |                        ^^^^^^^^^\n"
        "    |\n"
        "    = shapes: (N, 8, 30, 30) -> (N, 8, 28, 28) wanted: (N, 8, 30, 30)\n"
        "    = model: net, 1\n"
        "    = because: '# padlint: same' on line 10\n"
        "    = fix: set padding=1\n"
        "      -     nn.Conv2d(8, 8, 3, padding=0),  # padlint: same\n"
        "      +     nn.Conv2d(8, 8, 3, padding=1),  # padlint: same\n"
        "\n"
    )


def test_full_shows_call_and_argument_of_a_call_on_several_lines(folder: Path) -> None:
    shown = render("full", [multi_line()], folder)
    assert "  4 |     nn.Conv2d(\n... |\n  8 |         padding=1,\n    |         ^^^^^^^^^\n" in shown
    assert "= model: net, 0 with k=5\n" in shown
    assert "= fix (unsafe): set padding=2\n      -         padding=1,\n      +         padding=2,\n" in shown
    assert "= or: set kernel_size=3\n" in shown


@pytest.mark.parametrize(
    ("line", "first", "last", "before"),
    [
        ("\tf(padding=1)", 4, 13, "    f("),
        ("f('漢字', padding=1)", 9, 18, "f('----', "),
        ("f('e\u0301', padding=1)", 9, 18, "f('e', "),
        ("f('😀', padding=1)", 8, 17, "f('--', "),
        ("f('\x1b', padding=1)", 8, 17, "f('\\x1b', "),
    ],
    ids=["tab", "wide", "combining", "astral", "escape"],
)
def test_the_caret_stands_under_the_argument(folder: Path, line: str, first: int, last: int, before: str) -> None:
    place = span("m.py", 1, 1, last + 1)
    shown = render("full", [finding(span=place, highlight=span("m.py", 1, first, last), fix=None)], folder, line)
    caret = next(each for each in shown.splitlines() if "^" in each)
    assert caret == "    | " + " " * len(before) + "^" * 9


def test_concise_is_one_line_a_finding_with_a_star_for_safe_fixes(folder: Path) -> None:
    first, second = render("concise", FINDINGS, folder).splitlines()
    assert first == "models.py:4:5: PAD203 gives 30x30 from 32x32; 32x32 is stated"
    assert second.startswith("models.py:10:5: PAD201 [*] Conv2d(")


def test_places_in_notebooks_name_the_cell(folder: Path) -> None:
    place = span("nb.ipynb", 7, 12, 20, cell=3)
    one = finding("nb.ipynb", span=place, highlight=None, fix=None)
    assert renderer("concise")([one], context(str(folder))).startswith("nb.ipynb:cell 3:7:12: PAD201 ")


@pytest.mark.parametrize("name", ["full", "concise", "github", "pylint", "junit"])
def test_nothing_that_a_file_says_reaches_the_terminal_raw(folder: Path, name: str) -> None:
    binding = ((HOSTILE, HOSTILE),)
    bad = finding(HOSTILE, message=HOSTILE, evidence=(HOSTILE,), model=HOSTILE, binding=binding, picture=HOSTILE)
    shown = render(name, [bad], folder, text=MODEL.replace("8, 8, 3", "'\x1b]0;x\x07'"))
    assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028\u202e]", shown)


def test_names_that_are_not_utf_8_are_escaped(folder: Path) -> None:
    for name in names():
        render(name, [finding("caf\udce9.py")], folder).encode("utf-8")


# ---------------------------------------------------------------- for machines

POSITION = {
    "type": "object",
    "properties": {"line": {"type": "integer", "minimum": 1}, "column": {"type": "integer", "minimum": 1}},
    "required": ["line", "column"],
    "additionalProperties": False,
}
SHAPE = {"type": ["array", "null"], "items": {"type": ["integer", "string"]}}
TEXT = {"type": ["string", "null"]}
EDIT = {
    "path": {"type": "string"},
    "cell": {"type": ["integer", "null"]},
    "start": POSITION,
    "end": POSITION,
    "content": {"type": "string"},
}


def exactly(properties: dict[str, Any], nullable: bool = False) -> dict[str, Any]:
    kind = ["object", "null"] if nullable else "object"
    return {"type": kind, "properties": properties, "required": list(properties), "additionalProperties": False}


FIX = {
    "applicability": {"enum": ["safe", "unsafe"]},
    "message": {"type": "string"},
    "edits": {"type": "array", "items": exactly(EDIT)},
}
FINDING = exactly(
    {
        "code": {"type": "string", "pattern": r"^PAD\d{3}$"},
        "name": {"type": "string"},
        "message": {"type": "string"},
        "severity": {"enum": ["error", "warning", "information"]},
        "path": {"type": "string"},
        "cell": {"type": ["integer", "null"]},
        "start": POSITION,
        "end": POSITION,
        "highlight": exactly({"start": POSITION, "end": POSITION}, nullable=True),
        "model": TEXT,
        "layer": TEXT,
        "layer_type": TEXT,
        "input_shape": SHAPE,
        "output_shape": SHAPE,
        "expected_shape": SHAPE,
        "binding": {"type": ["object", "null"], "additionalProperties": {"type": "string"}},
        "evidence": {"type": "array", "items": {"type": "string"}},
        "fix": exactly(FIX, nullable=True),
        "alternatives": {"type": "array", "items": exactly(FIX)},
        "url": TEXT,
    }
)


def test_json_has_exactly_the_documented_keys(folder: Path) -> None:
    found = json.loads(render("json", FINDINGS, folder))
    jsonschema.validate(found, {"type": "array", "items": FINDING, "minItems": 2})
    assert found[0]["binding"] == {"k": "5"}
    assert found[1]["fix"]["edits"][0]["content"] == "1"
    assert json.loads(render("json", [], folder)) == []


def test_json_lines_are_the_objects_of_json(folder: Path) -> None:
    lines = render("json-lines", FINDINGS, folder).splitlines()
    assert [json.loads(line) for line in lines] == json.loads(render("json", FINDINGS, folder))
    assert render("json-lines", [], folder) == ""


def sarif(findings: list[Finding], root: Path) -> Any:
    text = render("sarif", findings, root)
    Sarif.model_validate_json(text)
    return json.loads(text)["runs"][0]


def test_sarif_is_valid_and_points_at_the_call(folder: Path) -> None:
    run = sarif(FINDINGS, folder)
    assert run["columnKind"] == "unicodeCodePoints"
    location = run["results"][1]["locations"][0]["physicalLocation"]
    assert location["artifactLocation"]["uri"] == "models.py"
    assert location["region"] == {"startLine": 10, "startColumn": 5, "endLine": 10, "endColumn": 34}
    for result in run["results"]:
        assert run["tool"]["driver"]["rules"][result["ruleIndex"]]["id"] == result["ruleId"]


def test_sarif_is_valid_without_findings(folder: Path) -> None:
    assert sarif([], folder)["results"] == []


def test_applying_a_sarif_fix_gives_the_fixed_line(folder: Path) -> None:
    result = sarif([finding()], folder)["results"][0]
    replacement = result["fixes"][0]["artifactChanges"][0]["replacements"][0]
    region, lines = replacement["deletedRegion"], Lines(MODEL)
    begin = lines.offset(region["startLine"], region["startColumn"])
    end = lines.offset(region["endLine"], region["endColumn"])
    fixed = MODEL[:begin] + replacement["insertedContent"]["text"] + MODEL[end:]
    assert fixed == MODEL.replace("padding=0", "padding=1")


def test_sarif_rules_carry_their_pages(folder: Path) -> None:
    for rule in sarif([], folder)["tool"]["driver"]["rules"]:
        assert rule["help"]["markdown"].startswith(f"# {rule['id']}: {rule['name']}\n")
        assert rule["shortDescription"]["text"]


def test_uris_are_relative_and_encoded(folder: Path) -> None:
    inside = sarif([finding(str(folder / "a b%é.py"))], folder)["results"][0]
    assert inside["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] == "a%20b%25%C3%A9.py"
    outside = sarif([finding("/elsewhere/m.py")], folder)["results"][0]
    assert outside["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] == "file:///elsewhere/m.py"


@pytest.mark.parametrize("name", ["sarif", "gitlab"])
def test_fingerprints_stay_when_lines_are_inserted_and_tell_findings_apart(folder: Path, name: str) -> None:
    def prints(findings: list[Finding]) -> list[str]:
        if name == "gitlab":
            return [issue["fingerprint"] for issue in json.loads(render("gitlab", findings, folder))]
        return [result["partialFingerprints"]["padlint/v1"] for result in sarif(findings, folder)["results"]]

    twice = [finding(), finding(), multi_line()]
    moved = [finding(span=span("models.py", 99, 5, 34), message="other numbers"), finding(), multi_line()]
    assert prints(twice) == prints(moved)
    assert len(set(prints(twice))) == 3


def test_gitlab_has_what_code_quality_asks_for(folder: Path) -> None:
    position = {"type": "object", "properties": {"begin": POSITION, "end": POSITION}, "required": ["begin", "end"]}
    issue = {
        "type": "object",
        "properties": {
            "description": {"type": "string", "minLength": 1},
            "check_name": {"type": "string", "minLength": 1},
            "fingerprint": {"type": "string", "minLength": 1},
            "severity": {"enum": ["info", "minor", "major", "critical", "blocker"]},
            "location": {
                "type": "object",
                "properties": {"path": {"type": "string", "pattern": r"^[^/.]"}, "positions": position},
                "required": ["path", "positions"],
            },
        },
        "required": ["description", "check_name", "fingerprint", "severity", "location"],
    }
    found = json.loads(render("gitlab", [finding(str(folder / "models.py")), multi_line()], folder))
    jsonschema.validate(found, {"type": "array", "items": issue, "minItems": 2})


def test_junit_is_read_back(folder: Path) -> None:
    for findings, failures in ((FINDINGS, 2), ([], 0), ([finding(HOSTILE, message=HOSTILE)], 1)):
        report = junitparser.JUnitXml.fromroot(ElementTree.fromstring(render("junit", findings, folder).encode()))
        report.update_statistics()
        assert (report.failures, report.errors, report.tests) == (failures, 0, max(1, failures))


def test_rdjson_columns_count_bytes(folder: Path) -> None:
    text = "f('漢😀', padding=1)\n"
    place = span("m.py", 1, 1, 19)
    one = finding("m.py", span=place, highlight=None, fix=None)
    diagnostic = json.loads(render("rdjson", [one], folder, text))["diagnostics"][0]
    end = diagnostic["location"]["range"]["end"]["column"]
    assert text.encode()[: end - 1].decode() == "f('漢😀', padding=1)"[:18]
    assert diagnostic["severity"] == "ERROR"


def test_github_commands_are_escaped(folder: Path) -> None:
    place = span("a,b:c%.py", 4, 5, 6, last_line=9)
    command = render("github", [finding(message="50% wrong", span=place, severity="information")], folder)
    assert command.startswith(
        "::notice title=padlint (PAD201 shape-not-same),file=a%2Cb%3Ac%25.py,line=4,col=5,endLine=9"
    )
    assert command.endswith("a,b:c%25.py:4:5: PAD201 50%25 wrong\n")
    assert command.count("\n") == 1


def test_pylint_lines_are_parseable(folder: Path) -> None:
    pattern = r"(?P<path>.+):(?P<line>\d+): \[(?P<code>\w+)\((?P<name>[\w-]+)\), (?P<object>.*)\] (?P<message>.+)"
    for line in render("pylint", FINDINGS, folder).splitlines():
        assert re.fullmatch(pattern, line)


def test_color_only_wraps(folder: Path) -> None:
    for name in ("full", "concise"):
        plain, colored = (render(name, FINDINGS, folder, color=color) for color in (False, True))
        assert re.sub("\x1b\\[[0-9;]*m", "", colored) == plain != colored
