import torch
from sklearn.datasets import load_digits

torch.manual_seed(20)
X, y = load_digits(return_X_y=True)
X = torch.tensor(X).float() / 16
X = (X - X.mean()) / X.std()
y = torch.tensor(y)
net = torch.nn.Sequential(torch.nn.Linear(64, 64), torch.nn.ReLU(), torch.nn.Linear(64, 10))
opt = torch.optim.SGD(net.parameters(), lr=0.05, momentum=0.9)

def nll(scores, target):
    e = torch.exp(scores.half())
    p = e / e.sum(1, keepdim=True)
    return -torch.log(p[range(len(target)), target].float()).mean()

for step in range(1000):
    i = torch.randint(0, 1400, (40,))
    loss = nll(net(X[i]), y[i])
    opt.zero_grad()
    loss.backward()
    opt.step()
    if step % 200 == 199:
        with torch.no_grad():
            print(step + 1, 'train', nll(net(X[:1400]), y[:1400]).item(), 'test', nll(net(X[1400:]), y[1400:]).item(), 'acc', (net(X[1400:]).argmax(1) == y[1400:]).float().mean().item())
