"""Two-level U-Net whose steps up are learnt 3x3 transposed convolutions."""
import torch
from torch import Tensor, nn


def block(cin: int, cout: int) -> nn.Sequential:
    return nn.Sequential(nn.Conv2d(cin, cout, 3, padding=1), nn.ELU(), nn.Conv2d(cout, cout, 3, padding=1), nn.ELU())


# padlint: input=(1, 1, 128, 128)
class Segmenter(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.enc1 = block(1, 16)
        self.enc2 = block(16, 32)
        self.mid = block(32, 64)
        self.pool = nn.MaxPool2d(2)
        self.up2 = nn.ConvTranspose2d(64, 32, 3, stride=2, padding=1)
        self.dec2 = block(64, 32)
        self.up1 = nn.ConvTranspose2d(32, 16, 3, stride=2, padding=1, output_padding=1)
        self.dec1 = block(32, 16)
        self.out = nn.Conv2d(16, 1, 1)

    def forward(self, x: Tensor) -> Tensor:
        e1 = self.enc1(x)
        e2 = self.enc2(self.pool(e1))
        m = self.mid(self.pool(e2))
        d2 = self.dec2(torch.cat([self.up2(m), e2], 1))
        d1 = self.dec1(torch.cat([self.up1(d2), e1], 1))
        return torch.sigmoid(self.out(d1))
