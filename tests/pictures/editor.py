"""What a real editor shows: Neovim with a user interface attached, set up as the README says."""

from __future__ import annotations

import os
import re
import subprocess
import sysconfig
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import msgpack

from tests.pictures.svg import Row, Style

COLUMNS, LINES = 108, 26
NVIM = Path(sysconfig.get_path("scripts")) / "nvim"
"""Neovim as its wheel on PyPI brings it."""
PATIENCE = 600.0
VIEW = """
vim.o.number, vim.o.laststatus, vim.o.ruler, vim.o.showcmd, vim.o.termguicolors = true, 0, false, false, true
vim.o.wrap = false
vim.opt.fillchars = { eob = " " }
vim.api.nvim_set_hl(0, "LspInlayHint", { fg = "#7fb4ca", italic = true })
"""
SHOWN = """
vim.diagnostic.open_float({ scope = "line", header = "", border = "rounded", anchor_bias = "below" })
vim.cmd.redraw()
"""
SETTLED = "return #vim.lsp.inlay_hint.get() >= ... and #vim.diagnostic.get(0) > 0"


def screen(file: Path, readme: str, home: Path, line: int, hints: int) -> tuple[list[Row], str]:
    """The rows of Neovim's screen with a file open, the cursor on a line and at least so many hints, and the
    background."""
    setup = "\n".join(re.findall(r"^```lua\n(.*?)^```$", readme, flags=re.MULTILINE | re.DOTALL))
    with _neovim(file.parent, home) as editor:
        editor.request("nvim_ui_attach", COLUMNS, LINES, {"rgb": True, "ext_linegrid": True})
        editor.request("nvim_exec_lua", VIEW + setup, [])
        editor.request("nvim_cmd", {"cmd": "edit", "args": [str(file)]}, {})
        end = time.monotonic() + PATIENCE
        while not editor.request("nvim_exec_lua", SETTLED, [hints]):
            assert time.monotonic() < end, "no hints"
            time.sleep(0.1)
        editor.request("nvim_win_set_cursor", 0, [line, 0])
        editor.request("nvim_exec_lua", SHOWN, [])
        editor.request("nvim_get_mode")
        return editor.rows(), editor.background


class _Editor:
    """One end of Neovim's msgpack-rpc, and the grid that it tells us to draw."""

    def __init__(self, process: subprocess.Popen[bytes]) -> None:
        assert process.stdin is not None and process.stdout is not None
        self._in, self._out = process.stdin, process.stdout
        self._unpacker = msgpack.Unpacker(raw=False, strict_map_key=False)
        self._number = 0
        self._cells = [[(" ", 0)] * COLUMNS for _ in range(LINES)]
        self._looks: dict[int, dict[str, Any]] = {0: {}}
        self._foreground, self.background = "#ffffff", "#000000"

    def request(self, method: str, *arguments: object) -> Any:
        self._number += 1
        self._in.write(msgpack.packb([0, self._number, method, arguments]))
        self._in.flush()
        while True:
            for message in self._unpacker:
                if message[0] == 1 and message[1] == self._number:
                    assert message[2] is None, message[2]
                    return message[3]
                if message[0] == 2 and message[1] == "redraw":
                    for name, *calls in message[2]:
                        for call in calls:
                            self._draw(name, call)
            data = os.read(self._out.fileno(), 1 << 16)
            assert data, "the editor has gone"
            self._unpacker.feed(data)

    def _draw(self, name: str, call: Sequence[Any]) -> None:
        if name == "default_colors_set":
            self._foreground, self.background = _color(call[0]), _color(call[1])
        elif name == "hl_attr_define":
            self._looks[call[0]] = call[1]
        elif name == "grid_clear":
            self._cells = [[(" ", 0)] * COLUMNS for _ in range(LINES)]
        elif name == "grid_line":
            self._write(call[1], call[2], call[3])
        elif name == "grid_scroll":
            self._scroll(*call[1:6])

    def _write(self, line: int, column: int, cells: Sequence[Sequence[Any]]) -> None:
        look = 0
        for character, *more in cells:
            look = more[0] if more else look
            for _ in range(more[1] if len(more) > 1 else 1):
                self._cells[line][column] = (character or " ", look)
                column += 1

    def _scroll(self, top: int, bottom: int, left: int, right: int, rows: int) -> None:
        lines = range(top, bottom - rows) if rows > 0 else range(bottom - 1, top - rows - 1, -1)
        for line in lines:
            self._cells[line][left:right] = self._cells[line + rows][left:right]

    def rows(self) -> list[Row]:
        """The lines of the text, without those behind its end and the one for commands."""
        rows = [[(character, self._style(look)) for character, look in line] for line in self._cells[:-1]]
        while "".join(character for character, _ in rows[-1]).isspace():
            rows.pop()
        return list(rows)

    def _style(self, look: int) -> Style:
        drawn = self._looks[look]
        behind = _color(drawn["background"]) if "background" in drawn else None
        before = _color(drawn["foreground"]) if "foreground" in drawn else self._foreground
        if drawn.get("reverse"):
            before, behind = behind or self.background, before
        lined = any(name in drawn for name in ("underline", "undercurl"))
        under = (_color(drawn["special"]) if "special" in drawn else before) if lined else None
        return Style(before, behind, bool(drawn.get("bold")), under)


def _color(number: int) -> str:
    return f"#{number:06x}"


@contextmanager
def _neovim(directory: Path, home: Path) -> Iterator[_Editor]:
    environment = {
        **os.environ,
        "PATH": os.pathsep.join((sysconfig.get_path("scripts"), os.environ["PATH"])),
        **{f"XDG_{name}_HOME": str(home / name.lower()) for name in ("CONFIG", "DATA", "STATE", "CACHE")},
    }
    command = [str(NVIM), "--embed", "--clean", "-n"]
    with subprocess.Popen(
        command, cwd=directory, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as process:
        try:
            yield _Editor(process)
        finally:
            process.kill()
