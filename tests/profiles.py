"""How many examples the generated tests try, in one place.

HYPOTHESIS_PROFILE=long, by hand, tries 25 times as many, and other ones each time.
"""

from __future__ import annotations

import os

from hypothesis import HealthCheck, settings

LONG = os.environ.get("HYPOTHESIS_PROFILE") == "long"
_QUIET = (HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much)


def examples(count: int) -> settings:
    """`count` examples, the same at every run."""
    return settings(
        max_examples=25 * count if LONG else count,
        deadline=None,
        database=None,
        derandomize=not LONG,
        suppress_health_check=_QUIET,
    )
