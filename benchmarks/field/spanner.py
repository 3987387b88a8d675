import torch, torch.nn.functional as F
from sklearn.datasets import load_digits

torch.manual_seed(44)
dd = load_digits()
X = torch.tensor(dd.data).float() / 16 * 2
Y = torch.tensor(dd.target)
sh = torch.randperm(1797); X, Y = X[sh], Y[sh]
hidden = 96
params = {
    'W1': torch.empty(64, hidden).uniform_(-0.3, 0.1),
    'b1': torch.zeros(hidden),
    'W2': torch.empty(hidden, hidden).uniform_(-0.2, 0.2),
    'b2': torch.zeros(hidden),
    'W3': torch.empty(hidden, 10).uniform_(-0.1, 0.1),
    'b3': torch.zeros(10),
}
for v in params.values():
    v.requires_grad_(True)
opt = torch.optim.Adagrad(params.values(), lr=0.02)

def logits(x):
    h = F.relu(x @ params['W1'] + params['b1'])
    h = F.relu(h @ params['W2'] + params['b2'])
    return h @ params['W3'] + params['b3']

for step in range(1500):
    b = torch.randint(0, 1450, (64,))
    loss = F.cross_entropy(logits(X[b]), Y[b])
    opt.zero_grad()
    loss.backward()
    opt.step()
    if step % 300 == 299:
        with torch.no_grad():
            te = logits(X[1450:])
            print(step + 1, 'train', F.cross_entropy(logits(X[:1450]), Y[:1450]).item(), 'test', F.cross_entropy(te, Y[1450:]).item(), 'acc', (te.argmax(1) == Y[1450:]).float().mean().item())
