import math
import torch
import torch.nn as nn

torch.manual_seed(9)
T = 2600
t = torch.arange(T).float()
phase = torch.cumsum(2 * math.pi / (33 + 4 * torch.sin(t / 190)), 0)
series = torch.sin(phase).clamp(min=-0.4) * (1 + 0.4 * torch.sin(t / 300)) + 0.08 * torch.randn(T)
series = (series - series[:2000].mean()) / series[:2000].std()
W = 30
win = series.unfold(0, W + 1, 1)
tr, te = win[:1950], win[2000:]


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.rnn = nn.LSTM(1, 24, batch_first=True)
        self.lin = nn.Linear(24, 1)

    def forward(self, s):
        o, _ = self.rnn(s[..., None])
        return self.lin(o[:, -1])[:, 0]


def run():
    net = Net()
    opt = torch.optim.SGD(net.parameters(), lr=0.05)
    for epoch in range(14):
        losses = []
        for b in torch.randperm(len(tr)).split(39):
            loss = torch.mean((net(tr[b][:, :W]) - tr[b][:, W]) ** 2)
            loss.backward()
            opt.step()
            losses.append(loss.item())
        print("epoch", epoch, "mse", sum(losses) / len(losses))
    return net


net = run()
with torch.no_grad():
    print("test mse", torch.mean((net(te[:, :W]) - te[:, W]) ** 2).item(), "persistence", torch.mean((te[:, W - 1] - te[:, W]) ** 2).item())
