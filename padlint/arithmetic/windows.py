"""How windows slide: sizes out, and the paddings of `same`. Each docstring is the formula.

n is the size in, k kernel_size, s stride, d dilation, e the effective kernel; lo and hi are the padding before and
after, all in elements of one spatial axis. Sources: the shape sections of torch.nn's Conv, MaxPool and ConvTranspose
(and ATen's pooling_output_shape for ceil_mode), and ONNX's auto_pad SAME_UPPER and SAME_LOWER; Keras's `same` is the
upper.
"""

from __future__ import annotations

from padlint.arithmetic.dims import Dim, Unknown, ceil_divide, equal, floor_divide, maximum, minimum


def effective_kernel(kernel: Dim, dilation: Dim = 1) -> Dim:
    """e = d*(k - 1) + 1"""
    return dilation * (kernel - 1) + 1


def convolved(n: Dim, kernel: Dim, stride: Dim = 1, lo: Dim = 0, hi: Dim = 0, dilation: Dim = 1) -> Dim:
    """(n + lo + hi - e)//s + 1"""
    return floor_divide(n + lo + hi - effective_kernel(kernel, dilation), stride) + 1


def pooled(
    n: Dim,
    kernel: Dim,
    stride: Dim,
    lo: Dim = 0,
    hi: Dim = 0,
    dilation: Dim = 1,
    ceil_mode: bool | Unknown = False,
) -> Dim:
    """(n + lo + hi - e)//s + 1; with ceil_mode min(ceil((n + lo + hi - e)/s) + 1, (n + lo - 1)//s + 1)

    The second is torch's correction: the last window has to start inside the input or the padding before it. (torch
    takes off one window at most; that is all it takes for every padding below e, and pools allow no more than k//2.)
    """
    if isinstance(ceil_mode, Unknown):
        down = pooled(n, kernel, stride, lo, hi, dilation, False)
        return down if equal(down, pooled(n, kernel, stride, lo, hi, dilation, True)) else ceil_mode
    if not ceil_mode:
        return convolved(n, kernel, stride, lo, hi, dilation)
    up = ceil_divide(n + lo + hi - effective_kernel(kernel, dilation), stride) + 1
    return minimum(up, floor_divide(n + lo - 1, stride) + 1)


def transposed(
    n: Dim,
    kernel: Dim,
    stride: Dim = 1,
    lo: Dim = 0,
    hi: Dim = 0,
    dilation: Dim = 1,
    output_padding: Dim = 0,
) -> Dim:
    """(n - 1)*s - lo - hi + e + output_padding, torch's padding being lo == hi"""
    return (n - 1) * stride - lo - hi + effective_kernel(kernel, dilation) + output_padding


def same_size(n: Dim, stride: Dim = 1) -> Dim:
    """ceil(n/s)"""
    return ceil_divide(n, stride)


def same_total(n: Dim, kernel: Dim, stride: Dim = 1, dilation: Dim = 1) -> Dim:
    """max(0, (ceil(n/s) - 1)*s + e - n)"""
    return maximum(0, (same_size(n, stride) - 1) * stride + effective_kernel(kernel, dilation) - n)


def same_padding(n: Dim, kernel: Dim, stride: Dim = 1, dilation: Dim = 1) -> tuple[Dim, Dim]:
    """lo = total//2, hi = total - lo (SAME_UPPER: Keras, TensorFlow, torch's padding='same')"""
    total = same_total(n, kernel, stride, dilation)
    lo = floor_divide(total, 2)
    return lo, total - lo


def same_lower(n: Dim, kernel: Dim, stride: Dim = 1, dilation: Dim = 1) -> tuple[Dim, Dim]:
    """hi = total//2, lo = total - hi (SAME_LOWER)"""
    hi, lo = same_padding(n, kernel, stride, dilation)
    return lo, hi


def half_padding(kernel: Dim, dilation: Dim = 1) -> Dim | None:
    """(e - 1)//2, which keeps the size at stride 1; None for an even e, where no symmetric padding does

    Unknown where e is not known to be odd or even.
    """
    kernel_reach = effective_kernel(kernel, dilation) - 1
    odd = equal(kernel_reach % 2, 0)
    if odd is None:
        return kernel_reach if isinstance(kernel_reach, Unknown) else Unknown(f"{kernel} may be odd or even")
    return floor_divide(kernel_reach, 2) if odd else None


def transposed_same(n: Dim, stride: Dim) -> Dim:
    """n*s (Keras's transposed convolution with padding='same')"""
    return n * stride


def transposed_valid(n: Dim, kernel: Dim, stride: Dim, dilation: Dim = 1) -> Dim:
    """n*s + max(e - s, 0) (Keras's transposed convolution with padding='valid')"""
    return n * stride + maximum(effective_kernel(kernel, dilation) - stride, 0)
