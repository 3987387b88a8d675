import torch

torch.manual_seed(7)
n, d = 20, 24
feats = torch.randn(n, d) / d ** 0.5
w = torch.zeros(d, requires_grad=True)
gamma, alpha = 0.5, 0.05
reward = torch.sin(torch.arange(n) * 0.6)

for step in range(2000):
    s = torch.randint(0, n, (32,))
    s2 = (s + 1) % n
    target = reward[s] + gamma * (feats[s2] @ w).detach()
    loss = ((feats[s] @ w - target) ** 2).mean()
    loss.backward()
    with torch.no_grad():
        w.add_(alpha * w.grad)
        w.grad = None
    if step % 200 == 0 or step == 1999:
        print("step", step, "td loss", loss.item())
