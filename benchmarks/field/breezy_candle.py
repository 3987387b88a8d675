import torch
from torch import nn

torch.manual_seed(67)
t = torch.linspace(0, 6, 240, dtype=torch.float64).unsqueeze(1)
truth = torch.exp(-0.3 * t) * torch.sin(2 * t)
obs = truth + 0.05 * torch.randn_like(truth)
inp = (t - t.mean()) / t.std()
net = nn.Sequential(nn.Linear(1, 14), nn.Tanh(), nn.Linear(14, 14), nn.Tanh(), nn.Linear(14, 1)).double()
opt = torch.optim.LBFGS(net.parameters(), lr=1.0, max_iter=4, history_size=20, line_search_fn="strong_wolfe")
calls = 0


def closure():
    global calls
    calls += 1
    opt.zero_grad()
    reg = sum((p ** 2).sum() for p in net.parameters())
    loss = nn.functional.mse_loss(net(inp), obs) + 2e-5 * reg
    loss.backward()
    return loss


for k in range(250):
    loss = opt.step(closure)
    if k % 25 == 0:
        print(k, "loss", loss.item(), "evaluations", calls)
with torch.no_grad():
    print("rmse to truth", nn.functional.mse_loss(net(inp), truth).sqrt().item())
