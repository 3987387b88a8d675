import torch
from torch import nn
from torch.nn.utils.rnn import pack_padded_sequence, pad_packed_sequence
torch.set_num_threads(1)
torch.manual_seed(59)
L = 18
def make(n):
    ln = torch.randint(5, 13, (n,))
    y = torch.randint(0, 3, (n,))
    x = torch.randn(n, L, 2) * 0.5 + torch.tensor([[-.5, .2], [.5, .2], [0., -.6]])[y][:, None]
    x = x * (torch.arange(L)[None] < ln[:, None])[..., None]
    return x, ln, y
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.rnn = nn.LSTM(2, 24, batch_first=True)
        self.fc = nn.Linear(24, 3)
    def forward(self, x, ln):
        p = pack_padded_sequence(x, ln, batch_first=True, enforce_sorted=False)
        o, _ = self.rnn(p)
        o, _ = pad_packed_sequence(o, batch_first=True, total_length=L)
        return self.fc(o[:, -1])
x, ln, y = make(1500); a, b, c = make(500)
net = Net()
opt = torch.optim.AdamW(net.parameters(), lr=3e-3)
for it in range(400):
    k = torch.randint(0, 1500, (40,))
    l = nn.functional.cross_entropy(net(x[k], ln[k]), y[k])
    opt.zero_grad(); l.backward(); opt.step()
    if it % 80 == 0: print(it, l.item())
with torch.no_grad():
    o = net(a, b)
    print("train", nn.functional.cross_entropy(net(x, ln), y).item(), "val", nn.functional.cross_entropy(o, c).item(), "acc", (o.argmax(1) == c).float().mean().item())
