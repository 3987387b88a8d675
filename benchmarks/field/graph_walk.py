import torch
from torch import nn
torch.manual_seed(70)
N, C = 400, 4
lab = torch.randint(0, C, (N,))
same = lab[:, None] == lab[None]
A = (torch.rand(N, N) < torch.where(same, torch.tensor(0.05), torch.tensor(0.012))).float()
A = ((A + A.T) > 0).float(); A.fill_diagonal_(1)
d = A.sum(1).rsqrt()
A = d[:, None] * A * d[None]
X = torch.randn(N, 32) + 0.35 * torch.randn(C, 32)[lab]
tr = torch.randperm(N)
tr, te = tr[:240], tr[240:]

class GCN(nn.Module):
    def __init__(self, hid=32):
        super().__init__()
        self.layers = [nn.Linear(32, hid), nn.Linear(hid, hid)]
        self.out = nn.Linear(hid, C)
    def forward(self, x):
        for l in self.layers:
            x = torch.relu(A @ l(x))
        return self.out(A @ x)

net = GCN()
opt = torch.optim.Adam(net.parameters(), lr=5e-3, weight_decay=5e-3)
for ep in range(120):
    o = net(X)
    loss = nn.functional.cross_entropy(o[tr], lab[tr])
    opt.zero_grad()
    loss.backward()
    opt.step()
    if ep % 15 == 14:
        print(ep + 1, "loss %.4f" % loss.item(), "test loss %.4f" % nn.functional.cross_entropy(o[te], lab[te]).item(), "test acc %.4f" % (o[te].argmax(1) == lab[te]).float().mean().item())
