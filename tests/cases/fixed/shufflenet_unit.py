"""ShuffleNet unit: grouped 1x1 convolutions, and channels that change groups in between."""
import torch
from torch import Tensor, nn


def channel_shuffle(x: Tensor, groups: int) -> Tensor:
    batchsize, num_channels, height, width = x.size()
    x = x.view(batchsize, groups, num_channels // groups, height, width)
    x = torch.transpose(x, 1, 2).contiguous()
    return x.view(batchsize, num_channels, height, width)


# padlint: input=(2, 60, 28, 28)
class ShuffleUnit(nn.Module):
    groups = 3

    def __init__(self, channels: int = 60) -> None:
        super().__init__()
        mid = channels // 4
        self.compress = nn.Conv2d(channels, mid, 1, groups=self.groups)
        self.depthwise = nn.Conv2d(mid, mid, 3, padding=1, groups=mid)
        self.expand = nn.Conv2d(mid, channels, 1, groups=self.groups)

    def forward(self, x: Tensor) -> Tensor:
        y = channel_shuffle(torch.relu(self.compress(x)), self.groups)
        return torch.relu(x + self.expand(self.depthwise(y)))
