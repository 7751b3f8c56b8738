"""Bottlenecks as in a dilated ResNet: the last stages keep their size and dilate instead."""
import torch.nn as nn
import torch.nn.functional as F


def conv3x3(in_planes, out_planes, dilation=1):
    return nn.Conv2d(
        in_planes, out_planes, kernel_size=3, stride=1, padding=1, dilation=dilation, bias=False
    )


def conv1x1(in_planes, out_planes):
    return nn.Conv2d(in_planes, out_planes, kernel_size=1, bias=False)


class Bottleneck(nn.Module):
    expansion = 4

    def __init__(self, planes, dilation):
        super().__init__()
        wide = planes * self.expansion
        self.conv1, self.bn1 = conv1x1(wide, planes), nn.BatchNorm2d(planes)
        self.conv2, self.bn2 = conv3x3(planes, planes, dilation), nn.BatchNorm2d(planes)
        self.conv3, self.bn3 = conv1x1(planes, wide), nn.BatchNorm2d(wide)

    def forward(self, x):
        out = F.relu(self.bn1(self.conv1(x)))
        out = F.relu(self.bn2(self.conv2(out)))
        out = self.bn3(self.conv3(out))
        out += x
        return F.relu(out)


# padlint: input=(2, 64, 33, 33)
class Stage(nn.Sequential):
    def __init__(self):
        super().__init__(*[Bottleneck(16, dilation=rate) for rate in (2, 2, 4)])
