"""MultiheadAttention and the Transformer family (torch.nn.modules.activation, transformer)."""

from __future__ import annotations

from collections.abc import Iterable

from padlint.arithmetic.dims import Dim, Unknown, equal
from padlint.layers.arguments import check_choice, check_number, number, size, truth
from padlint.layers.base import Arguments, Output, Refusal, Slot, Tensor, Value
from padlint.layers.declare import many_inputs
from padlint.layers.inputs import by, check_rank, check_size

Slots = tuple[Slot, ...] | Unknown
_MOST_LAYERS = 1000


def _check_heads(arguments: Arguments, width: str, heads: str) -> Refusal | None:
    if refusal := check_number(arguments, width, 1) or check_number(arguments, heads, 1):
        return refusal
    whole, parts = size(arguments, width), size(arguments, heads)
    if equal(whole % parts, 0) is False:
        return Refusal("PAD106", f"{width}={whole} is not divisible by {heads}={parts}", heads)
    return None


def _kept_widths(arguments: Arguments) -> Arguments:
    return {name: arguments["embed_dim"] for name in ("kdim", "vdim") if arguments[name] is None}


def _kept_parts(arguments: Arguments) -> Arguments:
    return {name: Unknown(f"{name} as a module or function") for name in ("dropout", "activation")}


def _attention_construct(arguments: Arguments) -> Refusal | None:
    return _check_heads(arguments, "embed_dim", "num_heads") or next(
        (
            refusal
            for name in ("kdim", "vdim")
            if arguments[name] is not None and (refusal := check_number(arguments, name, 0))
        ),
        None,
    )


def _width(arguments: Arguments, name: str) -> Dim:
    return size(arguments, "embed_dim" if arguments[name] is None else name)


def _attention(arguments: Arguments, inputs: tuple[Tensor, ...]) -> Output:
    """(output, weights averaged over the heads) of query, key and value, as called without need_weights."""
    query, key, value = inputs
    rank = len(query.shape)
    for tensor in inputs:
        if refusal := check_rank(tensor, (2, 3) if tensor is query else (rank,)):
            return refusal
    widths = ((query, "embed_dim"), (key, "kdim"), (value, "vdim"))
    for tensor, name in widths:
        refusal = check_size("PAD303", "features", tensor.shape[-1], _wanted(arguments, name), name)
        if refusal:
            return refusal
    first = truth(arguments["batch_first"])
    if rank == 3 and isinstance(first, Unknown):
        return first
    return _attended(arguments, inputs, first is True)


def _wanted(arguments: Arguments, name: str) -> Dim:
    return size(arguments, name) if name == "embed_dim" else _width(arguments, name)


def _attended(arguments: Arguments, inputs: tuple[Tensor, ...], first: bool) -> Output:
    query, key, value = inputs
    long, batch = (1, 0) if first and len(query.shape) == 3 else (0, 1)
    if equal(key.shape[long], value.shape[long]) is False:
        return Refusal("PAD306", f"gets keys of {by(key.shape)} and values of {by(value.shape)}")
    batches: tuple[Dim, ...] = ()
    if len(query.shape) == 3:
        for tensor in (key, value):
            if equal(tensor.shape[batch], query.shape[batch]) is False:
                return Refusal("PAD306", f"gets batches of {query.shape[batch]} and {tensor.shape[batch]}")
        batches = (query.shape[batch],)
    extra = _flag(arguments["add_bias_kv"]) + _flag(arguments["add_zero_attn"])
    return query, Tensor((*batches, query.shape[long], key.shape[long] + extra))


def _flag(value: Value) -> Dim:
    wanted = truth(value)
    return wanted if isinstance(wanted, Unknown) else int(wanted)


def _attention_state(arguments: Arguments) -> Slots:
    embed = size(arguments, "embed_dim")
    keys, values = _width(arguments, "kdim"), _width(arguments, "vdim")
    bias, extra = truth(arguments["bias"]), truth(arguments["add_bias_kv"])
    joint = [equal(keys, embed), equal(values, embed)]
    if isinstance(bias, Unknown) or isinstance(extra, Unknown) or (None in joint and False not in joint):
        return Unknown("attention with options that are not known")
    if all(joint):
        slots = [Slot("in_proj_weight", (3 * embed, embed))]
    else:
        rows = (("q", embed), ("k", keys), ("v", values))
        slots = [Slot(f"{name}_proj_weight", (embed, width)) for name, width in rows]
    slots += [Slot("in_proj_bias", (3 * embed,))] * bias
    slots += [Slot(name, (1, 1, embed)) for name in ("bias_k", "bias_v")] * extra
    slots.append(Slot("out_proj.weight", (embed, embed)))
    return (*slots, *[Slot("out_proj.bias", (embed,))] * bias)


def _named(prefix: str, slots: Slots) -> Slots:
    if isinstance(slots, Unknown):
        return slots
    return tuple(Slot(prefix + slot.name, slot.shape, slot.trainable, slot.buffer) for slot in slots)


def _joined(parts: Iterable[Slots]) -> Slots:
    slots: list[Slot] = []
    for part in parts:
        if isinstance(part, Unknown):
            return part
        slots += part
    return tuple(slots)


def _block_construct(arguments: Arguments) -> Refusal | None:
    activation = arguments["activation"]
    refusal = check_choice(arguments, "activation", ("relu", "gelu")) if isinstance(activation, str) else None
    return refusal or _check_heads(arguments, "d_model", "nhead") or check_number(arguments, "dim_feedforward", 0)


def _block(arguments: Arguments, inputs: tuple[Tensor, ...]) -> Output:
    """One or two sequences of d_model features, the shape of the first; both batched or both not."""
    for tensor in inputs:
        if refusal := check_rank(tensor, (2, 3) if tensor is inputs[0] else (len(inputs[0].shape),)):
            return refusal
        refusal = check_size("PAD303", "features", tensor.shape[-1], size(arguments, "d_model"), "d_model")
        if refusal:
            return refusal
    if len(inputs[0].shape) < 3 or len(inputs) < 2:
        return inputs[-1] if len(inputs) < 2 else inputs[0]
    first = truth(arguments["batch_first"])
    batches = [tensor.shape[0 if first is True else 1] for tensor in inputs]
    if not isinstance(first, Unknown) and equal(*batches) is False:
        return Refusal("PAD306", f"gets batches of {batches[0]} and {batches[1]}")
    return inputs[0]


def _transformer(arguments: Arguments, inputs: tuple[Tensor, ...]) -> Output:
    """src and tgt give the shape of tgt."""
    output = _block(arguments, inputs)
    return inputs[1] if isinstance(output, Tensor) else output


def _block_state(arguments: Arguments, attentions: tuple[str, ...]) -> Slots:
    width, inner, bias = size(arguments, "d_model"), size(arguments, "dim_feedforward"), truth(arguments["bias"])
    if isinstance(bias, Unknown):
        return bias
    attention = _attention_state({"embed_dim": width, "kdim": None, "vdim": None, "bias": bias, "add_bias_kv": False})
    parts: list[Slots] = [_named(f"{name}.", attention) for name in attentions]
    for name, out, features in (("linear1", inner, width), ("linear2", width, inner)):
        parts.append((Slot(f"{name}.weight", (out, features)), *[Slot(f"{name}.bias", (out,))] * bias))
    for index in range(len(attentions) + 1):
        parts.append(_norm_state(f"norm{index + 1}", width, bias))
    return _joined(parts)


def _norm_state(name: str, width: Dim, bias: bool) -> Slots:
    return (Slot(f"{name}.weight", (width,)), *[Slot(f"{name}.bias", (width,))] * bias)


def _encoder_state(arguments: Arguments) -> Slots:
    return _block_state(arguments, ("self_attn",))


def _decoder_state(arguments: Arguments) -> Slots:
    return _block_state(arguments, ("self_attn", "multihead_attn"))


def _transformer_construct(arguments: Arguments) -> Refusal | None:
    counts = (check_number(arguments, f"num_{half}_layers", 1) for half in ("encoder", "decoder"))
    return _block_construct(arguments) or next((refusal for refusal in counts if refusal), None)


def _transformer_state(arguments: Arguments) -> Slots:
    width, bias = size(arguments, "d_model"), truth(arguments["bias"])
    if isinstance(bias, Unknown):
        return bias
    parts: list[Slots] = []
    for half, block in (("encoder", _encoder_state(arguments)), ("decoder", _decoder_state(arguments))):
        count = number(arguments[f"num_{half}_layers"])
        if arguments[f"custom_{half}"] is not None or not isinstance(count, int) or count > _MOST_LAYERS:
            return Unknown(f"{half} layers that are not known")
        parts += [_named(f"{half}.layers.{index}.", block) for index in range(count)]
        parts.append(_norm_state(f"{half}.norm", width, bias))
    return _joined(parts)


def _stack_construct(arguments: Arguments) -> Refusal | None:
    return check_number(arguments, "num_layers", 1)


def _stack(arguments: Arguments, inputs: tuple[Tensor, ...]) -> Output:
    """A stack of equal layers, each of which takes what the one before gives."""
    return check_rank(inputs[0], (2, 3)) or inputs[0]


def _stack_state(arguments: Arguments) -> Slots:
    return Unknown("clones of the layer given")


_BLOCK = (
    "dim_feedforward=2048, dropout=0.1, activation='relu', {}"
    "layer_norm_eps=1e-05, batch_first=False, norm_first=False, bias=True, device=None, dtype=None"
)
_ATTENTION = (
    "embed_dim, num_heads, dropout=0.0, bias=True, add_bias_kv=False, add_zero_attn=False, "
    "kdim=None, vdim=None, batch_first=False, device=None, dtype=None"
)
_COUNTS = "d_model=512, nhead=8, num_encoder_layers=6, num_decoder_layers=6, "

LAYERS = (
    many_inputs(
        "MultiheadAttention",
        _ATTENTION,
        _attention,
        (3,),
        _attention_construct,
        state=_attention_state,
        kept=_kept_widths,
    ),
    many_inputs(
        "TransformerEncoderLayer",
        "d_model, nhead, " + _BLOCK.format(""),
        _block,
        (1,),
        _block_construct,
        state=_encoder_state,
        kept=_kept_parts,
    ),
    many_inputs(
        "TransformerDecoderLayer",
        "d_model, nhead, " + _BLOCK.format(""),
        _block,
        (2,),
        _block_construct,
        state=_decoder_state,
        kept=_kept_parts,
    ),
    many_inputs(
        "Transformer",
        _COUNTS + _BLOCK.format("custom_encoder=None, custom_decoder=None, "),
        _transformer,
        (2,),
        _transformer_construct,
        state=_transformer_state,
    ),
    many_inputs(
        "TransformerEncoder",
        "encoder_layer, num_layers, norm=None, enable_nested_tensor=True, mask_check=True",
        _stack,
        (1,),
        _stack_construct,
        state=_stack_state,
    ),
    many_inputs(
        "TransformerDecoder",
        "decoder_layer, num_layers, norm=None",
        _stack,
        (2,),
        _stack_construct,
        state=_stack_state,
    ),
)
