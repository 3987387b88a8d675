from sklearn.datasets import load_wine
from sklearn.model_selection import train_test_split
import torch

X, y = load_wine(return_X_y=True)
X_train, X_test, y_train, y_test = train_test_split(X, y, test_size=0.3, random_state=4, stratify=y)
X_train = torch.FloatTensor(X_train); X_test = torch.FloatTensor(X_test)
y_train = torch.LongTensor(y_train); y_test = torch.LongTensor(y_test)

torch.manual_seed(4)
model = torch.nn.Sequential(
    torch.nn.Linear(13, 24),
    torch.nn.Sigmoid(),
    torch.nn.Linear(24, 3),
)
loss_fn = torch.nn.CrossEntropyLoss()
optimizer = torch.optim.SGD(model.parameters(), lr=0.01, momentum=0.9)

for epoch in range(400):
    model.train()
    perm = torch.randperm(X_train.size(0))
    running = 0.0
    for i in range(0, X_train.size(0), 12):
        ix = perm[i:i + 12]
        optimizer.zero_grad()
        out = model(X_train[ix])
        loss = loss_fn(out, y_train[ix])
        loss.backward()
        optimizer.step()
        running += loss.item() * ix.numel()
    if epoch % 50 == 49:
        model.eval()
        with torch.no_grad():
            t = model(X_test)
            acc = (t.argmax(dim=1) == y_test).float().mean().item()
        print('Epoch {:3d}  train {:.4f}  test {:.4f}  acc {:.3f}'.format(epoch + 1, running / X_train.size(0), loss_fn(t, y_test).item(), acc))
