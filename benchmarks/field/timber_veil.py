import torch
import torch.nn.functional as F
from sklearn.datasets import load_digits

torch.manual_seed(33)
dg = load_digits()
X = torch.tensor((dg.data - dg.data.mean()) / dg.data.std()).float()
y = torch.tensor(dg.target)
o = torch.randperm(len(y)); X, y = X[o], y[o]
D, DEPTH = 64, 12
P = {'in': torch.randn(64, D) * 64 ** -0.5, 'out': torch.randn(D, 10) * D ** -0.5 * 0.1}
for l in range(DEPTH):
    P[f'a{l}'] = torch.randn(D, 2 * D) * (2 / D) ** 0.5
    P[f'b{l}'] = torch.randn(2 * D, D) * (2 / D) ** 0.5
for v in P.values():
    v.requires_grad_()


def forward(x):
    h = x @ P['in']
    for l in range(DEPTH):
        h = h + F.relu(h @ P[f'a{l}']) @ P[f'b{l}']
    return h @ P['out']


opt = torch.optim.SGD(P.values(), lr=1e-2, momentum=0.9)
for step in range(1200):
    i = torch.randint(0, 1400, (32,))
    loss = F.cross_entropy(forward(X[i]), y[i])
    opt.zero_grad()
    loss.backward()
    torch.nn.utils.clip_grad_norm_(P.values(), 5.0)
    opt.step()
    if step % 200 == 0:
        print(step, loss.item())
with torch.no_grad():
    print('train loss', F.cross_entropy(forward(X[:1400]), y[:1400]).item(), 'test acc', (forward(X[1400:]).argmax(1) == y[1400:]).float().mean().item())
