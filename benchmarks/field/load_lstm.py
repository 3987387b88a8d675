import numpy as np
import torch
import torch.nn as nn

def simulate(n, seed):
    r = np.random.RandomState(seed)
    t = np.arange(n)
    daily = np.sin(2 * np.pi * t / 24) + 0.4 * np.sin(4 * np.pi * t / 24 + 1)
    week = np.where((t // 24) % 7 >= 5, -0.8, 0.2)
    ar = np.zeros(n)
    for i in range(2, n):
        ar[i] = 1.2 * ar[i - 1] - 0.4 * ar[i - 2] + 0.15 * r.randn()
    y = daily * (1 + 0.3 * week) + week + ar
    return ((y - y.mean()) / y.std()).astype(np.float32)

y = torch.from_numpy(simulate(6000, 3))
W = 36
windows = y.unfold(0, W + 1, 1)
tr, va = windows[:4700], windows[4800:]

class Net(nn.Module):
    def __init__(self, n=40):
        super().__init__()
        self.lstm = nn.LSTM(1, n, batch_first=True)
        self.head = nn.Linear(n, 1)
    def forward(self, x):
        return self.head(self.lstm(x[..., None])[0][:, -1])[:, 0]

torch.manual_seed(2)
net = Net()
opt = torch.optim.RMSprop(net.parameters(), lr=0.04)
hist = []
for step in range(700):
    b = tr[torch.randint(0, len(tr), (48,))]
    loss = (net(b[:, :W]) - b[:, W]).square().mean()
    opt.zero_grad(set_to_none=True)
    loss.backward()
    opt.step()
    hist.append(loss.item())
    if step % 70 == 69:
        with torch.no_grad():
            v = (net(va[:, :W]) - va[:, W]).square().mean().item()
        print(step + 1, 'train', round(np.mean(hist[-70:]), 4), 'val', round(v, 4))
