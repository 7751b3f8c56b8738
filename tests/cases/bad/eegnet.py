"""EEGNet: temporal kernels, then one weight for each electrode."""
import torch
from torch import nn


# padlint: input=(8, 1, 22, 256)
class EEGNet(nn.Module):
    def __init__(self, electrodes: int = 22, classes: int = 4):
        super().__init__()
        self.temporal = nn.Sequential(nn.Conv2d(1, 8, (1, 64), padding=(0, 32), bias=False), nn.BatchNorm2d(8))
        self.wide = nn.Conv2d(1, 8, (1, 17), padding=(0, 8), bias=False)
        self.spatial = nn.Sequential(
            nn.Conv2d(8, 16, (electrodes, 1), groups=8, bias=False), nn.BatchNorm2d(16), nn.ELU(), nn.AvgPool2d((1, 4))
        )
        self.separable = nn.Sequential(
            nn.Conv2d(16, 16, (1, 15), padding=(0, 7), groups=16), nn.Conv2d(16, 16, 1), nn.ELU(), nn.AvgPool2d((1, 8))
        )
        self.classify = nn.Sequential(nn.Flatten(), nn.Linear(16 * 1 * 8, classes))

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        x = self.temporal(x) + self.wide(x)
        return self.classify(self.separable(self.spatial(x)))
