import torch
import torch.nn.functional as F

torch.manual_seed(31)
# stochastic block model with noisy bag-of-words
N, C, Fd = 1200, 6, 80
y = torch.randint(0, C, (N,))
P = torch.where(y[:, None] == y[None], 0.02, 0.002)
A = (torch.rand(N, N) < P).float().triu(1)
A = A + A.T + torch.eye(N)
deg = A.sum(1)
Ahat = (A / deg.sqrt()[:, None] / deg.sqrt()[None]).to_sparse()
proto = (torch.rand(C, Fd) < 0.15).float()
X = (torch.rand(N, Fd) < 0.05 + 0.12 * proto[y]).float()
X = (X - X.mean(0)) / (X.std(0) + 1e-6)
perm = torch.randperm(N)
train, test = perm[:400], perm[400:]

def glorot(i, o):
    a = (6 / (i + o)) ** 0.5
    return torch.empty(i, o).uniform_(-a, a).requires_grad_()

W1, W2 = glorot(Fd, 32), glorot(32, C)
b1, b2 = torch.zeros(32, requires_grad=True), torch.zeros(C, requires_grad=True)

def gcn(x, drop):
    x = F.dropout(x, 0.3, drop)
    h = F.relu(torch.sparse.mm(Ahat, x @ W1) + b1)
    h = F.dropout(h, 0.3, drop)
    return torch.sparse.mm(Ahat, h @ W2) + b2

opt = torch.optim.SGD([W1, W2, b1, b2], lr=2e-3, momentum=0.9)
for epoch in range(1000):
    out = gcn(X, True)
    loss = F.cross_entropy(out[train], y[train])
    opt.zero_grad()
    loss.backward()
    opt.step()
    if epoch % 100 == 0 or epoch == 999:
        with torch.no_grad():
            o = gcn(X, False)
        print(f'epoch {epoch} loss {loss.item():.3f} test loss {F.cross_entropy(o[test], y[test]):.3f} acc {(o.argmax(1)[test] == y[test]).float().mean():.3f}')
