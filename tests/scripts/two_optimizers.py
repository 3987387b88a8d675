"""A generator and a critic, each with its optimizer, taking turns."""

import torch
from _fingerprint import fingerprint
from torch import nn

torch.manual_seed(3)
generator = nn.Sequential(nn.Linear(8, 32), nn.LeakyReLU(0.2), nn.Linear(32, 2))
critic = nn.Sequential(nn.Linear(2, 32), nn.LeakyReLU(0.2), nn.Linear(32, 1))
opt_g = torch.optim.Adam(generator.parameters(), lr=1e-3, betas=(0.5, 0.9))
opt_d = torch.optim.Adam(critic.parameters(), lr=2e-3, betas=(0.5, 0.9))
bce = nn.functional.binary_cross_entropy_with_logits
for step in range(60):
    real = torch.randn(32, 2) * 0.5 + torch.tensor([1.0, -1.0])
    fake = generator(torch.randn(32, 8))
    opt_d.zero_grad()
    (bce(critic(real), torch.ones(32, 1)) + bce(critic(fake.detach()), torch.zeros(32, 1))).backward()
    opt_d.step()
    opt_g.zero_grad()
    loss = bce(critic(fake), torch.ones(32, 1))
    loss.backward()
    opt_g.step()
    if step % 20 == 0:
        print(step, loss.item())
fingerprint(generator.state_dict(), critic.state_dict(), opt_g.state_dict(), opt_d.state_dict())
