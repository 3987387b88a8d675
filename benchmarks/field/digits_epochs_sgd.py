import torch
import torch.nn as nn
from torch.utils.data import DataLoader, TensorDataset
from sklearn.datasets import load_digits
from sklearn.model_selection import train_test_split

torch.manual_seed(163)
d = load_digits()
Xa, Xb, ya, yb = train_test_split(d.data / 16., d.target, test_size=0.22, random_state=1, stratify=d.target)
Xa, Xb = torch.tensor(Xa).float(), torch.tensor(Xb).float()
ya, yb = torch.tensor(ya), torch.tensor(yb)
loader = DataLoader(TensorDataset(Xa, ya), batch_size=len(Xa), shuffle=True)
model = nn.Sequential(nn.Linear(64, 64), nn.ReLU(), nn.Linear(64, 64), nn.ReLU(), nn.Linear(64, 10))
optimizer = torch.optim.SGD(model.parameters(), lr=0.05)
for epoch in range(220):
    for x, t in loader:
        optimizer.zero_grad()
        loss = nn.functional.cross_entropy(model(x), t)
        loss.backward()
        optimizer.step()
    if epoch % 20 == 0:
        print('epoch', epoch, 'loss %.4f' % loss.item())
with torch.no_grad():
    o = model(Xb)
print('test loss %.4f acc %.4f' % (nn.functional.cross_entropy(o, yb).item(), (o.argmax(1) == yb).float().mean().item()))
