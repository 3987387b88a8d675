import torch, torch.nn as nn, torch.nn.functional as F
from sklearn.datasets import load_digits

torch.manual_seed(9)
D = load_digits()
x = torch.tensor(D.images).float()[:, None] / 16
y = torch.tensor(D.target)
p = torch.randperm(len(x)); x, y = x[p], y[p]
xa, ya, xb, yb = x[:1300], y[:1300], x[1300:], y[1300:]


def stem():
    return nn.Sequential(nn.Conv2d(1, 16, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2))


teacher = nn.Sequential(stem(), nn.Conv2d(16, 48, 3, padding=1), nn.ReLU(), nn.Flatten(), nn.Dropout(0.3), nn.Linear(768, 10))
student = nn.Sequential(stem(), nn.Conv2d(16, 8, 3), nn.ReLU(), nn.Flatten(), nn.Linear(32, 10))


def loop(net, objective, epochs, lr):
    opt = torch.optim.Adam(net.parameters(), lr=lr)
    for _ in range(epochs):
        net.train()
        for i in torch.randperm(1300).split(50):
            loss = objective(net(xa[i]), i)
            opt.zero_grad()
            loss.backward()
            opt.step()
    net.eval()
    with torch.no_grad():
        o = net(xb)
    return loss.item(), F.cross_entropy(o, yb).item(), (o.argmax(1) == yb).float().mean().item()


print("teacher: last %.4f test %.4f acc %.4f" % loop(teacher, lambda o, i: F.cross_entropy(o, ya[i]), 12, 1e-3))
with torch.no_grad():
    soft = F.softmax(teacher(xa) / 3, 1)
student[0].load_state_dict(teacher[0].state_dict())
for round_ in range(3):
    print("student: last %.4f test %.4f acc %.4f" % loop(student, lambda o, i: F.kl_div(F.log_softmax(o / 3, 1), soft[i], reduction="batchmean") * 9, 12, 2e-3))
