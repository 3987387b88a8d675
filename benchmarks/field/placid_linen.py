import torch
from torch import nn
from sklearn.datasets import load_digits


class Tied(nn.Module):
    """Decoder uses the transposed encoder matrices."""

    def __init__(self, dims=(64, 48, 16)):
        super().__init__()
        self.w = nn.ParameterList([nn.Parameter(torch.empty(b, a)) for a, b in zip(dims, dims[1:])])
        self.up = nn.ParameterList([nn.Parameter(torch.zeros(b)) for b in dims[1:]])
        self.down = nn.ParameterList([nn.Parameter(torch.zeros(a)) for a in dims[:-1]])
        for w in self.w:
            nn.init.xavier_uniform_(w)

    def forward(self, x):
        for w, b in zip(self.w, self.up):
            x = torch.tanh(nn.functional.linear(x, w, b))
        for i in reversed(range(len(self.w))):
            x = nn.functional.linear(x, self.w[i].T, self.down[i])
            if i:
                x = torch.tanh(x)
        return x


torch.manual_seed(81)
x = torch.tensor(load_digits().data, dtype=torch.float32)
x = (x - x.mean(0)) / 6
x = x[torch.randperm(len(x))]
net = Tied()
opt = torch.optim.Adam(net.parameters(), lr=1.5e-3)
for epoch in range(60):
    for b in x[:1440].split(36):
        loss = (net(b + 0.3 * torch.randn_like(b)) - b).pow(2).mean()
        opt.zero_grad()
        loss.backward()
        opt.step()
    if epoch % 12 == 11:
        with torch.no_grad():
            v = x[1440:]
            print(f"epoch {epoch+1} mse {loss.item():.4f} held-out {(net(v) - v).pow(2).mean().item():.4f} (variance {v.var():.4f})")
