"""Hourglass for poses: a step down, itself once more, a step up, and a branch beside it."""
import torch.nn as nn


def residual(channels):
    return nn.Sequential(nn.Conv2d(channels, channels, 3, padding=1), nn.BatchNorm2d(channels), nn.ReLU())


# padlint: input=(1, 32, 64, 64)
class Hourglass(nn.Module):
    def __init__(self, depth=3, channels=32):
        super().__init__()
        self.beside = residual(channels)
        self.pool = nn.MaxPool2d(3, stride=2, padding=1)
        self.low1 = residual(channels)
        self.low2 = Hourglass(depth - 1, channels) if depth > 1 else residual(channels)
        self.low3 = residual(channels)
        self.up = nn.Upsample(scale_factor=2, mode="nearest")

    def forward(self, x):
        beside = self.beside(x)
        low = self.low3(self.low2(self.low1(self.pool(x))))
        return beside + self.up(low)
