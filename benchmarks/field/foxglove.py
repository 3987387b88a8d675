import torch
torch.set_num_threads(1); torch.manual_seed(30)
X = torch.randn(3000, 5); lam = torch.exp(.6 * X[:, 0] - .4 * X[:, 1] + .5 * torch.sin(2 * X[:, 2]) + 1.0); Y = torch.poisson(lam)
net = torch.nn.Sequential(torch.nn.Linear(5, 32), torch.nn.Tanh(), torch.nn.Linear(32, 1))
opt = torch.optim.Adam(net.parameters(), lr=3e-3, maximize=True)
def ll(x, y): r = net(x)[:, 0]; return (y * r - r.exp()).mean()
for it in range(1200):
    k = torch.randint(0, 2400, (80,)); v = ll(X[k], Y[k]); opt.zero_grad(); v.backward(); opt.step()
    if it % 200 == 0: print(it, "log-likelihood", v.item())
with torch.no_grad(): print("train ll", ll(X[:2400], Y[:2400]).item(), "held-out ll", ll(X[2400:], Y[2400:]).item(), "attainable", (Y[2400:] * lam[2400:].log() - lam[2400:]).mean().item())
