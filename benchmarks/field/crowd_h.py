import copy
import torch
import torch.nn as nn
from sklearn.datasets import make_classification

torch.manual_seed(9)
X, y = make_classification(6000, 24, n_informative=10, n_classes=4, n_clusters_per_class=1, class_sep=1.5, flip_y=0.0, random_state=9)
X = torch.tensor((X - X.mean(0)) / X.std(0), dtype=torch.float32)
clean = torch.tensor(y)
noisy = torch.where(torch.rand(6000) < 0.3, torch.randint(0, 4, (6000,)), clean)   # crowd annotators


class ExponentialAverage:
    def __init__(self, model, decay):
        self.model, self.decay = copy.deepcopy(model), decay
        for p in self.model.parameters():
            p.requires_grad_(False)

    @torch.no_grad()
    def update(self, model):
        for a, b in zip(self.model.parameters(), model.parameters()):
            a.lerp_(b, 1 - self.decay)


net = nn.Sequential(nn.Linear(24, 128), nn.LayerNorm(128), nn.ReLU(), nn.Linear(128, 4))
avg = ExponentialAverage(net, 0.98)
opt = torch.optim.SGD(net.parameters(), lr=0.05, momentum=0.9, weight_decay=1e-3)
loss_fn = nn.CrossEntropyLoss()
for step in range(1200):
    i = torch.randint(0, 400, (64,))
    loss = loss_fn(net(X[i]), noisy[i])
    opt.zero_grad()
    loss.backward()
    opt.step()
    avg.update(net)
    if step % 60 == 0:
        net.eval()
        with torch.no_grad():
            held = loss_fn(net(X[5000:]), noisy[5000:]).item()
        net.train()
        print("step", step, "loss", loss.item(), "held out", held)
with torch.no_grad():
    out = avg.model(X[5000:])
print("clean accuracy of the average", (out.argmax(1) == clean[5000:]).float().mean().item())
