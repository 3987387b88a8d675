import torch
from sklearn.datasets import load_wine
from sklearn.preprocessing import scale

torch.manual_seed(8)
X, y = load_wine(return_X_y=True)
X = torch.tensor(scale(X)).float()
# four cultivar/strength groups: split each cultivar by the parity of a nonlinear score
score = (X[:, 0] * X[:, 3] + X[:, 6] * X[:, 9] > 0).long()
y = torch.tensor(y) * 2 + score
p = torch.randperm(len(X))
X, y = X[p], y[p]

net = torch.nn.Sequential(
    torch.nn.Linear(13, 40),
    torch.nn.Tanh(),
    torch.nn.Linear(40, 6),
)
with torch.no_grad():
    for w in net.parameters():
        w.fill_(0.05)

opt = torch.optim.SGD(net.parameters(), lr=0.1, momentum=0.9)
ce = torch.nn.CrossEntropyLoss()
for t in range(800):
    i = torch.randint(0, 140, (32,))
    loss = ce(net(X[i]), y[i])
    opt.zero_grad()
    loss.backward()
    opt.step()
    if (t + 1) % 200 == 0:
        with torch.no_grad():
            print(t + 1, 'train', ce(net(X[:140]), y[:140]).item(), 'held-out acc', (net(X[140:]).argmax(1) == y[140:]).float().mean().item())
