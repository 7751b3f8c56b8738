"""Options that several commands share, and what becomes of them."""

from __future__ import annotations

import os
from argparse import ArgumentParser, ArgumentTypeError, Namespace
from collections.abc import Iterable, Mapping, Sequence

from padlint.cache import Cache, folder_of
from padlint.config import Settings
from padlint.config_files import Configurations, assignments
from padlint.disk import Disk
from padlint.errors import UsageError
from padlint.files import Files, discover
from padlint.progress import SILENT, Progress
from padlint.session import Session


def add_paths(parser: ArgumentParser) -> None:
    """PATHS, and how they and the settings for them are found."""
    parser.add_argument("paths", nargs="*", metavar="PATH", help="files and folders (default: the current folder)")
    parser.add_argument(
        "--input", action="append", metavar="SHAPE", help="input of every model: 3,32,32 or (N, 3, 32, 32)"
    )
    parser.add_argument(
        "--config", action="append", metavar="FILE|KEY=VALUE", help="use this configuration, or one setting"
    )
    parser.add_argument("--isolated", action="store_true", help="read no configuration file")
    parser.add_argument("--force-exclude", action="store_true", help="let exclude hold for files that are named, too")
    parser.add_argument("--no-cache", action="store_true", help="read and write no cache")
    parser.add_argument(
        "--jobs", type=_jobs, metavar="N", help="processes that work (default: as many as there are CPUs)"
    )
    parser.add_argument("--quiet", action="store_true", help="neither warnings nor a summary")
    parser.add_argument("--color", choices=("auto", "always", "never"), default="auto", help="colours (default: auto)")


def split(texts: Iterable[str]) -> list[str]:
    """The words of options that take lists, `--select PAD2,PAD301 --select PAD4`."""
    return [word.strip() for text in texts for word in text.split(",") if word.strip()]


def configurations(arguments: Namespace, values: dict[str, object], disk: Disk | None = None) -> Configurations:
    """The settings by folder, under what the command line says; `values` are a command's own options."""
    given: list[str] = arguments.config or []
    disk = disk or Disk()
    files = [text for text in given if disk.is_file(text) or "=" not in text]
    if len(files) > 1:
        raise UsageError(f"--config names two files, {files[0]} and {files[1]}")
    if files and arguments.isolated:
        raise UsageError("--isolated and --config FILE contradict each other")
    overrides = assignments(text for text in given if text not in files)
    if arguments.input:
        overrides["inputs"] = arguments.input
    if arguments.force_exclude:
        overrides["force-exclude"] = True
    return Configurations({**overrides, **values}, files[0] if files else None, arguments.isolated, disk=disk)


def _jobs(text: str) -> int:
    if not text.isdecimal() or int(text) < 1:
        raise ArgumentTypeError(f"must be a number from 1 up, not {text!r}")
    return int(text)


def session_of(
    arguments: Namespace,
    paths: Sequence[str],
    settings: Settings,
    disk: Disk,
    overlay: Mapping[str, bytes] | None = None,
    progress: Progress = SILENT,
) -> Session:
    """What the options that several commands share make of some files. `disk`: through which the command looks."""
    cache = None if arguments.no_cache else Cache(folder_of(settings))
    return Session(paths, settings, overlay, progress, cache, arguments.jobs or processors(), disk=disk)


def processors() -> int:
    """How many CPUs this process may use."""
    affinity = getattr(os, "sched_getaffinity", None)
    return len(affinity(0)) if affinity is not None else os.cpu_count() or 1


def found_files(arguments: Namespace, known: Configurations) -> Files:
    """The files that the paths name, the current folder's without any."""
    return discover(arguments.paths or ["."], known.for_directory, known.disk)


def by_settings(files: Files) -> dict[Settings, list[str]]:
    """The files grouped by the settings that hold for them."""
    groups: dict[Settings, list[str]] = {}
    for path, settings in files.found:
        groups.setdefault(settings, []).append(path)
    return groups
