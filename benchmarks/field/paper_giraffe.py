import torch
from torch.func import grad_and_value

torch.manual_seed(13)
N = 1200
x = torch.rand(N, 5)
y = 10 * torch.sin(3.1416 * x[:, 0] * x[:, 1]) + 20 * (x[:, 2] - 0.5) ** 2 + 10 * x[:, 3] + 5 * x[:, 4] + 0.5 * torch.randn(N)
x = (x - 0.5) * 3.4
y = (y - y.mean()) / y.std()
xtr, ytr, xva, yva = x[:1000], y[:1000], x[1000:], y[1000:]


def init():
    return {
        "w1": torch.ones(5, 32) * 0.1,
        "w2": torch.ones(32, 32) * 0.1,
        "w3": torch.ones(32) * 0.1,
        "b1": torch.zeros(32), "b2": torch.zeros(32), "b3": torch.zeros(()),
    }


def predict(p, x):
    h = torch.tanh(x @ p["w1"] + p["b1"])
    h = torch.tanh(h @ p["w2"] + p["b2"])
    return h @ p["w3"] + p["b3"]


def loss_fn(p, x, y):
    return ((predict(p, x) - y) ** 2).mean()


params = init()
vel = {k: torch.zeros_like(v) for k, v in params.items()}
step = grad_and_value(loss_fn)
for i in range(2500):
    j = torch.randint(0, 1000, (64,))
    g, l = step(params, xtr[j], ytr[j])
    vel = {k: 0.9 * vel[k] + g[k] for k in params}
    params = {k: params[k] - 0.01 * vel[k] for k in params}
    if (i + 1) % 250 == 0:
        print(f"{i + 1}  train {loss_fn(params, xtr, ytr):.4f}  val {loss_fn(params, xva, yva):.4f}")
