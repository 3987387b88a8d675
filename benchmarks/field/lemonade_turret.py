import torch
import torch.nn as nn
import torch.nn.functional as F

torch.manual_seed(26)
T, V, H = 30, 6, 48


class Cell(nn.Module):
    def __init__(self):
        super().__init__()
        self.inp = nn.Linear(V, H)
        self.rec = nn.Linear(H, H, bias=False)
        nn.init.normal_(self.rec.weight, std=0.4 / H ** 0.5)
        self.read = nn.Linear(H, V)

    def forward(self, x):
        h = torch.zeros(len(x), H)
        for t in range(x.shape[1]):
            h = torch.tanh(self.inp(x[:, t]) + self.rec(h))
        return self.read(h)


net = Cell()
opt = torch.optim.RMSprop(net.parameters(), lr=5e-4)
for it in range(800):
    first = torch.randint(0, V, (64,))
    x = torch.cat([F.one_hot(first, V).float().unsqueeze(1), 0.1 * torch.randn(64, T - 1, V)], 1)
    out = net(x)
    loss = F.cross_entropy(out, first)
    opt.zero_grad()
    loss.backward()
    nn.utils.clip_grad_norm_(net.parameters(), 1.0)
    opt.step()
    if it % 80 == 0 or it == 799:
        print(it, "loss %.4f acc %.3f" % (loss.item(), (out.argmax(1) == first).float().mean().item()))
