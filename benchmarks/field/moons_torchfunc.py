import torch
from torch.func import grad_and_value
from sklearn.datasets import make_moons
torch.manual_seed(420)
X, y = make_moons(1500, noise=0.2, random_state=2)
X = torch.tensor((X - X.mean(0)) / X.std(0)).float(); y = torch.tensor(y).float()
P = {"w1": torch.randn(2, 32) * 0.9, "b1": torch.zeros(32), "w2": torch.randn(32, 32) * 0.22, "b2": torch.zeros(32), "w3": torch.randn(32, 1) * 0.1, "b3": torch.zeros(1)}
def f(p, x): return (torch.relu(torch.relu(x @ p["w1"] + p["b1"]) @ p["w2"] + p["b2"]) @ p["w3"] + p["b3"]).squeeze(1)
def loss(p, x, t): return torch.nn.functional.binary_cross_entropy_with_logits(f(p, x), t)
g = grad_and_value(loss)
V = {k: torch.zeros_like(v) for k, v in P.items()}
for s in range(800):
    i = torch.randint(0, 1100, (64,))
    d, l = g(P, X[i], y[i])
    for k in P:
        V[k] = 0.9 * V[k] + d[k]; P[k] = P[k] - 0.03 * (1 - s / 800) * V[k]
    if s % 100 == 99: print(s + 1, "%.4f" % l.item(), "held-out %.4f" % loss(P, X[1100:], y[1100:]).item())
