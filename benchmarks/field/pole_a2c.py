import torch
import torch.nn as nn

torch.manual_seed(1)
N, HORIZON, GAMMA = 16, 32, 0.98

class Poles:
    """N cart-poles at once"""
    def __init__(self, n):
        self.s = self.fresh(n); self.t = torch.zeros(n)
    def fresh(self, n):
        return (torch.rand(n, 4) - 0.5) * 0.1
    def step(self, a):
        x, xd, th, thd = self.s.unbind(1)
        f = torch.where(a == 1, 10.0, -10.0)
        tmp = (f + 0.05 * thd ** 2 * th.sin()) / 1.1
        tha = (9.8 * th.sin() - th.cos() * tmp) / (0.5 * (4 / 3 - 0.1 * th.cos() ** 2 / 1.1))
        xa = tmp - 0.05 * tha * th.cos() / 1.1
        self.s = torch.stack([x + 0.02 * xd, xd + 0.02 * xa, th + 0.02 * thd, thd + 0.02 * tha], 1)
        self.t += 1
        fail = (self.s[:, 0].abs() > 2.4) | (self.s[:, 2].abs() > 0.21)
        end = fail | (self.t >= 200)
        length = self.t[end].tolist()
        last = self.s
        self.s = torch.where(end[:, None], self.fresh(len(a)), self.s)
        self.t[end] = 0
        return last, torch.where(fail, 0.0, 0.1), end, end & ~fail, length

scale = torch.tensor([1.0, 1.0, 8.0, 1.0])
actor = nn.Sequential(nn.Linear(4, 48), nn.Tanh(), nn.Linear(48, 2))
critic = nn.Sequential(nn.Linear(4, 48), nn.Tanh(), nn.Linear(48, 1))
oa, oc = torch.optim.Adam(actor.parameters(), lr=2e-3), torch.optim.Adam(critic.parameters(), lr=4e-3)
env = Poles(N)
recent = []
for update in range(400):
    S, LP, R, E, ENT = [], [], [], [], []
    for _ in range(HORIZON):
        s = env.s * scale
        pi = torch.distributions.Categorical(logits=actor(s))
        a = pi.sample()
        last, r, end, cut, ln = env.step(a)
        with torch.no_grad():
            r = r + GAMMA * cut * critic(last * scale).squeeze(1)
        recent = (recent + ln)[-50:]
        S.append(s); LP.append(pi.log_prob(a)); R.append(r); E.append(end.float()); ENT.append(pi.entropy())
    with torch.no_grad():
        ret = critic(env.s * scale).squeeze(1)
        targets = []
        for r, e in zip(reversed(R), reversed(E)):
            ret = r + GAMMA * ret * (1 - e)
            targets.append(ret)
        targets = torch.stack(targets[::-1])
    v = critic(torch.stack(S)).squeeze(-1)
    adv = (targets - v).detach()
    adv = (adv - adv.mean()) / (adv.std() + 1e-6)
    la = -(adv * torch.stack(LP)).mean() - 0.01 * torch.stack(ENT).mean()
    lc = (v - targets).square().mean()
    oa.zero_grad(); la.backward(); nn.utils.clip_grad_norm_(actor.parameters(), 0.5); oa.step()
    oc.zero_grad(); lc.backward(); oc.step()
    if update % 40 == 0 or update == 399:
        print(update, f'actor {la.item():.3f} critic {lc.item():.4f} length {sum(recent) / max(1, len(recent)):.1f}')
