import math
import torch
import torch.nn as nn

torch.manual_seed(27)
T, LAG, H = 40, 6, 64

def sequences(n):
    x = torch.randn(n, T, 1)
    return x, x[:, :T - LAG, 0]

class Echo(nn.Module):
    def __init__(self, gain):
        super().__init__()
        self.cell = nn.RNN(1, H, batch_first=True)
        self.read = nn.Linear(H, 1)
        nn.init.normal_(self.cell.weight_hh_l0, std=gain / math.sqrt(H))
        nn.init.normal_(self.cell.weight_ih_l0, std=0.3)

    def forward(self, x):
        h, _ = self.cell(x)
        return self.read(h)[:, LAG:, 0]

net = Echo(gain=3.0)
opt = torch.optim.Adam(net.parameters(), lr=1e-3)
tail = []
for step in range(900):
    x, y = sequences(32)
    loss = (net(x) - y).abs().mean()
    opt.zero_grad()
    loss.backward()
    opt.step()
    tail.append(loss.item())
    if step % 150 == 149:
        print(step + 1, 'train', sum(tail[-50:]) / 50)
with torch.no_grad():
    x, y = sequences(1000)
    print('train', sum(tail[-50:]) / 50, 'fresh', (net(x) - y).abs().mean().item())
