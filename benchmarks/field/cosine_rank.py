import torch, torch.nn as nn
torch.manual_seed(408)
N, T, V = 2000, 6, 50
seq = torch.randint(1, V, (N, T)); ln = torch.randint(0, T + 1, (N,))
seq[torch.arange(T)[None] >= ln[:, None]] = 0
w = torch.randn(V); y = ((w[seq] * (seq > 0)).sum(1) > 0).float()
class Ranker(nn.Module):
    def __init__(self):
        super().__init__()
        self.e = nn.Embedding(V, 16, padding_idx=0)
        self.q = nn.Sequential(nn.Linear(16, 32), nn.ReLU(), nn.Linear(32, 1))
    def forward(self, s):
        m = (s > 0).float()
        v = (self.e(s) * m.unsqueeze(-1)).sum(1) / m.sum(1, keepdim=True)
        return self.q(v).squeeze(1)
net = Ranker()
opt = torch.optim.Adam(net.parameters(), lr=3e-3)
for s in range(600):
    i = torch.randint(0, 1600, (8,))
    l = nn.functional.binary_cross_entropy_with_logits(net(seq[i]), y[i])
    opt.zero_grad(); l.backward(); opt.step()
    if s % 60 == 0:
        print(s, "loss", l.item())
with torch.no_grad():
    o = net(seq[1600:]); print("test acc", ((o > 0).float() == y[1600:]).float().mean().item(), "loss", l.item())
