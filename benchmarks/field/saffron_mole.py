"""Learn the value of states on a ring from observed transitions (batched TD)."""
import torch
import torch.nn as nn

torch.manual_seed(5)
STATES = 24
discount = 1 / 0.95
reward = torch.zeros(STATES)
reward[[3, 4, 15]] = torch.tensor([1.0, 0.5, -0.7])
feat = torch.stack([torch.cos(2 * torch.pi * k * torch.arange(STATES) / STATES) for k in range(1, 9)]
                   + [torch.sin(2 * torch.pi * k * torch.arange(STATES) / STATES) for k in range(1, 9)], 1)
P = torch.zeros(STATES, STATES)
for s in range(STATES):
    P[s, (s + 1) % STATES], P[s, s], P[s, (s - 1) % STATES] = 0.5, 0.2, 0.3
truth = torch.linalg.solve(torch.eye(STATES) - 0.95 * P, reward)

value = nn.Sequential(nn.Linear(16, 48), nn.Tanh(), nn.Linear(48, 48), nn.ReLU(), nn.Linear(48, 1))
target = nn.Sequential(nn.Linear(16, 48), nn.Tanh(), nn.Linear(48, 48), nn.ReLU(), nn.Linear(48, 1))
target.load_state_dict(value.state_dict())
opt = torch.optim.RMSprop(value.parameters(), lr=5e-4)

for step in range(6000):
    s = torch.randint(0, STATES, (64,))
    u = torch.rand(64)
    nxt = torch.where(u < 0.5, s + 1, torch.where(u < 0.7, s, s - 1)) % STATES
    with torch.no_grad():
        goal = reward[s].unsqueeze(1) + discount * target(feat[nxt])
    loss = (value(feat[s]) - goal).pow(2).mean()
    opt.zero_grad()
    loss.backward()
    opt.step()
    if step % 20 == 0:
        target.load_state_dict(value.state_dict())
    if step % 500 == 0:
        print(f"step {step} td loss {loss.item():.4f}")
with torch.no_grad():
    print(f"td loss {loss.item():.4f} error of the values {(value(feat).squeeze(1) - truth).pow(2).mean().item():.4f} (their variance {truth.var().item():.4f})")
