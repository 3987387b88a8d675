import numpy as np
import torch
from torch import nn

rs = np.random.RandomState(21)


def record(kind, T=24):
    t = np.arange(T)
    temp = 310 + 4 * np.sin(t / 4 + rs.rand() * 6) + rs.randn(T)
    press = 101 + 2 * np.cos(t / 3 + rs.rand() * 6) + 0.5 * rs.randn(T)
    rpm = 1500 + 40 * np.sin(t / 2 + rs.rand() * 6) + 10 * rs.randn(T)
    if kind == 1:
        temp += np.linspace(0, 6, T)
    elif kind == 2:
        press -= np.linspace(0, 3, T)
    elif kind == 3:
        rpm += 60 * (t % 6 == 0)
    return np.stack([temp, press, rpm], 1)


kinds = rs.randint(0, 4, 2400)
seqs = np.stack([record(k) for k in kinds]).astype(np.float32)
seqs, kinds = torch.from_numpy(seqs), torch.from_numpy(kinds)


class Diagnoser(nn.Module):
    def __init__(self):
        super().__init__()
        self.rnn = nn.LSTM(3, 40, batch_first=True)
        self.fc = nn.Linear(40, 4)

    def forward(self, x):
        h, _ = self.rnn(x)
        return self.fc(h.mean(1))


torch.manual_seed(2)
net = Diagnoser()
opt = torch.optim.AdamW(net.parameters(), lr=3e-3, weight_decay=1e-3)
for step in range(700):
    b = torch.randint(0, 2000, (64,))
    loss = nn.functional.cross_entropy(net(seqs[b]), kinds[b])
    opt.zero_grad()
    loss.backward()
    opt.step()
    if step % 100 == 0:
        print(f"[{step}] {loss.item():.4f}")
net.eval()
with torch.no_grad():
    print("held-out accuracy", (net(seqs[2000:]).argmax(1) == kinds[2000:]).float().mean().item())
