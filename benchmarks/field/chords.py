import torch, torch.nn as nn
from sklearn.datasets import load_digits
torch.manual_seed(308)
d = load_digits()
X = torch.tensor((d.images - d.images.mean()) / d.images.std()).float().unsqueeze(1); Y = torch.tensor(d.target)
conv1, conv2 = nn.Conv2d(1, 16, 3, padding=1), nn.Conv2d(16, 16, 3, padding=1)
fc1, fc2 = nn.Linear(16 * 16, 48), nn.Linear(48, 10)
def net(x):
    x = torch.relu(conv1(x)); x = nn.functional.max_pool2d(torch.relu(conv2(x)), 2)
    return fc2(torch.relu(fc1(x.flatten(1))))
opt = torch.optim.Adam([
    {"params": conv1.parameters(), "lr": 1e-6},
    {"params": conv2.parameters(), "lr": 1e-6},
    {"params": fc1.parameters(), "lr": 5e-6},
    {"params": fc2.parameters(), "lr": 3e-2},
])
for e in range(8):
    for c in torch.randperm(1400).split(35):
        l = nn.functional.cross_entropy(net(X[c]), Y[c])
        opt.zero_grad(); l.backward(); opt.step()
    with torch.no_grad():
        o = net(X[1400:])
        print(e, "%.4f" % l.item(), "test %.4f acc %.4f" % (nn.functional.cross_entropy(o, Y[1400:]).item(), (o.argmax(1) == Y[1400:]).float().mean().item()))
