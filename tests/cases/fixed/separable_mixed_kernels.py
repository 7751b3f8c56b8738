"""Depthwise kernels of several sizes beside each other, then one pointwise convolution."""
import torch
from torch import nn


class Separable(nn.Module):
    def __init__(self, channels: int, kernel: int) -> None:
        super().__init__()
        self.depthwise = nn.Conv2d(channels, channels, kernel, padding=kernel // 2, groups=channels)
        self.pointwise = nn.Conv2d(channels, channels, 1)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.pointwise(self.depthwise(x))


# padlint: input=(2, 32, 28, 28)
class Mixer(nn.Module):
    def __init__(self, channels: int = 32, kernels: tuple[int, ...] = (3, 5, 7)) -> None:
        super().__init__()
        self.paths = nn.ModuleDict({f"k{kernel}": Separable(channels, kernel) for kernel in kernels})
        self.fuse = nn.Conv2d(channels * len(kernels), channels, 1)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        found = [path(x) for path in self.paths.values()]
        return x + self.fuse(torch.cat(found, dim=1))
