"""Atrous spatial pyramid pooling: one branch for every rate, one for the whole picture."""
import torch
import torch.nn.functional as F
from torch import nn


def atrous(cin, cout, rate):
    return nn.Sequential(nn.Conv2d(cin, cout, 3, padding=rate, dilation=rate), nn.BatchNorm2d(cout), nn.ReLU())


# padlint: input=(2, 128, 41, 41)
class ASPP(nn.Module):
    def __init__(self, cin=128, cout=32, rates=(6, 12, 18)):
        super().__init__()
        self.point = nn.Sequential(nn.Conv2d(cin, cout, 1), nn.ReLU())
        self.branches = nn.ModuleList([atrous(cin, cout, rate) for rate in rates])
        self.image = nn.Sequential(nn.AdaptiveAvgPool2d(1), nn.Conv2d(cin, cout, 1), nn.ReLU())
        self.project = nn.Conv2d(cout * (len(rates) + 2), cout, 1)

    def forward(self, x):
        size = x.shape[-2:]
        found = [self.point(x)]
        for branch in self.branches:
            found.append(branch(x))
        found.append(F.interpolate(self.image(x), size=size, mode="bilinear", align_corners=False))
        return self.project(torch.cat(found, dim=1))
