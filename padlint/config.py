"""Settings: what `[tool.padlint]`, `padlint.toml` and the command line say.

A setting is declared once, as a field of `Settings`; its key is the field's name with dashes, its reader turns the TOML
value into the field's. The nearest configuration file counts alone; only `extend` joins another one.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import Field, dataclass, field, fields, replace
from functools import partial
from typing import TYPE_CHECKING, Any, Literal, TypeVar, Union

from padlint.errors import UsageError
from padlint.finding import Severity
from padlint.hints import did_you_mean

if TYPE_CHECKING:
    from padlint.arithmetic.dims import Dim

Intent = Literal["same", "valid", "same-upper", "same-lower"]
FailOn = Union[Severity, Literal["never", "not-analysed"]]
Shape = tuple["Dim", ...]

INTENTS: tuple[Intent, ...] = ("same", "valid", "same-upper", "same-lower")
SEVERITIES: tuple[Severity, ...] = ("error", "warning", "information")
NOT_ANALYSED: FailOn = "not-analysed"
FAIL_ON: tuple[FailOn, ...] = (*SEVERITIES, "never", NOT_ANALYSED)

T = TypeVar("T")


def _kind(value: object) -> str:
    names = {bool: "a boolean", str: "a string", list: "a list", dict: "a table", int: "a number", float: "a number"}
    return names.get(type(value), "a date")


def read_string(value: object) -> str:
    if not isinstance(value, str):
        raise UsageError(f"must be a string, not {_kind(value)}")
    return value


def read_flag(value: object) -> bool:
    if not isinstance(value, bool):
        raise UsageError(f"must be true or false, not {_kind(value)}")
    return value


def read_strings(value: object) -> tuple[str, ...]:
    if not isinstance(value, list):
        raise UsageError(f"must be a list of strings, not {_kind(value)}")
    return tuple(read_string(each) for each in value)


def read_table(value: object) -> Mapping[str, object]:
    if not isinstance(value, dict):
        raise UsageError(f"must be a table, not {_kind(value)}")
    return value


def _choice(choices: tuple[T, ...]) -> Callable[[object], T]:
    def read(value: object) -> T:
        for choice in choices:
            if choice == value:
                return choice
        listed = ", ".join(map(str, choices))
        raise UsageError(f"must be one of {listed}, not {value!r}")

    return read


def _fail_on(value: object) -> FailOn | tuple[FailOn, ...]:
    """At most one severity, or `never`; beside it, or beside the default, that what was not analysed fails."""
    found = dict.fromkeys(map(_choice(FAIL_ON), value if isinstance(value, list) else [value]))
    levels = [each for each in found if each != NOT_ANALYSED]
    if len(levels) > 1:
        raise UsageError(f"{levels[0]} and {levels[1]} contradict each other")
    level = levels[0] if levels else "warning"
    return (level, NOT_ANALYSED) if NOT_ANALYSED in found else level


def _entries(read: Callable[[object], T]) -> Callable[[object], tuple[tuple[str, T], ...]]:
    """A reader of tables whose values all are of one kind; the order of the file is kept."""
    return lambda value: tuple((key, at_key(key, read, each)) for key, each in read_table(value).items())


def at_key(key: str, read: Callable[[object], T], value: object) -> T:
    try:
        return read(value)
    except UsageError as problem:
        raise UsageError(f"{key}: {problem}") from None


def _shape(value: object) -> Shape:
    """A list is one sample, put into a batch; a string is exactly the tensor that torch would get."""
    from padlint.arithmetic.shapes import batched, parse_shape

    if isinstance(value, str):
        return parse_shape(value)
    if not isinstance(value, list) or not value:
        raise UsageError(f"must be a shape such as [3, 32, 32] or '(N, 3, 32, 32)', not {value!r}")
    if any(isinstance(size, bool) or not isinstance(size, (int, str)) for size in value):
        raise UsageError(f"must hold integers, names or '*', not {value!r}")
    return batched(parse_shape(", ".join(map(str, value))))


def _inputs(value: object) -> tuple[Shape, ...]:
    """One shape, or a list of them for a `forward` with several parameters."""
    if isinstance(value, list) and value and all(isinstance(each, list) for each in value):
        return tuple(_shape(each) for each in value)
    return (_shape(value),)


@dataclass(frozen=True, slots=True)
class ModelSettings:
    """What the configuration says of the models whose `module:qualified.name` fits `pattern` (`*`, `?`, `[...]`)."""

    pattern: str
    inputs: tuple[Shape, ...] = ()
    output: Shape | None = None
    intent: Intent | None = None
    keras: str | None = None


def _models(value: object) -> tuple[ModelSettings, ...]:
    return tuple(at_key(f"'{pattern}'", partial(_model, pattern), each) for pattern, each in read_table(value).items())


def _model(pattern: str, value: object) -> ModelSettings:
    model = ModelSettings(pattern)
    for key, each in read_table(value).items():
        if key == "input":
            model = replace(model, inputs=at_key(key, _inputs, each))
        elif key == "output":
            model = replace(model, output=at_key(key, _shape, each))
        elif key == "intent":
            model = replace(model, intent=at_key(key, _choice(INTENTS), each))
        elif key == "keras":
            model = replace(model, keras=at_key(key, read_string, each))
        else:
            raise UsageError(f"unknown key {key!r}{did_you_mean(key, ('input', 'output', 'intent', 'keras'))}")
    return model


def _command_line_inputs(value: object) -> tuple[Shape, ...]:
    from padlint.arithmetic.shapes import parse_input

    return tuple(parse_input(text) for text in read_strings(value))


def _key(read: Callable[[object], T], default: T, evaluated: bool = False) -> T:
    """A key of the configuration. `evaluated`: what evaluating a file gives depends on it, not only what is said of that."""
    return field(default=default, metadata={"read": read, "evaluated": evaluated})


def _option(read: Callable[[object], T], default: T) -> T:
    return field(default=default, metadata={"read": read, "option": True, "evaluated": True})


DEFAULT_EXCLUDE = (
    ".bzr .direnv .eggs .git .hg .ipynb_checkpoints .mypy_cache .nox .padlint_cache .pytest_cache .ruff_cache .svn "
    ".tox .venv .vscode __pycache__ __pypackages__ _build build dist node_modules site-packages venv"
)


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything that decides what padlint says of a file. `root` is the folder that patterns and paths are relative
    to, `source` the file the settings came from (None: defaults)."""

    root: str
    source: str | None = None
    required_version: str = _key(read_string, "")
    select: tuple[str, ...] = _key(read_strings, ("PAD",))
    extend_select: tuple[str, ...] = _key(read_strings, ())
    ignore: tuple[str, ...] = _key(read_strings, ())
    fixable: tuple[str, ...] = _key(read_strings, ("PAD",))
    unfixable: tuple[str, ...] = _key(read_strings, ())
    per_file_ignores: tuple[tuple[str, tuple[str, ...]], ...] = _key(_entries(read_strings), ())
    severity: tuple[tuple[str, Severity], ...] = _key(_entries(_choice(SEVERITIES)), ())
    fail_on: Union[FailOn, tuple[FailOn, ...]] = _key(_fail_on, "warning")
    exclude: tuple[str, ...] = _key(read_strings, tuple(DEFAULT_EXCLUDE.split()))
    extend_exclude: tuple[str, ...] = _key(read_strings, ())
    force_exclude: bool = _key(read_flag, False)
    search_path: tuple[str, ...] = _key(read_strings, (), evaluated=True)
    cache_dir: str = _key(read_string, "")
    models: tuple[ModelSettings, ...] = _key(_models, (), evaluated=True)
    inputs: tuple[Shape, ...] = _option(_command_line_inputs, ())
    keras: str | None = _key(read_string, None, evaluated=True)


def _readable() -> dict[str, Field[Any]]:
    return {each.name.replace("_", "-"): each for each in fields(Settings) if "read" in each.metadata}


def keys() -> tuple[str, ...]:
    """The keys that a configuration file may have."""
    found = [key for key, each in _readable().items() if "option" not in each.metadata]
    return (*found, "extend")


def read(values: Mapping[str, object], settings: Settings) -> Settings:
    """`settings` with the given keys set to what their TOML values mean."""
    readable = _readable()
    found = {readable[key].name: at_key(key, readable[key].metadata["read"], value) for key, value in values.items()}
    return replace(settings, **found)


def override(settings: Settings, values: Mapping[str, object]) -> Settings:
    """`settings` under the command line. `--select` says all that is wanted, so what the file selects and ignores is
    left out; `--ignore` and `--unfixable` add to the file's."""
    if "select" in values:
        settings = replace(settings, extend_select=(), ignore=())
    read_values = read(values, settings)
    if "ignore" in values:
        read_values = replace(read_values, ignore=settings.ignore + read_values.ignore)
    if "unfixable" in values:
        read_values = replace(read_values, unfixable=settings.unfixable + read_values.unfixable)
    return read_values


def evaluated_settings(settings: Settings) -> Settings:
    """Only what evaluating a file depends on; everything else as by default."""
    said = {each.name: getattr(settings, each.name) for each in _readable().values() if each.metadata["evaluated"]}
    return Settings(settings.root, **said)


def show(settings: Settings) -> str:
    """The settings as lines of `key = value`, sorted by key."""
    lines = [f"root = {settings.root!r}", f"source = {settings.source!r}"]
    values = {key: getattr(settings, each.name) for key, each in sorted(_readable().items())}
    return "\n".join([*lines, *(f"{key} = {_shown(value)}" for key, value in values.items())])


def _shown(value: object) -> str:
    if isinstance(value, ModelSettings):
        entries = (("input", value.inputs), ("output", value.output), ("intent", value.intent), ("keras", value.keras))
        shown = ", ".join(f"{key} = {_shown(each)}" for key, each in entries if each not in (None, ()))
        return f"{value.pattern!r}: {{{shown}}}"
    if isinstance(value, tuple):
        return "[" + ", ".join(map(_shown, value)) + "]"
    if isinstance(value, bool):
        return str(value).lower()
    return repr(value) if value is None or isinstance(value, str) else str(value)
