import torch
import torch.nn.functional as F
from sklearn.datasets import load_breast_cancer
from sklearn.model_selection import train_test_split

torch.manual_seed(101)
D = load_breast_cancer()
a, b, ya, yb = train_test_split(D.data, D.target, test_size=0.3, random_state=101, stratify=D.target)
mu, sd = a.mean(0), a.std(0)
xa, xb = (torch.tensor((v - mu) / sd, dtype=torch.float32) for v in (a, b))
ya, yb = torch.tensor(ya).float(), torch.tensor(yb).float()

lin = torch.nn.Linear(30, 1)
opt = torch.optim.LBFGS(lin.parameters(), lr=0.5, max_iter=5, history_size=10, line_search_fn="strong_wolfe")
lam = 5e-3


def objective():
    return F.binary_cross_entropy_with_logits(lin(xa)[:, 0], ya) + lam * lin.weight.pow(2).sum()


def closure():
    opt.zero_grad()
    loss = objective()
    loss.backward()
    return loss


for it in range(24):
    loss = opt.step(closure)
    if it % 3 == 0:
        print(f"iter {it} objective {loss.item():.6f}")
with torch.no_grad():
    z = lin(xb)[:, 0]
    print(f"final objective {objective().item():.5f} test bce {F.binary_cross_entropy_with_logits(z, yb).item():.4f} acc {((z > 0) == (yb > 0.5)).float().mean().item():.4f}")
