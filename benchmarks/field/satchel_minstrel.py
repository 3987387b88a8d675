import numpy as np
import torch
import torch.nn as nn
import torch.nn.functional as F

rs = np.random.RandomState(5)
torch.manual_seed(5)
N, C = 900, 6
lab = rs.randint(0, C, N)
same = lab[:, None] == lab[None, :]
A = (rs.rand(N, N) < np.where(same, 0.02, 0.004)).astype(np.float32)
A = np.maximum(np.triu(A, 1), np.triu(A, 1).T) + np.eye(N, dtype=np.float32)
dinv = 1 / np.sqrt(A.sum(1))
A = torch.tensor(A * dinv[:, None] * dinv[None, :])
words = rs.randn(C, 60) * 0.35
feat = torch.tensor(words[lab] + rs.randn(N, 60), dtype=torch.float32)
lab = torch.tensor(lab)
train_mask = torch.zeros(N, dtype=torch.bool)
train_mask[rs.permutation(N)[:300]] = True


class GraphConv(nn.Module):
    def __init__(self, i, o):
        super().__init__()
        self.weight = nn.Parameter(torch.empty(i, o))
        self.bias = nn.Parameter(torch.zeros(o))
        nn.init.xavier_uniform_(self.weight)

    def forward(self, x, adj):
        return adj @ (x @ self.weight) + self.bias


class GCN(nn.Module):
    def __init__(self):
        super().__init__()
        self.g1, self.g2, self.g3 = GraphConv(60, 8), GraphConv(8, 8), GraphConv(8, C)

    def forward(self, x, adj):
        with torch.no_grad():
            h = torch.tanh(self.g1(x, adj))
        h = torch.tanh(self.g2(h, adj))
        return self.g3(h, adj)


net = GCN()
opt = torch.optim.Adam(net.parameters(), lr=5e-3, weight_decay=5e-4)
for it in range(300):
    logits = net(feat, A)
    loss = F.cross_entropy(logits[train_mask], lab[train_mask])
    opt.zero_grad()
    loss.backward()
    opt.step()
    if it % 60 == 0:
        print(it, round(loss.item(), 4))
with torch.no_grad():
    acc = (net(feat, A).argmax(1) == lab)[~train_mask].float().mean()
print("unlabelled node accuracy %.4f" % acc)
