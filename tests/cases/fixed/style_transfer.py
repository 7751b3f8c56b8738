"""Fast style transfer: mirrored borders, residual blocks, nearest neighbours on the way up."""
import torch
import torch.nn as nn
import torch.nn.functional as F


class ConvLayer(nn.Sequential):
    def __init__(self, cin, cout, kernel_size, stride=1):
        super().__init__(nn.ReflectionPad2d(kernel_size // 2), nn.Conv2d(cin, cout, kernel_size, stride))


class ResidualBlock(nn.Module):
    def __init__(self, channels):
        super().__init__()
        self.conv1 = ConvLayer(channels, channels, kernel_size=3)
        self.in1 = nn.InstanceNorm2d(channels, affine=True)
        self.conv2 = ConvLayer(channels, channels, kernel_size=3)
        self.in2 = nn.InstanceNorm2d(channels, affine=True)

    def forward(self, x):
        out = F.relu(self.in1(self.conv1(x)))
        return self.in2(self.conv2(out)) + x


class UpsampleConvLayer(nn.Module):
    def __init__(self, cin, cout, kernel_size, upsample=None):
        super().__init__()
        self.upsample = upsample
        self.layer = ConvLayer(cin, cout, kernel_size)

    def forward(self, x):
        if self.upsample:
            x = F.interpolate(x, mode="nearest", scale_factor=self.upsample)
        return self.layer(x)


# padlint: input=(1, 3, 128, 128)
class TransformerNet(nn.Module):
    def __init__(self):
        super().__init__()
        self.down = nn.Sequential(ConvLayer(3, 16, 9), nn.ReLU(), ConvLayer(16, 32, 3, 2), nn.ReLU(), ConvLayer(32, 64, 3, 2))
        self.res = nn.Sequential(*(ResidualBlock(64) for _ in range(3)))
        self.up1 = UpsampleConvLayer(64, 32, kernel_size=3, upsample=2)
        self.up2 = UpsampleConvLayer(32, 16, kernel_size=3, upsample=2)
        self.out = ConvLayer(16, 3, kernel_size=9)

    def forward(self, X):
        y = self.res(torch.relu(self.down(X)))
        return self.out(F.relu(self.up2(F.relu(self.up1(y)))))
