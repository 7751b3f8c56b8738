"""Generated layers: for every layer of the catalogue a strategy of arguments and inputs."""

from __future__ import annotations

from collections.abc import Callable

from hypothesis import strategies as st

from padlint.layers import catalogue

from . import generate_maps as maps
from . import generate_rest as rest
from .choose import Choose, Draw
from .judge import Case

Generator = Callable[[Choose, str], Case]

_BY_NAME: dict[str, Generator] = {
    "SyncBatchNorm": rest.running_norm,
    "GroupNorm": rest.group_norm,
    "LayerNorm": rest.layer_norm,
    "RMSNorm": rest.layer_norm,
    "LocalResponseNorm": rest.response_norm,
    "CrossMapLRN2d": rest.cross_map,
    "Bilinear": rest.bilinear,
    "Flatten": rest.flatten,
    "Unflatten": rest.unflatten,
    "PixelShuffle": rest.shuffle,
    "PixelUnshuffle": rest.shuffle,
    "ChannelShuffle": rest.shuffle,
    "Unfold": rest.unfold,
    "Fold": rest.fold,
    "PReLU": rest.prelu,
    "GLU": rest.along,
    "Threshold": rest.threshold,
    "MultiheadAttention": rest.attention,
    "CosineSimilarity": rest.distance,
    "PairwiseDistance": rest.distance,
}
_BY_PART: dict[str, Generator] = {
    "Conv": maps.convolution,
    "Adaptive": maps.adaptive,
    "Fractional": maps.fractional,
    "MaxUnpool": maps.unpool,
    "Pool": maps.pool,
    "Pad": maps.pad,
    "Norm": rest.running_norm,
    "Linear": rest.linear,
    "Upsampl": rest.upsample,
    "Softm": rest.along,
    "LogSoftmax": rest.along,
    "Dropout": rest.dropout,
    "Cell": rest.cell,
    "RNN": rest.recurrent,
    "LSTM": rest.recurrent,
    "GRU": rest.recurrent,
    "Transformer": rest.block,
    "Embedding": rest.embedding,
}


def generator(name: str) -> Generator:
    """The generator of a layer; activations and Identity share one that has no arguments."""
    if name in _BY_NAME:
        return _BY_NAME[name]
    return next((made for part, made in _BY_PART.items() if part in name and name != "Softmax2d"), rest.activation)


STACKS = ("TransformerEncoder", "TransformerDecoder")  # built from another layer: tested on their own
NAMES = tuple(name for name in sorted(catalogue.layers()) if name not in STACKS)


def cases(name: str) -> st.SearchStrategy[Case]:
    """Generated cases of one layer."""

    @st.composite
    def draw_case(draw: Draw[int]) -> Case:
        return generator(name)(Choose(draw), name)

    return draw_case()
