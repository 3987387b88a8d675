import torch, torch.nn as nn
torch.manual_seed(8)
S, A = 6, 4
true = torch.randn(S, A)

policy = nn.Sequential(nn.Linear(S, 32), nn.Tanh(), nn.Linear(32, A))
opt = torch.optim.Adam(policy.parameters(), lr=5e-3)
baseline = torch.zeros(S)
best = true.max(1).values.mean().item()
for it in range(800):
    st = torch.randint(0, S, (32,))
    dist = torch.distributions.Categorical(logits=policy(nn.functional.one_hot(st, S).float()))
    a = dist.sample()
    r = true[st, a] + 0.3 * torch.randn(32)
    adv = r - baseline[st]
    loss = -(dist.log_prob(a) * adv).mean() - 0.01 * dist.entropy().mean()
    opt.zero_grad(); loss.backward(); opt.step()
    for s, rr in zip(st.tolist(), r.tolist()):
        baseline[s] += 0.05 * (rr - baseline[s])
    if it % 100 == 99:
        with torch.no_grad():
            p = policy(torch.eye(S)).softmax(1)
        print(it + 1, "loss %.3f" % loss.item(), "expected reward %.3f of %.3f" % ((p * true).sum(1).mean().item(), best))
