import torch
import torch.nn as nn

torch.manual_seed(89)
atoms = nn.functional.normalize(torch.randn(60, 32), dim=1)


def draw(n):
    mask = (torch.rand(n, 60) < 0.06).float()
    return (mask * torch.rand(n, 60) * 2) @ atoms


class SparseAE(nn.Module):
    def __init__(self, d, k):
        super().__init__()
        self.enc = nn.Linear(d, k)
        self.dec = nn.Linear(k, d)
        with torch.no_grad():
            self.dec.weight.copy_(nn.functional.normalize(torch.randn(d, k), dim=0))
            self.enc.weight.copy_(self.dec.weight.T)
            self.enc.bias.fill_(-2.0)

    def forward(self, x):
        code = torch.relu(self.enc(x))
        return self.dec(code), code


model = SparseAE(32, 100)
opt = torch.optim.Adam(model.parameters(), lr=3e-3)
l1 = 0.002
for step in range(2000):
    x = draw(128)
    rec, code = model(x)
    loss = ((rec - x) ** 2).sum(1).mean() + l1 * code.abs().sum(1).mean()
    opt.zero_grad()
    loss.backward()
    opt.step()
    if step % 200 == 0:
        print(f'{step} loss {loss.item():.4f}')
x = draw(2000)
with torch.no_grad():
    rec, code = model(x)
print(f'reconstruction error {((rec - x) ** 2).sum(1).mean().item():.4f} of {(x ** 2).sum(1).mean().item():.4f}')
