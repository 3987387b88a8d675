import torch
from sklearn.datasets import load_digits


class Stack(torch.nn.Module):
    def __init__(self, depth, width, act):
        super().__init__()
        self.inp = torch.nn.Linear(64, width)
        self.mid = torch.nn.ModuleList(torch.nn.Linear(width, width) for _ in range(depth))
        self.out = torch.nn.Linear(width, 10)
        self.act = act

    def forward(self, x):
        x = self.act(self.inp(x))
        for m in self.mid:
            x = self.act(m(x))
        return self.out(x)


def run(epochs=40, bs=25):
    x, y = load_digits(return_X_y=True)
    x = torch.as_tensor(x, dtype=torch.float).div(8).sub(1)
    y = torch.as_tensor(y)
    torch.manual_seed(0)
    perm = torch.randperm(len(x))
    tr, te = perm[:1400], perm[1400:]
    net = Stack(9, 50, torch.sigmoid)
    opt = torch.optim.SGD(net.parameters(), lr=0.02, momentum=0.9)
    for ep in range(epochs):
        for b in tr[torch.randperm(1400)].split(bs):
            loss = torch.nn.functional.cross_entropy(net(x[b]), y[b])
            opt.zero_grad()
            loss.backward()
            opt.step()
        if ep % 8 == 7:
            with torch.no_grad():
                print(f"ep {ep+1} loss {loss.item():.3f} test acc {(net(x[te]).argmax(-1) == y[te]).float().mean().item():.3f}")


run()
