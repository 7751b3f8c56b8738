"""Sub-pixel super-resolution, three times larger."""
import torch
import torch.nn as nn


# padlint: input=(1, 1, 72, 72), out=(1, 1, 216, 216)
class ESPCN(nn.Module):
    def __init__(self, scale_factor=3):
        super(ESPCN, self).__init__()
        self.first_part = nn.Sequential(
            nn.Conv2d(1, 64, kernel_size=5, padding=5 // 2),
            nn.Tanh(),
            nn.Conv2d(64, 32, kernel_size=3, padding=3 // 2),
            nn.Tanh(),
        )
        self.last_part = nn.Sequential(
            nn.Conv2d(32, scale_factor**2, kernel_size=3, padding=3 // 2),
            nn.PixelShuffle(scale_factor),
        )

    def forward(self, x):
        x = self.first_part(x)
        return torch.clamp(self.last_part(x), 0.0, 1.0)
