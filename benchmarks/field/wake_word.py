import torch, math
import torch.nn as nn
torch.manual_seed(100)
def clips(n, T=256):
    k = torch.randint(0, 5, (n,))
    f = torch.tensor([8.0, 13.0, 21.0, 34.0, 55.0])[k]
    t = torch.arange(T) / T
    env = torch.exp(-((t - 0.3 - 0.4 * torch.rand(n, 1)) ** 2) / 0.02)
    x = env * torch.sin(2 * math.pi * (f[:, None] * t + 4 * t ** 2)) + 0.8 * torch.randn(n, T)
    s = torch.stft(x, 32, 16, window=torch.hann_window(32), return_complex=True).abs()
    s = torch.log1p(s)
    return ((s - s.mean()) / s.std()).flatten(1), k
X, Y = clips(4000)

class Thresholded(nn.Module):
    def __init__(self, n, lo, hi):
        super().__init__()
        self.register_buffer("theta", torch.linspace(lo, hi, n))
    def forward(self, h):
        return torch.relu(h - self.theta)

net = nn.Sequential(nn.Linear(X.shape[1], 32), Thresholded(32, 0.3, 9.0), nn.Linear(32, 32), nn.ReLU(), nn.Linear(32, 5))
opt = torch.optim.SGD(net.parameters(), lr=0.02, momentum=0.9)
for s in range(400):
    i = torch.randint(0, 3200, (64,))
    l = nn.functional.cross_entropy(net(X[i]), Y[i])
    opt.zero_grad(); l.backward(); opt.step()
    if s % 50 == 49:
        with torch.no_grad():
            v = net(X[3200:])
        print(s + 1, "%.4f" % l.item(), "val %.4f" % nn.functional.cross_entropy(v, Y[3200:]).item(), "acc %.4f" % (v.argmax(1) == Y[3200:]).float().mean().item())
