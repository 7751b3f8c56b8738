"""Embedding and EmbeddingBag (torch.nn.modules.sparse)."""

from __future__ import annotations

from padlint.arithmetic.dims import Unknown, at_least, less
from padlint.layers.arguments import check_choice, check_number, size, truth
from padlint.layers.base import Arguments, Output, Refusal, Slot, Tensor
from padlint.layers.declare import layer, many_inputs
from padlint.layers.inputs import by, check_rank


def _construct(arguments: Arguments) -> Refusal | None:
    refusal = check_number(arguments, "num_embeddings", 0) or check_number(arguments, "embedding_dim", 0)
    if refusal or arguments["padding_idx"] is None:
        return refusal
    if refusal := check_number(arguments, "padding_idx"):
        return refusal
    index, count = size(arguments, "padding_idx"), size(arguments, "num_embeddings")
    if at_least(index, count) or less(index, -count):
        return Refusal("PAD106", f"padding_idx={index} is outside num_embeddings={count}", "padding_idx")
    return None


def _bag_construct(arguments: Arguments) -> Refusal | None:
    return _construct(arguments) or check_choice(arguments, "mode", ("sum", "mean", "max"))


def _shape(arguments: Arguments, tensor: Tensor) -> Output:
    """(*) -> (*, embedding_dim)"""
    return Tensor((*tensor.shape, size(arguments, "embedding_dim")))


def _bag_shape(arguments: Arguments, inputs: tuple[Tensor, ...]) -> Output:
    """(B, L) -> (B, embedding_dim); (L,) with offsets of (B,) likewise."""
    tensor, width = inputs[0], size(arguments, "embedding_dim")
    if refusal := check_rank(tensor, (1, 2)):
        return refusal
    if len(tensor.shape) == 2:
        if len(inputs) > 1:
            return Refusal("PAD306", f"takes no offsets with 2-d input, gets {by(inputs[1].shape)}")
        return Tensor((tensor.shape[0], width))
    if len(inputs) == 1:
        return Refusal("PAD306", "takes 1-d input only with offsets")
    if refusal := check_rank(inputs[1], (1,)):
        return refusal
    last = truth(arguments["include_last_offset"])
    return Tensor((last if isinstance(last, Unknown) else inputs[1].shape[0] - last, width))


def _state(arguments: Arguments) -> tuple[Slot, ...] | Unknown:
    frozen = truth(arguments.get("_freeze", False))
    if isinstance(frozen, Unknown):
        return frozen
    shape = (size(arguments, "num_embeddings"), size(arguments, "embedding_dim"))
    return (Slot("weight", shape, trainable=not frozen),)


def _kept_index(arguments: Arguments) -> Arguments:
    if arguments["padding_idx"] is None or less(size(arguments, "padding_idx"), 0) is False:
        return {}
    return {"padding_idx": Unknown("an index counted from the end")}


_COUNTS = "num_embeddings, embedding_dim, "
_NORM = "max_norm=None, norm_type=2.0, scale_grad_by_freq=False, "
_PLACE = "device=None, dtype=None"

LAYERS = (
    layer(
        "Embedding",
        _COUNTS + "padding_idx=None, " + _NORM + "sparse=False, _weight=None, _freeze=False, " + _PLACE,
        _shape,
        _construct,
        state=_state,
        kept=_kept_index,
    ),
    many_inputs(
        "EmbeddingBag",
        _COUNTS
        + _NORM
        + "mode='mean', sparse=False, _weight=None, include_last_offset=False, padding_idx=None, "
        + _PLACE,
        _bag_shape,
        (1, 2),
        _bag_construct,
        state=_state,
        kept=_kept_index,
    ),
)
