import torch
from torch import nn

torch.manual_seed(95)
S, A = 12, 2
GAMMA = 1.25


def step_env(s, a):
    move = torch.where(a == 0, -1, 1)
    slip = torch.where(torch.rand(s.shape) < 0.1, -1, 1)
    s2 = (s + move * slip) % S
    r = (s2 == 5).float() - 0.2 * (s2 == 9).float()
    return s2, r


eye = torch.eye(S)
q = nn.Sequential(nn.Linear(S, 48), nn.ReLU(), nn.Linear(48, A))
target = nn.Sequential(nn.Linear(S, 48), nn.ReLU(), nn.Linear(48, A))
target.load_state_dict(q.state_dict())
opt = torch.optim.Adam(q.parameters(), lr=2e-3)
P = torch.zeros(S, A, S)
R = torch.zeros(S)
R[5], R[9] = 1.0, -0.2
for s in range(S):
    for a, m in ((0, -1), (1, 1)):
        P[s, a, (s + m) % S] += 0.9
        P[s, a, (s - m) % S] += 0.1
for it in range(1, 3001):
    s = torch.randint(0, S, (64,))
    a = torch.randint(0, A, (64,))
    s2, r = step_env(s, a)
    with torch.no_grad():
        y = r + GAMMA * target(eye[s2]).max(1).values
    pred = q(eye[s]).gather(1, a[:, None]).squeeze(1)
    loss = ((pred - y) ** 2).mean()
    opt.zero_grad()
    loss.backward()
    opt.step()
    if it % 50 == 0:
        target.load_state_dict(q.state_dict())
    if it % 300 == 0:
        with torch.no_grad():
            qq = q(eye)
            bell = (qq - P @ (R + GAMMA * qq.max(1).values)).pow(2).mean()
        print(f"it {it} td {loss.item():.4f} mean q {qq.mean().item():.3f} bellman {bell.item():.5f}")
