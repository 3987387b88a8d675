import torch
import torch.nn.functional as F
torch.manual_seed(30)
n, k = 300, 4
lab = torch.randint(0, k, (n,))
pr = torch.where(lab[:, None] == lab[None], 0.12, 0.015)
A = (torch.rand(n, n) < pr).float().triu(1); A = A + A.T + torch.eye(n)
dinv = A.sum(1).rsqrt()
S = dinv[:, None] * A * dinv[None]
feat = torch.randn(n, 16) + 0.5 * F.one_hot(lab, k).float() @ torch.randn(k, 16)
feat = (feat - feat.mean(0)) / feat.std(0)
train = torch.zeros(n, dtype=torch.bool); train[torch.randperm(n)[:180]] = True
W1 = (torch.randn(16, 32) * (2 / 16) ** 0.5).requires_grad_()
W2 = (torch.randn(32, k) * (1 / 32) ** 0.5).requires_grad_()
opt = torch.optim.Adam([{'params': [W1], 'weight_decay': 5e-4}, {'params': [W2]}], lr=0.01)
def gcn(drop):
    h = F.relu(S @ F.dropout(feat, 0.3, drop) @ W1)
    return S @ F.dropout(h, 0.3, drop) @ W2
for ep in range(250):
    loss = F.cross_entropy(gcn(True)[train], lab[train])
    opt.zero_grad(); loss.backward(); opt.step()
    if ep % 50 == 49:
        with torch.no_grad():
            o = gcn(False)
        print(ep + 1, 'train', loss.item(), 'test', F.cross_entropy(o[~train], lab[~train]).item(), 'acc', (o.argmax(1)[~train] == lab[~train]).float().mean().item())
