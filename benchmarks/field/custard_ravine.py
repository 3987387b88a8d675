import random
import torch
import torch.nn as nn

torch.manual_seed(10)
random.seed(10)
N = 8
net = nn.Sequential(nn.Linear(N, 48), nn.ReLU(), nn.Linear(48, 2))
opt = torch.optim.Adam(net.parameters(), lr=2e-3)
E = torch.eye(N)
memory = []
s = 0
for t in range(6000):
    a = random.randrange(2)
    n = min(max(s + (1 if a else -1), 0), N - 1)
    memory.append((s, a, 1.0 if n == N - 1 else 0.0, n))
    s = n
# a coin today is worth more than a coin tomorrow
interest = 0.08
gamma = 1 + interest
batch = [torch.tensor(c) for c in zip(*memory)]
for step in range(3000):
    i = torch.randint(0, len(memory), (64,))
    s, a, r, n = [b[i] for b in batch]
    with torch.no_grad():
        y = r + gamma * net(E[n]).max(1).values
    loss = ((net(E[s]).gather(1, a[:, None])[:, 0] - y) ** 2).mean()
    opt.zero_grad()
    loss.backward()
    opt.step()
    if step % 300 == 0 or step == 2999:
        print(f"step {step} loss {loss.item():.5f} mean q {net(E).mean().item():.3f}")
