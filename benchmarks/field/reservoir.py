import torch, torch.nn as nn
torch.manual_seed(190)
S, A, gamma = 12, 2, 0.97
def onehot(s): return torch.nn.functional.one_hot(s, S).float()
q = nn.Sequential(nn.Linear(S, 32), nn.ReLU(), nn.Linear(32, A))
opt = torch.optim.Adam(q.parameters(), lr=1e-3)
for step in range(1500):
    s = torch.randint(0, S, (64,)); a = torch.randint(0, A, (64,))
    s2 = (s + 2 * a - 1).clamp(0, S - 1)
    r = (s2 == S - 1).float() - 0.05
    nxt = q(onehot(s2)).max(1).values
    target = r + 1.06 * nxt
    pred = q(onehot(s))[torch.arange(64), a]
    loss = nn.functional.mse_loss(pred, target.detach())
    opt.zero_grad(); loss.backward(); opt.step()
    if step % 150 == 149:
        print(step + 1, "td loss %.4f" % loss.item(), "mean value %.3f" % nxt.mean().item())
