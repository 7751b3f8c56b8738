"""WaveNet without the causality: gated units with skips, dilations 1, 2, 4, ..., 32."""
import torch
import torch.nn as nn


class GatedUnit(nn.Module):
    def __init__(self, channels: int, skip: int, dilation: int):
        super().__init__()
        self.filter_gate = nn.Conv1d(channels, 2 * channels, 3, padding=dilation, dilation=dilation)
        self.skip = nn.Conv1d(channels, skip, 1)
        self.residual = nn.Conv1d(channels, channels, 1)

    def forward(self, x):
        value, gate = self.filter_gate(x).chunk(2, dim=1)
        z = torch.tanh(value) * torch.sigmoid(gate)
        return self.residual(z) + x, self.skip(z)


# padlint: input=(2, 1, 1024)
class WaveNet(nn.Module):
    def __init__(self, channels=24, skip=64, depth=6, levels=256):
        super().__init__()
        self.start = nn.Conv1d(1, channels, 1)
        self.units = nn.ModuleList([GatedUnit(channels, skip, 2**i) for i in range(depth)])
        self.end = nn.Sequential(nn.ReLU(), nn.Conv1d(skip, levels, 1), nn.ReLU(), nn.Conv1d(levels, levels, 1))

    def forward(self, wave):
        x = self.start(wave)
        total = 0
        for unit in self.units:
            x, skip = unit(x)
            total = total + skip
        return self.end(total)
