import torch
from sklearn.datasets import load_digits

torch.set_num_threads(1)
torch.manual_seed(64)
raw = load_digits()
X = torch.tensor(raw.data / 16.0 - 0.3, dtype=torch.float32)
Y = torch.tensor(raw.target)
p = torch.randperm(len(X))
X, Y = X[p], Y[p]


class Layer:
    def __init__(self, n_in, n_out, act=None):
        self.w = torch.full((n_in, n_out), 1.0 / n_in)
        self.b = torch.zeros(n_out)
        self.act = act
        self.w.requires_grad_(True)
        self.b.requires_grad_(True)

    def __call__(self, x):
        z = x @ self.w + self.b
        return z if self.act is None else self.act(z)

    def params(self):
        return [self.w, self.b]


layers = [Layer(64, 64, torch.nn.functional.leaky_relu), Layer(64, 32, torch.nn.functional.leaky_relu), Layer(32, 10)]
opt = torch.optim.SGD([q for l in layers for q in l.params()], lr=0.05, momentum=0.9)


def net(x):
    for l in layers:
        x = l(x)
    return x


for epoch in range(40):
    tot = 0.0
    for i in range(0, 1440, 36):
        loss = torch.nn.functional.cross_entropy(net(X[i:i + 36]), Y[i:i + 36])
        opt.zero_grad()
        loss.backward()
        opt.step()
        tot += loss.item() / 40
    if epoch % 5 == 4:
        with torch.no_grad():
            o = net(X[1440:])
        print(f'epoch {epoch + 1} loss {tot:.4f} test acc {(o.argmax(1) == Y[1440:]).float().mean().item():.3f}')
