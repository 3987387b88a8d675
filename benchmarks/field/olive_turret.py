import torch, torch.nn.functional as F
torch.manual_seed(114)
N, K = 400, 4
lab = torch.randint(0, K, (N,))
prob = torch.where(lab[:, None] == lab[None], 0.10, 0.015)
A = (torch.rand(N, N) < prob).float().triu(1); A = A + A.T + torch.eye(N)
dinv = A.sum(1).rsqrt()
A = dinv[:, None] * A * dinv[None]
X = torch.randn(N, 16) + 0.6 * torch.randn(K, 16)[lab]
W1 = (torch.randn(16, 32) / 16 ** .5).requires_grad_()
W2 = (torch.randn(32, K) / 32 ** .5).requires_grad_()
mask = torch.zeros(N, dtype=torch.bool); mask[torch.randperm(N)[:200]] = True
opt = torch.optim.Adam([W1, W2], lr=5e-3, weight_decay=5e-3)
net = lambda: A @ F.dropout(F.relu(A @ X @ W1), 0.2, training=train) @ W2
train = True
for e in range(300):
    loss = F.cross_entropy(net()[mask], lab[mask])
    opt.zero_grad(); loss.backward(); opt.step()
train = False
with torch.no_grad():
    o = net()
    print('train loss', F.cross_entropy(o[mask], lab[mask]).item(), 'held-out loss', F.cross_entropy(o[~mask], lab[~mask]).item(), 'acc', (o[~mask].argmax(1) == lab[~mask]).float().mean().item())
