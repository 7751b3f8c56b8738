"""Lightning's module, which is one of torch's with a training loop around it."""

from __future__ import annotations

from collections.abc import Mapping

from padlint.evaluate.values import TorchClass, Value

FUNCTIONS: Mapping[str, Value] = {
    f"{home}.LightningModule": TorchClass("Module")
    for home in (
        "pytorch_lightning", "pytorch_lightning.core", "pytorch_lightning.core.module",
        "lightning", "lightning.pytorch", "lightning.pytorch.core", "lightning.pytorch.core.module",
    )
}  # fmt: skip
