import numpy as np, torch

torch.manual_seed(2)
rng = np.random.default_rng(2)
n, p = 1500, 8
X = rng.normal(size=(n, p))
risk = 0.8 * X[:, 0] - 0.6 * X[:, 1] + 0.7 * np.maximum(X[:, 2], 0) + 0.4 * X[:, 3] * X[:, 0]
time = rng.exponential(np.exp(-risk))
cens = rng.exponential(2.0, size=n)
obs = np.minimum(time, cens)
event = (time <= cens).astype('float32')
X, obs, event = torch.tensor(X).float(), torch.tensor(obs).float(), torch.tensor(event)


def cox_loss(score, t, e):
    order = torch.argsort(t, descending=True)
    s, e = score[order], e[order]
    return -((s - torch.logcumsumexp(s, 0)) * e).sum() / e.sum()


def cindex(score, t, e):
    comp = (t[:, None] < t[None, :]) & (e[:, None] > 0)
    return ((score[:, None] > score[None, :]) & comp).sum().item() / comp.sum().item()


model = torch.nn.Sequential(torch.nn.Linear(p, 32), torch.nn.SELU(), torch.nn.Dropout(0.2), torch.nn.Linear(32, 1))
opt = torch.optim.AdamW(model.parameters(), lr=1e-3, weight_decay=0.1)
tr, va = slice(0, 1100), slice(1100, n)
for step in range(1200):
    model.train()
    idx = torch.randint(0, 1100, (128,))
    loss = cox_loss(model(X[idx])[:, 0], obs[idx], event[idx])
    opt.zero_grad()
    loss.backward()
    opt.step()
    if step % 150 == 149:
        model.eval()
        with torch.no_grad():
            sv = model(X[va])[:, 0]
        print(f'{step + 1}: loss {loss.item():.4f} val loss {cox_loss(sv, obs[va], event[va]):.4f} c-index {cindex(sv, obs[va], event[va]):.3f}')
