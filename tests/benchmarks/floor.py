"""What nobody who reads models with LibCST can avoid: the CPU seconds to parse the top-level statements that mention a
Sequential, and nothing else. Printed for a folder; the import of LibCST is not counted."""

from __future__ import annotations

import ast
import sys
import time
from pathlib import Path

import libcst


def statements(text: str) -> list[str]:
    lines = text.splitlines(keepends=True)
    found = []
    for node in ast.parse(text).body:
        decorators = getattr(node, "decorator_list", [])
        first = min([node.lineno, *(each.lineno for each in decorators)])
        found.append("".join(lines[first - 1 : node.end_lineno]))
    return [each for each in found if "Sequential" in each]


def main(folder: str) -> None:
    wanted = [each for path in Path(folder).rglob("*.py") for each in statements(path.read_text(encoding="utf-8"))]
    began = time.process_time()
    for each in wanted:
        libcst.parse_module(each)
    print(time.process_time() - began)


if __name__ == "__main__":
    main(sys.argv[1])
