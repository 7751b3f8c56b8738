"""EDSR: residual blocks without normalisation and a tail that shuffles pixels."""
import math

from torch import nn


def default_conv(in_channels, out_channels, kernel_size, bias=True):
    return nn.Conv2d(in_channels, out_channels, kernel_size, padding=1, bias=bias)


class ResBlock(nn.Module):
    def __init__(self, conv, n_feats, kernel_size, act=nn.ReLU(True), res_scale=1):
        super().__init__()
        m = []
        for i in range(2):
            m.append(conv(n_feats, n_feats, kernel_size))
            if i == 0:
                m.append(act)
        self.body = nn.Sequential(*m)
        self.res_scale = res_scale

    def forward(self, x):
        res = self.body(x).mul(self.res_scale)
        res += x
        return res


class Upsampler(nn.Sequential):
    def __init__(self, conv, scale, n_feats):
        m = []
        for _ in range(int(math.log(scale, 2))):
            m.append(conv(n_feats, 4 * n_feats, 3))
            m.append(nn.PixelShuffle(2))
        super().__init__(*m)


# padlint: input=(1, 3, 48, 48), out=(1, 3, 96, 96)
class EDSR(nn.Module):
    def __init__(self, n_resblocks=3, n_feats=32, scale=2, conv=default_conv):
        super().__init__()
        self.head = nn.Sequential(conv(3, n_feats, 5))
        self.body = nn.Sequential(*[ResBlock(conv, n_feats, 3) for _ in range(n_resblocks)], conv(n_feats, n_feats, 3))
        self.tail = nn.Sequential(Upsampler(conv, scale, n_feats), conv(n_feats, 3, 3))

    def forward(self, x):
        x = self.head(x)
        res = self.body(x)
        res += x
        return self.tail(res)
