import torch, torch.nn as nn
torch.manual_seed(106)
trunk = nn.Sequential(nn.Linear(4, 64), nn.Tanh())
pi, v = nn.Linear(64, 4), nn.Linear(64, 1)
nn.init.zeros_(pi.weight); nn.init.zeros_(pi.bias)
opt = torch.optim.RMSprop([*trunk.parameters(), *pi.parameters(), *v.parameters()], lr=1.5e-3)
acts = torch.tensor([[1., 0], [-1, 0], [0, 1], [0, -1]]) * 0.3


def run(B=64, T=8, gamma=0.9):
    pos, goal = torch.randn(B, 2), torch.randn(B, 2)
    out = []
    for _ in range(T):
        h = trunk(torch.cat([pos, goal], 1))
        d = torch.distributions.Categorical(logits=pi(h))
        a = d.sample()
        before = (pos - goal).norm(dim=1)
        pos = pos + acts[a]
        r = before - (pos - goal).norm(dim=1)
        out.append((d.log_prob(a), d.entropy(), v(h).squeeze(1), r))
    lp, ent, val, rew = (torch.stack(t) for t in zip(*out))
    ret, acc = [], torch.zeros(B)
    for r in rew.flip(0):
        acc = r + gamma * acc
        ret.append(acc)
    return lp, ent, val, rew, torch.stack(ret[::-1])


for it in range(500):
    lp, ent, val, rew, ret = run()
    adv = (ret - val).detach()
    loss = -(lp * adv).mean() + 0.5 * ((ret - val) ** 2).mean() - 0.003 * ent.mean()
    opt.zero_grad(); loss.backward()
    nn.utils.clip_grad_norm_([p for g in opt.param_groups for p in g['params']], 1.0)
    opt.step()
    if it % 100 == 0:
        print(it, rew.sum(0).mean().item())
with torch.no_grad():
    print('final loss', loss.item(), 'mean progress', run(1000)[3].sum(0).mean().item(), 'random policy about 0 or below')
