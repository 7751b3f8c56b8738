"""A stage of a volumetric net for CT: thick slices, so the first kernels are flat."""
import torch
from torch import nn


# padlint: input=(1, 1, 16, 64, 64), out=(1, 2, 16, 64, 64)
class VNetStage(nn.Module):
    def __init__(self, width: int = 8) -> None:
        super().__init__()
        self.inplane = nn.Sequential(
            nn.Conv3d(1, width, kernel_size=(1, 3, 3), padding=(0, 1, 1)),
            nn.InstanceNorm3d(width),
            nn.PReLU(width),
        )
        self.down = nn.Conv3d(width, width * 2, kernel_size=2, stride=2)
        self.volume = nn.Sequential(nn.Conv3d(width * 2, width * 2, 3, padding=1), nn.PReLU())
        self.up = nn.ConvTranspose3d(width * 2, width, kernel_size=2, stride=2)
        self.head = nn.Conv3d(width, 2, 1)

    def forward(self, ct: torch.Tensor) -> torch.Tensor:
        full = self.inplane(ct)
        half = self.down(full)
        half = half + self.volume(half)
        return self.head(full + self.up(half))
