import torch
torch.manual_seed(90)

T, H = 25, 40
U = torch.nn.Parameter(torch.randn(2, H) * 0.3)
W = torch.nn.Parameter(torch.eye(H) * 1.1 + 0.01 * torch.randn(H, H))
c = torch.nn.Parameter(torch.zeros(H))
v = torch.nn.Parameter(torch.randn(H, 1) * 0.05)
optimizer = torch.optim.SGD([U, W, c, v], lr=0.01)


def rollout(x):
    h = x.new_zeros(len(x), H)
    for t in range(T):
        h = torch.relu(x[:, t] @ U + h @ W + c)
    return (h @ v).squeeze(1)


def draw(n):
    x = torch.randn(n, T, 2)
    weights = 0.85 ** torch.arange(T - 1, -1, -1).float()
    return x, (x[..., 0] * weights).sum(1) * 0.6


xe, ye = draw(1000)
for step in range(2500):
    x, y = draw(32)
    loss = torch.nn.functional.smooth_l1_loss(rollout(x), y)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    if step % 250 == 0 or step == 2499:
        with torch.no_grad():
            print(step, "train", loss.item(), "eval mse", (rollout(xe) - ye).square().mean().item(), "of", ye.var().item())
