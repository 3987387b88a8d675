import torch
from torch import nn
torch.set_num_threads(1)
torch.manual_seed(34)
A = 6
Wt = torch.randn(8, A)
def reward(s, a):
    return (s @ Wt).gather(1, a[:, None])[:, 0] + 3.0 * torch.randn(len(s))
pi = nn.Sequential(nn.Linear(8, 32), nn.Tanh(), nn.Linear(32, A))
opt = torch.optim.Adam(pi.parameters(), lr=4e-3)
n = 1
base = 0.0
for it in range(2000):
    s = torch.randn(n, 8)
    d = torch.distributions.Categorical(logits=pi(s))
    a = d.sample()
    r = reward(s, a)
    loss = -(d.log_prob(a) * (r - base)).mean()
    base += 0.05 * (r.mean().item() - base)
    opt.zero_grad(); loss.backward(); opt.step()
    if it % 400 == 0: print(it, "loss", loss.item(), "reward", r.mean().item())
with torch.no_grad():
    s = torch.randn(4000, 8)
    q = s @ Wt
    got = (pi(s).softmax(1) * q).sum(1).mean().item()
    print("train loss %.4f held-out regret %.4f mean reward %.4f best %.4f" % (loss.item(), q.amax(1).mean().item() - got, got, q.amax(1).mean().item()))
