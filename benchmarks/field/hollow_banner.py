import torch
from torch import nn
from sklearn.datasets import load_digits

torch.manual_seed(21)
d = torch.tensor(load_digits().data, dtype=torch.float32) / 16
d = (d - d.mean()) / d.std()
tr, va = d[:1500], d[1500:]


class Denoiser(nn.Module):
    def __init__(self, code=32):
        super().__init__()
        self.e1 = nn.Linear(64, 96)
        self.e2 = nn.Linear(96, code)
        self.d1 = nn.Linear(code, 96)
        self.d2 = nn.Linear(96, 64)
        nn.init.uniform_(self.e2.bias, -1.4, -0.9)

    def encode(self, x):
        return torch.relu(self.e2(torch.tanh(self.e1(x))))

    def forward(self, x):
        return self.d2(torch.tanh(self.d1(self.encode(x))))


net = Denoiser()
opt = torch.optim.SGD(net.parameters(), lr=0.05, momentum=0.9)
for step in range(2500):
    x = tr[torch.randint(0, 1500, (64,))]
    loss = (net(x + 0.3 * torch.randn_like(x)) - x).pow(2).mean()
    opt.zero_grad()
    loss.backward()
    opt.step()
    if step % 300 == 0:
        print("step", step, "loss", round(loss.item(), 4))
with torch.no_grad():
    print("clean reconstruction mse", round((net(va) - va).pow(2).mean().item(), 4))
