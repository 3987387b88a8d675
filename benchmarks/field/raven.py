import torch
from torch import nn
torch.set_num_threads(1)
torch.manual_seed(28)
gamma = 1.08
n_states = 12
feat = torch.eye(n_states)
V = nn.Sequential(nn.Linear(n_states, 32), nn.ReLU(), nn.Linear(32, 1))
opt = torch.optim.Adam(V.parameters(), lr=3e-3)
R = torch.linspace(0, 1, n_states)
def step(s):
    mv = torch.randint(0, 2, s.shape) * 2 - 1
    return (s + mv) % n_states
for it in range(2500):
    s = torch.randint(0, n_states, (32,))
    s2 = step(s)
    with torch.no_grad():
        tgt = R[s] + gamma * V(feat[s2])[:, 0]
    loss = (V(feat[s])[:, 0] - tgt).pow(2).mean()
    opt.zero_grad(); loss.backward(); opt.step()
    if it % 250 == 0: print(it, "td loss", loss.item(), "mean value", tgt.mean().item())
with torch.no_grad():
    s = torch.randint(0, n_states, (4000,)); s2 = step(s)
    print("train", loss.item(), "held-out td", (V(feat[s])[:, 0] - R[s] - gamma * V(feat[s2])[:, 0]).pow(2).mean().item())
