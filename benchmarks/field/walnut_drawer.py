import torch
from sklearn.datasets import load_wine
from sklearn.model_selection import train_test_split

torch.manual_seed(2)
data = load_wine()
a, b, ya, yb = train_test_split(data.data, data.target, test_size=0.3, stratify=data.target, random_state=4)
a, b = torch.tensor(a, dtype=torch.float), torch.tensor(b, dtype=torch.float)
ya, yb = torch.tensor(ya), torch.tensor(yb)

mlp = torch.nn.Sequential(
    torch.nn.Linear(13, 24), torch.nn.Tanh(),
    torch.nn.Linear(24, 12), torch.nn.Tanh(),
    torch.nn.Linear(12, 3),
)
optimizer = torch.optim.SGD(mlp.parameters(), lr=0.01, momentum=0.9)
loss_fn = torch.nn.CrossEntropyLoss()
for epoch in range(120):
    perm = torch.randperm(len(a))
    for k in range(0, len(a), 16):
        j = perm[k:k + 16]
        optimizer.zero_grad()
        loss = loss_fn(mlp(a[j]), ya[j])
        loss.backward()
        optimizer.step()
    if epoch % 20 == 0:
        print(epoch, "train", loss.item())
with torch.no_grad():
    out = mlp(b)
    print(f"test loss {loss_fn(out, yb).item():.4f} acc {(out.argmax(1) == yb).float().mean().item():.4f}")
