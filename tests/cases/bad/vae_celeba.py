"""Variational auto-encoder on faces of 64x64."""
import torch
from torch import nn


# padlint: input=(2, 3, 64, 64), out=(2, 3, 64, 64)
class VAE(nn.Module):
    def __init__(self, latent_dim=32, hidden_dims=None):
        super().__init__()
        if hidden_dims is None:
            hidden_dims = [16, 32, 64, 128]
        self.last = hidden_dims[-1]
        modules = []
        in_channels = 3
        for h_dim in hidden_dims:
            modules.append(
                nn.Sequential(
                    nn.Conv2d(in_channels, out_channels=h_dim, kernel_size=3, stride=2, padding=1),
                    nn.BatchNorm2d(h_dim),
                    nn.LeakyReLU(),
                )
            )
            in_channels = h_dim
        self.encoder = nn.Sequential(*modules)
        self.fc_mu = nn.Linear(hidden_dims[-1] * 2 * 2, latent_dim)
        self.fc_var = nn.Linear(hidden_dims[-1] * 4 * 4, latent_dim)
        self.decoder_input = nn.Linear(latent_dim, hidden_dims[-1] * 4 * 4)
        backwards = hidden_dims[::-1]
        modules = []
        for i in range(len(backwards) - 1):
            modules.append(
                nn.Sequential(
                    nn.ConvTranspose2d(
                        backwards[i], backwards[i + 1], kernel_size=3, stride=2, padding=1, output_padding=1
                    ),
                    nn.BatchNorm2d(backwards[i + 1]),
                    nn.LeakyReLU(),
                )
            )
        self.decoder = nn.Sequential(*modules)
        self.final_layer = nn.Sequential(
            nn.ConvTranspose2d(backwards[-1], backwards[-1], kernel_size=3, stride=2, padding=1, output_padding=1),
            nn.Conv2d(backwards[-1], out_channels=3, kernel_size=3, padding=1),
            nn.Tanh(),
        )

    def encode(self, x):
        result = torch.flatten(self.encoder(x), start_dim=1)
        return self.fc_mu(result), self.fc_var(result)

    def reparameterize(self, mu, logvar):
        std = torch.exp(0.5 * logvar)
        return torch.randn_like(std) * std + mu

    def decode(self, z):
        result = self.decoder_input(z).view(-1, self.last, 4, 4)
        return self.final_layer(self.decoder(result))

    def forward(self, x):
        mu, log_var = self.encode(x)
        return self.decode(self.reparameterize(mu, log_var))
