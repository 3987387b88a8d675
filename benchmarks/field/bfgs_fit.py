import torch
torch.manual_seed(421)
t = torch.linspace(0, 10, 200, dtype=torch.float64)
y = 2.0 * torch.exp(-0.4 * t) * torch.cos(1.7 * t + 0.3) + 0.02 * torch.randn(200, dtype=torch.float64)
p = torch.tensor([1.5, 0.3, 1.6, 0.0], dtype=torch.float64, requires_grad=True)
opt = torch.optim.LBFGS([p], lr=0.3, max_iter=1)
def model(t): return p[0] * torch.exp(-p[1] * t) * torch.cos(p[2] * t + p[3])
for s in range(80):
    def closure():
        opt.zero_grad(); l = ((model(t) - y) ** 2).mean(); l.backward(); return l
    l = opt.step(closure)
    if s % 10 == 0 or s == 79: print(s, l.item(), [round(v, 3) for v in p.tolist()])
