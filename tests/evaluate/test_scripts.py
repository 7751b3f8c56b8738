"""Folders of scripts that each have modules of the same names: a script sees those beside it, as Python does."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from padlint.arithmetic.dims import Unknown
from padlint.evaluate.session import run_files
from padlint.evaluate.values import Instance, Value
from padlint.evaluate.world import World
from padlint.project import Project, find_roots
from tests.evaluate.judge import differences, executed

MODEL = "from torch import nn\nWIDTH = {width}\ndef net(c): return nn.Sequential(nn.Conv2d(c, {width}, 3))\nclass Net(nn.Sequential):\n    def __init__(self): super().__init__(nn.Linear({width}, 1))\n"
PLAIN = {"models.py": MODEL}
PACKAGE = {"models/__init__.py": "from .parts import *\n", "models/parts.py": MODEL}
SCRIPTS: dict[str, tuple[str, dict[str, str]]] = {
    "names": ("from models import net\ndef build(): return net(1)\n", PLAIN),
    "star": ("from models import *\ndef build(): return net(WIDTH)\n", PLAIN),
    "module": (
        "import models as m\nfrom torch import nn\ndef build(): return nn.Sequential(m.net(1), m.Net())\n",
        PLAIN,
    ),
    "in a try": (
        "try:\n    import models\nexcept ImportError:\n    models = None\nfrom torch import nn\ndef build(): return nn.Sequential(models.Net())\n",
        PLAIN,
    ),
    "package": ("from models import net\ndef build(): return net(WIDTH)\nfrom models.parts import WIDTH\n", PACKAGE),
    "package of packages": (
        "import models.parts\nfrom torch import nn\ndef build(): return nn.Sequential(models.parts.net(models.WIDTH))\n",
        PACKAGE,
    ),
    "base class": (
        "import models\nclass Own(models.Net):\n    pass\ndef build(): return Own()\n",
        {**PLAIN, "other.py": "from models import *\n"},
    ),
    "by another one": (
        "from other import net\ndef build(): return net(1)\n",
        {**PLAIN, "other.py": "from models import *\n"},
    ),
}


def written(folder: Path, name: str) -> list[Path]:
    """Two folders with the script and what it needs; only the widths differ."""
    script, files = SCRIPTS[name]
    for home, width in (("one", 5), ("two", 7)):
        for relative, text in {"main.py": script, **files}.items():
            path = folder / home / relative
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text.replace("{width}", str(width)))
    return sorted(folder.rglob("*.py"))


def said(paths: list[Path], home: str) -> list[Value]:
    sys.setrecursionlimit(20_000)
    runs = run_files(World(Project(find_roots(paths))), paths, lambda place: None)
    return [run.result for run in runs if run.root == "build" and run.place.path.endswith(f"{home}/main.py")]


@pytest.mark.parametrize("name", SCRIPTS)
@pytest.mark.parametrize("home", ["one", "two"])
def test_what_lies_beside_a_script(name: str, home: str, tmp_path: Path) -> None:
    claims = said(written(tmp_path, name), home)
    assert len(claims) == 1
    assert list(differences(claims[0], executed(tmp_path / home, "build"))) == []


def test_nothing_lies_beside_it(tmp_path: Path) -> None:
    """It depends on PYTHONPATH, which is not known: what is said, if anything, is true of either."""
    paths = written(tmp_path, "names")
    (tmp_path / "three").mkdir()
    (tmp_path / "three/main.py").write_text(
        "from models import Net\nfrom torch import nn\ndef build(): return nn.Sequential(Net())\n"
    )
    claims = said([*paths, tmp_path / "three/main.py"], "three")
    assert claims
    for claim in claims:
        assert isinstance(claim, Instance)
        assert [type(child) for child in claim.children.values()] == [Unknown]
