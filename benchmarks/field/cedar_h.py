import torch
from torch import nn
from sklearn.datasets import load_digits
from sklearn.model_selection import train_test_split

torch.manual_seed(9)
X, y = load_digits(return_X_y=True)
a, b, c, d = train_test_split(X, y, test_size=300, random_state=1)
norm = lambda v: torch.tensor((v - X.mean()) / X.std()).float()
a, b, c, d = norm(a), norm(b), torch.tensor(c), torch.tensor(d)

def make_model(depth=10, width=48):
    seq = [nn.Linear(64, width, bias=False), nn.BatchNorm1d(width), nn.ReLU()]
    for _ in range(depth - 1):
        seq += [nn.Linear(width, width, bias=False), nn.BatchNorm1d(width), nn.ReLU()]
    return nn.Sequential(*seq, nn.Linear(width, 10))

model = make_model()
# check output shape once
model.eval()
assert model(a[:2]).shape == (2, 10)
opt = torch.optim.SGD(model.parameters(), lr=0.02, momentum=0.9)
ce = nn.CrossEntropyLoss()
for epoch in range(15):
    tot = 0
    for i in torch.randperm(len(a)).split(48):
        if len(i) < 2: continue
        loss = ce(model(a[i]), c[i])
        opt.zero_grad()
        loss.backward()
        opt.step()
        tot += loss.item() * len(i) / len(a)
    if epoch % 3 == 2:
        was = model.training
        model.eval()
        with torch.no_grad():
            o = model(b)
        model.train(was)
        print(epoch + 1, 'train', tot, 'test', ce(o, d).item(), 'acc', (o.argmax(1) == d).float().mean().item())
