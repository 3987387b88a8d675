import copy
import torch
import torch.nn as nn
import torch.nn.functional as F
from sklearn.datasets import load_digits

torch.manual_seed(135)
D = load_digits()
X = torch.tensor(D.data, dtype=torch.float32) / 8 - 1
y = torch.tensor(D.target)
p = torch.randperm(len(X))
Xte, yte = X[p[1440:]], y[p[1440:]]
clients = [(X[q], y[q]) for q in p[:1440].chunk(6)]
server = nn.Sequential(nn.Linear(64, 128), nn.Tanh(), nn.Linear(128, 10))


def local(model, data, epochs, lr):
    opt = torch.optim.SGD(model.parameters(), lr=lr, momentum=0.9, weight_decay=1e-3)
    x, t = data
    for _ in range(epochs):
        for i in torch.randperm(len(x)).split(24):
            loss = F.cross_entropy(model(x[i]), t[i])
            opt.zero_grad()
            loss.backward()
            opt.step()
    return loss.item()


for rnd in range(30):
    lr = 0.04 * 0.97 ** rnd
    states, losses = [], []
    for c in clients:
        m = copy.deepcopy(server)
        losses.append(local(m, c, 2, lr))
        states.append(m.state_dict())
    server.load_state_dict({k: torch.stack([s[k] for s in states]).mean(0) for k in states[0]})
    if rnd % 3 == 0:
        with torch.no_grad():
            print(f"round {rnd} client loss {sum(losses) / 6:.4f} test {F.cross_entropy(server(Xte), yte).item():.4f}")
with torch.no_grad():
    tr = sum(F.cross_entropy(server(a), b).item() for a, b in clients) / 6
    print(f"final train {tr:.4f} test {F.cross_entropy(server(Xte), yte).item():.4f} acc {(server(Xte).argmax(1) == yte).float().mean().item():.4f}")
