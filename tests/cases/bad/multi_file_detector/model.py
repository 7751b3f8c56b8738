"""A small one-stage detector in the manner of YOLOv3."""
import torch
from torch import nn

from blocks import ConvBnAct, Residual

STAGES = [(16, 1), (32, 2)]
ANCHORS = 3


# padlint: input=(1, 3, 64, 64), out=(1, 18, 8, 8)
class Detector(nn.Module):
    def __init__(self, classes: int = 1) -> None:
        super().__init__()
        self.stem = ConvBnAct(3, 8)
        self.stages = nn.ModuleList()
        width = 8
        for channels, blocks in STAGES:
            self.stages.append(
                nn.Sequential(ConvBnAct(width, channels, stride=2), *[Residual(channels) for _ in range(blocks)])
            )
            width = channels
        self.neck = ConvBnAct(width, width, stride=2)
        self.head = nn.Conv2d(width, ANCHORS * (5 + classes), 1)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        x = self.stem(x)
        for stage in self.stages:
            x = stage(x)
        return self.head(self.neck(x))
