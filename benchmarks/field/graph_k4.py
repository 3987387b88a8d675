"""Node classification with a two layer graph convolution on a block-model graph."""
import numpy as np
import torch
import torch.nn as nn
import torch.nn.functional as F

np.random.seed(1)
torch.manual_seed(1)
N, K = 400, 4
blocks = np.random.randint(0, K, N)
prob = np.where(blocks[:, None] == blocks[None], 0.06, 0.012)
A = np.triu(np.random.rand(N, N) < prob, 1).astype(np.float32)
A = A + A.T + np.eye(N, dtype=np.float32)
deg = A.sum(1)
A_hat = torch.from_numpy(A / np.sqrt(deg[:, None] * deg[None]))
features = torch.from_numpy(np.random.randn(N, 16).astype(np.float32))
features[:, :K] += 0.8 * F.one_hot(torch.from_numpy(blocks), K)
labels = torch.from_numpy(blocks)
idx_train, idx_test = torch.arange(0, 200), torch.arange(200, N)


class GraphConvolution(nn.Module):
    def __init__(self, n_in, n_out):
        super().__init__()
        self.weight = nn.Parameter(torch.empty(n_in, n_out))
        self.bias = nn.Parameter(torch.zeros(n_out))
        nn.init.constant_(self.weight, 1.0 / n_in)

    def forward(self, x, adj):
        return adj @ (x @ self.weight) + self.bias


class GCN(nn.Module):
    def __init__(self, n_in, n_hid, n_cls):
        super().__init__()
        self.gc1 = GraphConvolution(n_in, n_hid)
        self.gc2 = GraphConvolution(n_hid, n_cls)

    def forward(self, x, adj):
        h = F.relu(self.gc1(x, adj))
        return F.log_softmax(self.gc2(h, adj), dim=1)


net = GCN(16, 32, K)
optimizer = torch.optim.Adam(net.parameters(), lr=0.01, weight_decay=5e-3)
for epoch in range(300):
    net.train()
    optimizer.zero_grad()
    out = net(features, A_hat)
    loss = F.nll_loss(out[idx_train], labels[idx_train])
    loss.backward()
    optimizer.step()
    if epoch % 50 == 0:
        print("Epoch: {:04d} loss_train: {:.4f}".format(epoch, loss.item()))
net.eval()
with torch.no_grad():
    out = net(features, A_hat)
print("train loss {:.4f} test loss {:.4f} acc {:.4f}".format(F.nll_loss(out[idx_train], labels[idx_train]), F.nll_loss(out[idx_test], labels[idx_test]), (out[idx_test].argmax(1) == labels[idx_test]).float().mean()))
