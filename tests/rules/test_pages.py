"""The rules' pages tell the truth: padlint reports what they mark, and torch says what they say it says."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import torch
from torch import nn
from torch.nn import functional

from padlint.checks import rules
from padlint.pages import Page, pages, sections
from tests.rules.conftest import Linter
from tests.rules.examples import Example, blocks
from tests.rules.judge import Outcome, run, shape

SECTIONS = ["What it does", "Why is this bad?", "Example", "Use instead", "Fix safety", "References"]
README = Path(__file__).parents[2] / "README.md"
ABOUT_TORCH = r"PAD[1-9]\d\d"
"""The rules below are about files and comments, of which torch has no opinion."""


def options(page: Page) -> list[str]:
    """An opt-in rule has to be named."""
    return [f"--extend-select={page.code}"] if opt_in(page) else []


def opt_in(page: Page) -> bool:
    return f"--extend-select {page.code}" in page.text


def every(*wanted: str) -> list[object]:
    """The blocks of these sections of all pages."""
    found = [(page, block) for page in pages().values() for title in wanted for block in blocks(page, title)]
    return [pytest.param(page, block, id=str(block)) for page, block in found]


def each_page() -> list[object]:
    return [pytest.param(page, id=page.code) for page in pages().values()]


# ---------------------------------------------------------------- the pages themselves


def test_codes_and_names_are_those_of_the_rules() -> None:
    assert {page.code: page.name for page in pages().values()} == {rule.code: rule.name for rule in rules().values()}


def test_the_readme_names_every_code() -> None:
    assert set(re.findall(r"PAD\d{3}", README.read_text(encoding="utf-8"))) >= set(rules())


@pytest.mark.parametrize("page", each_page())
def test_a_page_has_these_sections_and_a_summary(page: Page) -> None:
    assert [title for title, _ in sections(page)] == SECTIONS
    assert all(body for _, body in sections(page))
    assert page.summary.endswith(".")
    assert not page.summary.startswith("#")
    assert len(page.summary) <= 120


@pytest.mark.parametrize("page", each_page())
def test_links_between_pages_lead_somewhere(page: Page) -> None:
    folder = README.parent / "rules"
    targets = re.findall(r"\]\(([^)#]+)\)", page.text)
    assert targets
    assert all(target.startswith("https://") or (folder / target).is_file() for target in targets)


@pytest.mark.parametrize("page", each_page())
def test_a_rule_of_severity_information_says_how_to_switch_it_on(page: Page) -> None:
    assert opt_in(page) is (rules()[page.code].severity == "information")


@pytest.mark.parametrize("page", each_page())
def test_examples_are_small_and_marked_with_the_codes_of_the_page(page: Page) -> None:
    bad, good = list(blocks(page, "Example")), list(blocks(page, "Use instead"))
    assert bad
    assert good
    assert all({code for _, code in block.expected} == {page.code} for block in bad)
    assert all(not block.expected for block in good)
    for block in (*bad, *good):
        assert 5 <= sum(bool(line.strip()) for line in block.text.split("\n")) <= 15
        compact = re.sub(r"\n{2,}", "\n\n", block.text)
        assert compact.startswith(("from torch import nn\n\n", "import torch\nfrom torch import nn\n\n"))


# ---------------------------------------------------------------- what padlint says


@pytest.mark.parametrize(("page", "block"), every("Example", "Use instead"))
def test_padlint_reports_exactly_what_is_marked(page: Page, block: Example, linter: Linter) -> None:
    found = linter.check(block.text, *options(page))
    assert [(each.line, each.code) for each in found] == list(block.expected), found


@pytest.mark.parametrize(("page", "block"), every("Example"))
def test_the_fix_is_as_the_page_says(page: Page, block: Example, linter: Linter) -> None:
    safety = dict(sections(page))["Fix safety"]
    fixes = {each.fix for each in linter.check(block.text, *options(page))}
    if safety.startswith("There is no fix"):
        assert fixes == {None}
    elif promised := re.match(r"The fix is (safe|unsafe)\b", safety):
        assert fixes == {promised[1]}
    else:
        assert safety.startswith(("The fix that ", "A fix is unsafe"))
        assert fixes <= {"safe", "unsafe"} if safety.startswith("The fix") else fixes <= {None, "unsafe"}


@pytest.mark.parametrize(("page", "block"), every("Example"))
def test_the_fixed_example_is_clean_and_torch_runs_it(page: Page, block: Example, linter: Linter) -> None:
    fixable = any(each.fix for each in linter.check(block.text, *options(page)))
    after = linter.fixed(block.text, *options(page))
    assert (after != block.text) is fixable
    if fixable:
        assert linter.check(after, *options(page)) == []
        assert_runs(run(after))


# ---------------------------------------------------------------- what torch says


def assert_runs(outcomes: list[Outcome]) -> None:
    assert outcomes, "nothing was built and called"
    assert [outcome for outcome in outcomes if outcome.raised] == []
    assert [outcome for outcome in outcomes if outcome.stated not in (None, outcome.shape)] == []


@pytest.mark.parametrize(("page", "block"), every("Use instead"))
def test_torch_runs_what_should_be_used_instead(page: Page, block: Example) -> None:
    assert_runs(run(block.text))


@pytest.mark.parametrize(("page", "block"), every("Example"))
def test_torch_says_of_the_example_what_the_page_says(page: Page, block: Example) -> None:
    outcomes = run(block.text)
    if block.verdict is None:
        assert not re.fullmatch(ABOUT_TORCH, page.code)
        assert [outcome for outcome in outcomes if outcome.raised] == []
    elif block.verdict.startswith("("):
        assert [(outcome.raised, outcome.shape) for outcome in outcomes] == [(None, shape(block.verdict, {"N": 2}))]
    else:
        assert len(outcomes) == 1
        assert (outcomes[0].raised or "").startswith(block.verdict)


def test_what_PAD204_advises_computes_what_keras_computes() -> None:
    """Keras pads 224 rows for a kernel of 3 with stride 2 with one row at the end; a pool never sees its padding."""
    torch.manual_seed(0)
    image = torch.randn(1, 3, 224, 224)
    conv = nn.Conv2d(3, 4, kernel_size=3, stride=2, bias=False)
    ported = nn.Sequential(nn.ZeroPad2d((0, 1, 0, 1)), conv)
    shifted = functional.conv2d(image, conv.weight, stride=2, padding=1)
    keras = torch.stack(
        [(image[..., r : r + 3, c : c + 3] * w).sum() for w in conv.weight for r, c in ((0, 0), (0, 220))]
    )
    corner = ported(image)[0, :, 0, [0, 110]].flatten()
    assert torch.allclose(corner, keras, atol=1e-5)
    assert not torch.allclose(shifted[0, :, 0, [0, 110]].flatten(), keras, atol=1e-5)
    padded = functional.pad(image, (0, 1, 0, 1), value=float("-inf"))
    assert torch.equal(nn.MaxPool2d(3, 2, ceil_mode=True)(image), nn.MaxPool2d(3, 2)(padded))
    assert not torch.equal(nn.MaxPool2d(3, 2, padding=1)(image), nn.MaxPool2d(3, 2)(padded))
