import torch
import torch.nn as nn

torch.manual_seed(31)
N, K, Fdim = 600, 6, 24
labels = torch.arange(N) % K
same = labels[:, None] == labels[None, :]
A = (torch.rand(N, N) < torch.where(same, 0.05, 0.008)).float()
A = torch.triu(A, 1)
A = A + A.T + torch.eye(N)
d = A.sum(1).rsqrt()
A = d[:, None] * A * d[None, :]
feat = torch.randn(N, Fdim) + torch.randn(K, Fdim)[labels] * 0.4
order = torch.randperm(N)
train, test = order[:300], order[300:]


class GCN(nn.Module):
    def __init__(self):
        super().__init__()
        self.w1 = nn.Linear(Fdim, 32)
        self.w2 = nn.Linear(32, K)

    def forward(self, x):
        x = torch.relu(A @ self.w1(x))
        x = A @ self.w2(x)
        return torch.softmax(x, 1)


def cross_entropy(scores, target):
    logp = scores - torch.logsumexp(scores, dim=1, keepdim=True)
    return -logp[torch.arange(len(target)), target].mean()


net = GCN()
opt = torch.optim.SGD(net.parameters(), lr=0.2, momentum=0.9, weight_decay=5e-4)
for epoch in range(300):
    opt.zero_grad()
    loss = cross_entropy(net(feat)[train], labels[train])
    loss.backward()
    opt.step()
    if epoch % 30 == 0:
        print('epoch', epoch, 'loss', round(loss.item(), 4))
with torch.no_grad():
    out = net(feat)[test]
    print('test loss', round(cross_entropy(out, labels[test]).item(), 4), 'acc', round((out.argmax(1) == labels[test]).float().mean().item(), 4))
