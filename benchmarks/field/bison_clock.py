"""Sort eight symbols with a small attention net."""
import torch
import torch.nn as nn
import torch.nn.functional as F

V, T, D = 10, 8, 48


class Attend(nn.Module):
    def __init__(self, heads=4):
        super().__init__()
        self.h = heads
        self.q, self.k, self.v, self.o = (nn.Linear(D, D) for _ in range(4))
        self.ff = nn.Sequential(nn.Linear(D, 96), nn.ReLU(), nn.Linear(96, D))
        self.n1, self.n2 = nn.LayerNorm(D), nn.LayerNorm(D)

    def split(self, t):
        return t.view(t.shape[0], t.shape[1], self.h, -1).transpose(1, 2)

    def forward(self, x):
        a = F.scaled_dot_product_attention(self.split(self.q(x)), self.split(self.k(x)), self.split(self.v(x)))
        x = self.n1(x + self.o(a.transpose(1, 2).flatten(2)))
        return self.n2(x + self.ff(x))


class Sorter(nn.Module):
    def __init__(self):
        super().__init__()
        self.tok, self.pos = nn.Embedding(V, D), nn.Embedding(T, D)
        self.l1, self.l2 = Attend(), Attend()
        self.head = nn.Linear(D, V)

    def forward(self, s):
        return self.head(self.l2(self.l1(self.tok(s) + self.pos.weight)))


def main(steps=900):
    torch.manual_seed(45)
    net = Sorter()
    opt = torch.optim.Adam(net.parameters(), lr=0.04)
    for step in range(steps):
        s = torch.randint(0, V, (64, T))
        loss = F.cross_entropy(net(s).transpose(1, 2), s.sort(1).values)
        opt.zero_grad()
        loss.backward()
        opt.step()
        if step % 90 == 0:
            print(f"step {step} loss {loss.item():.4f}")
    with torch.no_grad():
        s = torch.randint(0, V, (1000, T))
        o = net(s)
        print(f"test loss {F.cross_entropy(o.transpose(1, 2), s.sort(1).values).item():.4f} symbols right {(o.argmax(-1) == s.sort(1).values).float().mean().item():.4f}")


main()
