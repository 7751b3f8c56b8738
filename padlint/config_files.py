"""Where settings come from: the nearest `padlint.toml` or `pyproject.toml` of each folder, `--config`, `--isolated`."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Mapping
from dataclasses import replace

from padlint import __version__
from padlint.config import Settings, at_key, keys, override, read, read_string, read_strings, read_table
from padlint.disk import Disk
from padlint.errors import UsageError
from padlint.hints import did_you_mean
from padlint.versions import satisfies

NAMES = ("padlint.toml", "pyproject.toml")


def load(path: str, disk: Disk) -> Settings:
    """The settings of one configuration file. Raises UsageError for what it says wrong, UnreadableError if it cannot be
    read; both name the file."""
    table = _padlint_table(path, disk.read(path, path))
    if table is None:
        raise UsageError(f"{path}: no [tool.padlint] in it")
    return _settings(path, table, (), disk)


def _settings(path: str, table: Mapping[str, object], seen: tuple[str, ...], disk: Disk) -> Settings:
    root = os.path.dirname(os.path.abspath(path))
    try:
        settings = Settings(root)
        if "extend" in table:
            base = os.path.join(root, at_key("extend", read_string, table["extend"]))
            settings = _extended(base, (*seen, disk.real(path)), disk)
        for key in table:
            if key not in keys():
                raise UsageError(f"unknown key {key!r}{did_you_mean(key, keys())}")
        settings = read({key: value for key, value in table.items() if key != "extend"}, settings)
        _refuse_contradictions(table)
        _require_version(settings.required_version)
    except UsageError as problem:
        raise UsageError(f"{path}: {problem}") from None
    return replace(settings, root=root, source=path)


def _extended(path: str, seen: tuple[str, ...], disk: Disk) -> Settings:
    if disk.real(path) in seen:
        raise UsageError(f"extend: {path} extends itself")
    table = _padlint_table(path, disk.read(path, path))
    if table is None:
        raise UsageError(f"extend: {path} has no [tool.padlint]")
    return _settings(path, table, seen, disk)


def _refuse_contradictions(table: Mapping[str, object]) -> None:
    """One file that asks for a rule and against it; a file may well ignore what the one that it extends selects."""
    for one, other in (("select", "ignore"), ("extend-select", "ignore"), ("fixable", "unfixable")):
        both = set(read_strings(table.get(one, []))) & set(read_strings(table.get(other, [])))
        if both:
            raise UsageError(f"{min(both)} is both in {one} and in {other}")


def _require_version(wanted: str) -> None:
    if wanted and not at_key("required-version", lambda text: satisfies(__version__, read_string(text)), wanted):
        raise UsageError(f"required-version: {wanted} is wanted, this is padlint {__version__}")


def _padlint_table(path: str, data: bytes) -> Mapping[str, object] | None:
    """The part of a TOML file that is padlint's: all of padlint.toml, `tool.padlint` of every other file."""
    own = os.path.basename(path) != "pyproject.toml"
    if not own and b"padlint" not in data:
        return None  # spares the import of a TOML parser
    document = parse_toml(data, path)
    tool = document.get("tool")
    table = tool.get("padlint") if isinstance(tool, dict) else None
    if table is None:
        return document if own else None
    return at_key(f"{path}: tool.padlint", read_table, table)


def parse_toml(data: bytes, origin: str) -> Mapping[str, object]:
    """A TOML document. Raises UsageError with the parser's message."""
    if sys.version_info >= (3, 11):
        import tomllib
    else:
        import tomli as tomllib
    try:
        return tomllib.loads(data.decode("utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, RecursionError) as problem:
        raise UsageError(f"{origin}: not TOML: {problem}") from None


class Configurations:
    """The settings for each folder: those of the nearest configuration file at or above it, under the command line.

    `file` is the one configuration to use everywhere; `isolated` says that none is read. `home`: the folder that paths are
    relative to where no file says so, the current one if none is given. `disk`: through which they are read, and with them
    all else of one command.
    """

    def __init__(
        self,
        values: Mapping[str, object],
        file: str | None = None,
        isolated: bool = False,
        home: str | None = None,
        disk: Disk | None = None,
    ) -> None:
        self._values = values
        self._home = home
        self.disk = disk or Disk()
        self._known: dict[str, Settings | None] = {}
        self._everywhere: Settings | None = None
        if file is not None:
            self._everywhere = self._final(replace(load(file, self.disk), root=os.getcwd()))
        elif isolated:
            self._everywhere = self._default()

    def for_directory(self, directory: str) -> Settings:
        """The settings for the files of a folder. Raises UsageError or UnreadableError for a wrong file."""
        return self._everywhere or self._nearest(os.path.abspath(directory)) or self._default()

    def _default(self) -> Settings:
        return self._final(Settings(self._home or os.getcwd()))

    def _final(self, settings: Settings) -> Settings:
        return override(settings, self._values)

    def _nearest(self, directory: str) -> Settings | None:
        if directory not in self._known:
            parent = os.path.dirname(directory)
            own = _configuration_in(directory, self.disk)
            if own is not None:
                self._known[directory] = self._final(own)
            else:
                self._known[directory] = self._nearest(parent) if parent != directory else None
        return self._known[directory]


def _configuration_in(directory: str, disk: Disk) -> Settings | None:
    paths = (os.path.join(directory, name) for name in NAMES)
    tables = [(path, _padlint_table(path, disk.read(path, path))) for path in paths if disk.is_file(path)]
    found = [(path, table) for path, table in tables if table is not None]
    if len(found) > 1:
        raise UsageError(f"{directory}: both padlint.toml and pyproject.toml configure padlint; keep one")
    return _settings(*found[0], (), disk) if found else None


def assignments(texts: Iterable[str]) -> dict[str, object]:
    """The `KEY=VALUE` of `--config`; the value is TOML, or, where it is not, a string."""
    values: dict[str, object] = {}
    for text in texts:
        key, _, value = text.partition("=")
        key = key.strip()
        if key not in keys() or key == "extend":
            raise UsageError(f"--config {text}: unknown key {key!r}{did_you_mean(key, keys())}")
        try:
            document = parse_toml(f"value = {value}".encode(), text)
        except UsageError:
            document = {"value": value.strip()}
        values[key] = document["value"]
    return values
