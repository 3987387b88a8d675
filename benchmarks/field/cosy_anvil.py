import math
import torch
import torch.nn as nn

torch.set_num_threads(1)
torch.manual_seed(73)
S = 40
axis = torch.linspace(-1, 1, S)
yy, xx = torch.meshgrid(axis, axis, indexing='ij')
coords = torch.stack([xx, yy], -1).view(-1, 2)
picture = (torch.sin(6 * xx + 2 * yy ** 2) * torch.exp(-yy ** 2) + 0.5 * torch.tanh(8 * (xx ** 2 + yy ** 2 - 0.4))).view(-1, 1)
check = torch.rand(2000, 2) * 2 - 1
cx, cy = check[:, 0], check[:, 1]
check_v = (torch.sin(6 * cx + 2 * cy ** 2) * torch.exp(-cy ** 2) + 0.5 * torch.tanh(8 * (cx ** 2 + cy ** 2 - 0.4))).unsqueeze(1)


class Sine(nn.Module):
    def __init__(self, i, o, omega, first, c=6.0):
        super().__init__()
        self.lin, self.omega = nn.Linear(i, o), omega
        bound = c / i if first else c * math.sqrt(6 / i) / omega
        nn.init.uniform_(self.lin.weight, -bound, bound)

    def forward(self, x):
        return torch.sin(self.omega * self.lin(x))


siren = nn.Sequential(Sine(2, 48, 8.0, True), Sine(48, 48, 8.0, False), Sine(48, 48, 8.0, False), nn.Linear(48, 1))
opt = torch.optim.Adam(siren.parameters(), lr=5e-4)
for it in range(1, 2001):
    b = torch.randint(0, len(coords), (256,))
    loss = (siren(coords[b]) - picture[b]).pow(2).mean()
    opt.zero_grad()
    loss.backward()
    opt.step()
    if it % 200 == 0:
        with torch.no_grad():
            e = (siren(check) - check_v).pow(2).mean()
        print(f'{it} fit {loss.item():.5f} between-pixels {e.item():.5f}')
