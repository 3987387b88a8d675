import numpy as np
import torch
import torch.nn as nn
from sklearn.datasets import make_friedman1

torch.set_num_threads(1)


def prepare(seed=4):
    X, y = make_friedman1(n_samples=6000, n_features=10, noise=0.5, random_state=seed)
    y = (y - y.mean()) / y.std()
    X = (X - 0.5) * np.sqrt(12)
    X, y = torch.from_numpy(X).float(), torch.from_numpy(y).float()[:, None]
    return (X[:5000], y[:5000]), (X[5000:], y[5000:])


def network(width=32, b0=-1.2):
    mods = []
    last = 10
    for _ in range(3):
        lin = nn.Linear(last, width)
        nn.init.kaiming_uniform_(lin.weight, nonlinearity='relu')
        nn.init.constant_(lin.bias, b0)
        mods.extend((lin, nn.ReLU()))
        last = width
    mods.append(nn.Linear(last, 1))
    return nn.Sequential(*mods)


def main():
    torch.manual_seed(4)
    (X, y), (Xv, yv) = prepare()
    net = network()
    epochs, bs = 40, 50
    opt = torch.optim.SGD(net.parameters(), lr=0.02, momentum=0.9, nesterov=True)
    sched = torch.optim.lr_scheduler.CosineAnnealingLR(opt, epochs)
    huber = nn.HuberLoss()
    for e in range(epochs):
        losses = []
        for i in torch.randperm(len(X)).view(-1, bs):
            opt.zero_grad()
            l = huber(net(X[i]), y[i])
            l.backward()
            opt.step()
            losses.append(l.item())
        sched.step()
        if e % 4 == 3:
            with torch.no_grad():
                print('epoch', e + 1, 'train', np.mean(losses).round(4), 'valid', round(huber(net(Xv), yv).item(), 4))


if __name__ == '__main__':
    main()
