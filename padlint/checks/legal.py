"""A legal padding for a layer that torch would not build or call: the one that gives `same`."""

from __future__ import annotations

from padlint.arithmetic.dims import Unknown, symbol
from padlint.checks.base import Change, Repair
from padlint.checks.layer import Slid
from padlint.checks.mend import to_same
from padlint.evaluate.modules import torch_layer
from padlint.evaluate.record import Op
from padlint.evaluate.values import Instance
from padlint.layers.base import Tensor


def with_padding(module: Instance, op: Op | None) -> tuple[Repair, ...]:
    """The padding that gives ceil(n/s) for the sizes that arrive, or for every size where none is known."""
    layer = torch_layer(module)
    if layer is None or layer.windows is None or module.args is None:
        return ()
    repaired = {**module.args, "padding": 0}
    windows = layer.windows(repaired)
    if isinstance(windows, Unknown):
        return ()
    arriving = op.inputs[0] if op is not None and op.inputs else None
    free = tuple(symbol(name, minimum=1) for name in "DHW"[-len(windows) :])
    before = arriving.shape[-len(windows) :] if isinstance(arriving, Tensor) else free
    model = Instance(module.cls, module.place, module.born, args=repaired)
    for sizes in (before, free):
        changes = to_same(Slid(op, layer, model, sizes, (), windows))
        if changes is not None:
            return (Repair(changes or (Change(module.place, "padding", 0),)),)
    return ()
