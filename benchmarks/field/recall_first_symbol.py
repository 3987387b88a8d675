import torch
import torch.nn as nn

torch.manual_seed(101)
L, K, H = 40, 5, 48


def make(n):
    s = torch.randint(K, K + 4, (n, L))
    y = torch.randint(0, K, (n,))
    s[:, 0] = y
    return s, y


class Recall(nn.Module):
    def __init__(self):
        super().__init__()
        self.emb = nn.Embedding(K + 4, 16)
        self.rnn = nn.RNN(16, H, nonlinearity='tanh', batch_first=True)
        self.fc = nn.Linear(H, K)

    def forward(self, s):
        return self.fc(self.rnn(self.emb(s))[1][0])


net = Recall()
opt = torch.optim.Adam(net.parameters(), lr=1e-3)
for step in range(700):
    x, y = make(48)
    loss = nn.functional.cross_entropy(net(x), y)
    opt.zero_grad()
    loss.backward()
    nn.utils.clip_grad_norm_(net.parameters(), 1.0)
    opt.step()
    if step % 70 == 0:
        print('step', step, 'loss', round(loss.item(), 4))
x, y = make(1000)
with torch.no_grad():
    o = net(x)
print('eval', round(nn.functional.cross_entropy(o, y).item(), 4), 'acc', round((o.argmax(1) == y).float().mean().item(), 4))
