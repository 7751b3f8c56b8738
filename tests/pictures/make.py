"""The pictures of the README, made from the real thing: `python -m tests.pictures.make`."""

from __future__ import annotations

import tempfile
from pathlib import Path

from tests.pictures import editor, svg, terminal

REPOSITORY = Path(__file__).resolve().parents[2]
PICTURES = REPOSITORY / "docs" / "pictures"


def terminal_picture() -> str:
    return svg.picture(
        terminal.screen(["check", "examples"], REPOSITORY), terminal.BACKGROUND, "padlint check examples"
    )


def editor_picture(home: Path) -> str:
    readme = (REPOSITORY / "README.md").read_text(encoding="utf-8")
    file = REPOSITORY / "examples" / "small_cnn.py"
    rows, background = editor.screen(file, readme, home, line=17, hints=5)
    return svg.picture(rows, background, "Neovim with padlint's shapes behind the layers")


def main() -> None:
    PICTURES.mkdir(parents=True, exist_ok=True)
    (PICTURES / "terminal.svg").write_text(terminal_picture(), encoding="utf-8")
    with tempfile.TemporaryDirectory() as home:
        (PICTURES / "editor.svg").write_text(editor_picture(Path(home)), encoding="utf-8")


if __name__ == "__main__":
    main()
