import argparse
import torch
import torch.nn as nn

p = argparse.ArgumentParser()
p.add_argument("--length", type=int, default=25)
p.add_argument("--symbols", type=int, default=6)
p.add_argument("--hidden", type=int, default=48)
p.add_argument("--steps", type=int, default=1500)
p.add_argument("--lr", type=float, default=1e-3)
p.add_argument("--radius", type=float, default=0.45)
a = p.parse_args()
torch.manual_seed(2)


class Recall(nn.Module):
    def __init__(self):
        super().__init__()
        self.emb = nn.Embedding(a.symbols + 1, 16)
        self.rnn = nn.RNN(16, a.hidden, nonlinearity="tanh", batch_first=True)
        self.out = nn.Linear(a.hidden, a.symbols)
        nn.init.orthogonal_(self.rnn.weight_hh_l0, gain=a.radius)
        nn.init.zeros_(self.rnn.bias_hh_l0)
        nn.init.zeros_(self.rnn.bias_ih_l0)
        nn.init.normal_(self.rnn.weight_ih_l0, std=0.25)
        nn.init.normal_(self.emb.weight, std=0.5)

    def forward(self, s):
        _, h = self.rnn(self.emb(s))
        return self.out(h[0])


def make(n):
    first = torch.randint(0, a.symbols, (n,))
    s = torch.full((n, a.length), a.symbols)
    s[:, 0] = first
    return s, first


net = Recall()
opt = torch.optim.RMSprop(net.parameters(), lr=a.lr)
for step in range(a.steps):
    s, y = make(48)
    loss = nn.functional.cross_entropy(net(s), y)
    opt.zero_grad()
    loss.backward()
    opt.step()
    if step % 150 == 0:
        print(f"step {step} loss {loss.item():.4f}")
with torch.no_grad():
    s, y = make(1000)
    print("recall accuracy", (net(s).argmax(1) == y).float().mean().item())
