"""JUnit's XML: one suite a file, one failed test a finding; one passed test where there is none."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby
from xml.etree import ElementTree

from padlint.finding import Finding
from padlint.report.context import Context
from padlint.report.terminal import printable
from padlint.where import exactly


def render(findings: Sequence[Finding], context: Context) -> str:
    suites = ElementTree.Element("testsuites", name="padlint", tests=str(max(1, len(findings))))
    suites.set("failures", str(len(findings)))
    for path, group in groupby(findings, key=lambda finding: context.relative(finding.span.path)):
        _add_suite(suites, printable(path), list(group))
    if not findings:
        suite = ElementTree.SubElement(suites, "testsuite", name="padlint", tests="1", failures="0", errors="0")
        ElementTree.SubElement(suite, "testcase", name="no findings", classname="padlint")
    ElementTree.indent(suites)
    return '<?xml version="1.0" encoding="utf-8"?>\n' + ElementTree.tostring(suites, encoding="unicode") + "\n"


def _add_suite(suites: ElementTree.Element, path: str, findings: Sequence[Finding]) -> None:
    count = str(len(findings))
    suite = ElementTree.SubElement(suites, "testsuite", name=path, tests=count, failures=count, errors="0")
    for finding in findings:
        line, column = finding.span.start.line, finding.span.start.column
        name = f"{finding.code} {finding.name}"
        case = ElementTree.SubElement(suite, "testcase", name=name, classname=path, line=str(line), column=str(column))
        message = printable(finding.message)
        failure = ElementTree.SubElement(case, "failure", message=message, type=finding.severity)
        failure.text = f"{printable(exactly(finding.span))}: {finding.code} {message}"
