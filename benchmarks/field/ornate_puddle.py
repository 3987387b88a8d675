import torch
import torch.nn.functional as F


class Lion(torch.optim.Optimizer):
    def __init__(self, params, lr=1e-3, betas=(0.9, 0.99), weight_decay=0.0):
        super().__init__(params, dict(lr=lr, betas=betas, weight_decay=weight_decay))

    @torch.no_grad()
    def step(self, closure=None):
        for g in self.param_groups:
            b1, b2 = g["betas"]
            for p in g["params"]:
                if p.grad is None:
                    continue
                m = self.state[p].setdefault("m", torch.zeros_like(p))
                p.mul_(1 - g["lr"] * g["weight_decay"])
                p.add_((b1 * m + (1 - b1) * p.grad).sign(), alpha=-g["lr"])
                m.mul_(b2).add_(p.grad, alpha=1 - b2)


torch.manual_seed(139)
X = torch.randn(3000, 2)
y = torch.bernoulli(torch.sigmoid(4 * X[:, 0] * X[:, 1]))
W1, b1 = torch.randn(2, 8) * 0.8, torch.zeros(8)
W2, b2 = torch.randn(8, 1) * 0.35, torch.zeros(1)
params = [t.requires_grad_() for t in (W1, b1, W2, b2)]


def net(x):
    return (torch.tanh(x @ W1 + b1) @ W2 + b2)[:, 0]


opt = Lion(params, lr=3e-3, weight_decay=1e-3)
sched = torch.optim.lr_scheduler.LinearLR(opt, 1.0, 0.05, total_iters=2500)
for step in range(2500):
    i = torch.randint(0, 2400, (64,))
    loss = F.binary_cross_entropy_with_logits(net(X[i]), y[i])
    opt.zero_grad()
    loss.backward()
    opt.step()
    sched.step()
    if step % 250 == 0:
        print(step, f"{loss.item():.4f}")
with torch.no_grad():
    z = net(X[2400:])
    print(f"final train {F.binary_cross_entropy_with_logits(net(X[:2400]), y[:2400]).item():.4f} test {F.binary_cross_entropy_with_logits(z, y[2400:]).item():.4f} acc {((z > 0).float() == y[2400:]).float().mean().item():.4f}")
