"""`[tool.padlint]`, `padlint.toml`, `--config`: what they say, and what is said of mistakes in them."""

from __future__ import annotations

from pathlib import Path

import pytest

from padlint.arithmetic.dims import symbol
from padlint.config import Settings
from padlint.config_files import Configurations
from padlint.errors import UsageError
from padlint.versions import satisfies
from tests.cli.conftest import Padlint

N = symbol("N", minimum=1)


def settings(values: dict[str, object] | None = None, directory: str = ".") -> Settings:
    return Configurations(values or {}).for_directory(directory)


def write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)


def test_models_are_read(folder: Path) -> None:
    write(
        folder / "pyproject.toml",
        '[tool.padlint.models."pkg.net:Net.*"]\n'
        'input = [3, 224, "W"]\noutput = "(B, 64, *)"\nintent = "same-upper"\n'
        '[tool.padlint.models."two:inputs"]\ninput = [[3, 8, 8], [10]]\n',
    )
    first, second = settings().models
    assert (first.pattern, first.intent) == ("pkg.net:Net.*", "same-upper")
    assert first.inputs == ((N, 3, 224, symbol("W", minimum=1)),)
    assert first.output is not None and [str(size) for size in first.output] == ["B", "64", "?"]
    assert second.inputs == ((N, 3, 8, 8), (N, 10))


def test_the_nearest_file_counts_alone(folder: Path) -> None:
    write(folder / "pyproject.toml", '[tool.padlint]\nselect = ["PAD1"]\nignore = ["PAD101"]\n')
    write(folder / "a/padlint.toml", 'select = ["PAD2"]\n')
    write(folder / "a/b/pyproject.toml", "[project]\nname = 'no padlint in it'\n")
    assert settings().select == ("PAD1",)
    assert (settings(directory="a/b").select, settings(directory="a/b").ignore) == (("PAD2",), ())
    assert settings(directory="c").ignore == ("PAD101",)


def test_extend_joins_another_file_key_by_key(folder: Path) -> None:
    write(folder / "base.toml", 'select = ["PAD1"]\nignore = ["PAD101"]\n')
    write(folder / "a/padlint.toml", 'extend = "../base.toml"\nselect = ["PAD2"]\n')
    found = settings(directory="a")
    assert (found.select, found.ignore, found.root) == (("PAD2",), ("PAD101",), str(folder / "a"))


def test_select_on_the_command_line_says_all_that_is_wanted(folder: Path) -> None:
    write(
        folder / "padlint.toml",
        'select = ["PAD1"]\nextend-select = ["PAD307"]\nignore = ["PAD201"]\nunfixable = ["PAD2"]\n',
    )
    found = settings({"select": ["PAD201"], "unfixable": ["PAD3"]})
    assert (found.select, found.extend_select, found.ignore) == (("PAD201",), (), ())
    assert found.unfixable == ("PAD2", "PAD3")
    assert settings({"ignore": ["PAD102"]}).ignore == ("PAD201", "PAD102")


def test_isolated_reads_nothing(padlint: Padlint, folder: Path) -> None:
    write(folder / "padlint.toml", "nonsense = 1\n")
    assert padlint("check", "--isolated", "--show-settings").code == 0


def test_show_settings_says_where_they_come_from(padlint: Padlint, folder: Path) -> None:
    write(folder / "padlint.toml", 'fail-on = "error"\n')
    done = padlint("check", "--show-settings", "--config", "force-exclude=true", "--input", "3,32,32")
    assert (done.code, done.err) == (0, "")
    lines = done.out.splitlines()
    assert f"source = '{folder / 'padlint.toml'}'" in lines
    assert {"fail-on = 'error'", "force-exclude = true", "inputs = [[N, 3, 32, 32]]"} <= set(lines)


def test_a_named_configuration_is_used_everywhere(padlint: Padlint, folder: Path) -> None:
    write(folder / "padlint.toml", 'fail-on = "error"\n')
    write(folder / "other.toml", 'fail-on = "never"\n')
    done = padlint("check", "--show-settings", "--config", "other.toml", "--config", "select=['PAD3']")
    assert "fail-on = 'never'" in done.out.splitlines()
    assert "select = ['PAD3']" in done.out.splitlines()


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ('selct = ["PAD1"]', "unknown key 'selct'; did you mean 'select'?"),
        ('select = "PAD1"', "select: must be a list of strings, not a string"),
        ("select = [1]", "select: must be a string, not a number"),
        ("select = ['PAD1']\nignore = ['PAD1']", "PAD1 is both in select and in ignore"),
        ("fixable = ['PAD1']\nunfixable = ['PAD1']", "PAD1 is both in fixable and in unfixable"),
        ("force-exclude = 'yes'", "force-exclude: must be true or false, not a string"),
        ("fail-on = 'eror'", "fail-on: must be one of error, warning, information, never, not-analysed, not 'eror'"),
        ("[severity]\nPAD101 = 'loud'", "severity: PAD101: must be one of error, warning, information, not 'loud'"),
        ("models = []", "models: must be a table, not a list"),
        ("[models.net]\nintnt = 'same'", "models: 'net': unknown key 'intnt'; did you mean 'intent'?"),
        ("[models.net]\nintent = 'full'", "intent: must be one of same, valid, same-upper, same-lower, not 'full'"),
        ("[models.net]\ninput = [3, -1]", "input: in the shape '3, -1' '-1' is not a size"),
        ("[models.net]\ninput = [3, 1.5]", "input: must hold integers, names or '*', not [3, 1.5]"),
        ("[models.net]\ninput = []", "input: must be a shape such as [3, 32, 32] or '(N, 3, 32, 32)', not []"),
        ("required-version = '>=99'", "required-version: >=99 is wanted, this is padlint "),
        ("required-version = 'new'", "required-version: 'new' is not a version specifier such as '>=0.2, <1'"),
        ("extend = 'padlint.toml'", "extends itself"),
        ("select = ", "not TOML: "),
        ("\x00", "not TOML: "),
    ],
)
def test_a_wrong_configuration_is_one_line_with_the_file(folder: Path, text: str, complaint: str) -> None:
    write(folder / "padlint.toml", text)
    with pytest.raises(UsageError) as problem:
        settings()
    message = str(problem.value)
    assert message.startswith(str(folder / "padlint.toml"))
    assert complaint in message
    assert "\n" not in message


def test_two_files_in_one_folder_contradict_each_other(folder: Path) -> None:
    write(folder / "padlint.toml", "")
    write(folder / "pyproject.toml", "[tool.padlint]\n")
    with pytest.raises(UsageError, match=r"both padlint\.toml and pyproject\.toml"):
        settings()


@pytest.mark.parametrize(
    ("version", "specifier", "holds"),
    [
        ("0.2.0", "0.2", True),
        ("0.2.0", "==0.2.0", True),
        ("0.2.1", "0.2", False),
        ("0.2.1", "==0.2.*", True),
        ("0.3", "!=0.2.*", True),
        ("0.2.1", ">=0.2, <1", True),
        ("0.10", ">0.9", True),
        ("0.10", "<=0.9", False),
        ("1.4.5", "~=1.4", True),
        ("2.0", "~=1.4", False),
        ("1.4.5", "~=1.4.2", True),
        ("1.5", "~=1.4.2", False),
    ],
)
def test_required_version_means_what_pip_means(version: str, specifier: str, holds: bool) -> None:
    from packaging.specifiers import SpecifierSet

    written = specifier if specifier[0] in "=!<>~" else f"=={specifier}"
    assert satisfies(version, specifier) is holds is (version in SpecifierSet(written))
