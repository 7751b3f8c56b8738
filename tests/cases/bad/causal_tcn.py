"""Temporal convolutional network: padded on both sides, the future is chomped off."""
import torch
from torch import nn


class Chomp1d(nn.Module):
    def __init__(self, chomp_size):
        super().__init__()
        self.chomp_size = chomp_size

    def forward(self, x):
        return x[:, :, : -self.chomp_size].contiguous()


class TemporalBlock(nn.Module):
    def __init__(self, n_inputs, n_outputs, kernel_size, dilation):
        super().__init__()
        pad = (kernel_size - 1) * dilation
        self.net = nn.Sequential(
            nn.Conv1d(n_inputs, n_outputs, kernel_size, padding=kernel_size - 1, dilation=dilation), Chomp1d(pad), nn.ReLU(), nn.Dropout(0.2),
            nn.Conv1d(n_outputs, n_outputs, kernel_size, padding=pad, dilation=dilation), Chomp1d(pad), nn.ReLU(),
        )
        self.downsample = nn.Conv1d(n_inputs, n_outputs, 1) if n_inputs != n_outputs else None

    def forward(self, x):
        out = self.net(x)
        res = x if self.downsample is None else self.downsample(x)
        return torch.relu(out + res)


# padlint: input=(4, 8, 120)
class TCN(nn.Module):
    def __init__(self, num_inputs=8, num_channels=(16, 16, 16), kernel_size=3):
        super().__init__()
        layers = []
        for i, out_channels in enumerate(num_channels):
            in_channels = num_inputs if i == 0 else num_channels[i - 1]
            layers += [TemporalBlock(in_channels, out_channels, kernel_size, dilation=2**i)]
        self.network = nn.Sequential(*layers)

    def forward(self, x):
        return self.network(x)
