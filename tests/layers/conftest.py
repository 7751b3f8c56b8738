"""Profiles of the generated tests: `ci` is the default, HYPOTHESIS_PROFILE=long the larger one to run by hand."""

from __future__ import annotations

import torch
from hypothesis import HealthCheck, settings

_QUIET = [HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much]

settings.register_profile(
    "layers-ci", max_examples=200, deadline=None, database=None, derandomize=True, suppress_health_check=_QUIET
)
settings.register_profile("layers-long", max_examples=5000, deadline=None, suppress_health_check=_QUIET)
torch.set_num_threads(1)
