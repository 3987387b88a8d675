import torch, torch.nn as nn
torch.manual_seed(323)
N, G = 5, 0.95
pi = nn.Sequential(nn.Linear(2 * N, 32), nn.Tanh(), nn.Linear(32, 4)); vf = nn.Sequential(nn.Linear(2 * N, 32), nn.Tanh(), nn.Linear(32, 1))
op, ov = torch.optim.Adam(pi.parameters(), lr=3e-3), torch.optim.Adam(vf.parameters(), lr=6e-3)
mv = torch.tensor([[0, 1], [0, -1], [1, 0], [-1, 0]])
def ob(s): return torch.cat([nn.functional.one_hot(s[:, 0], N), nn.functional.one_hot(s[:, 1], N)], 1).float()
s = torch.randint(0, N, (64, 2))
for it in range(700):
    o = ob(s); dist = torch.distributions.Categorical(logits=pi(o)); a = dist.sample()
    s2 = (s + mv[a]).clamp(0, N - 1); done = (s2 == N - 1).all(1); r = done.float() - 0.02
    with torch.no_grad(): tgt = r + G * vf(ob(s2)).squeeze(1) * (~done)
    v = vf(o).squeeze(1); adv = (tgt - v).detach()
    lp = -(dist.log_prob(a) * adv).mean() - 0.005 * dist.entropy().mean(); lv = nn.functional.mse_loss(v, tgt)
    op.zero_grad(); lp.backward(); op.step(); ov.zero_grad(); lv.backward(); ov.step()
    s = torch.where(done[:, None], torch.randint(0, N, (64, 2)), s2)
    if it % 70 == 69: print(it + 1, "policy %.4f value %.4f" % (lp.item(), lv.item()), "reach rate %.3f" % done.float().mean().item())
