import torch
from sklearn.datasets import load_diabetes
from sklearn.model_selection import train_test_split
from sklearn.preprocessing import StandardScaler

torch.manual_seed(1)
X, y = load_diabetes(return_X_y=True)
X_train, X_test, y_train, y_test = train_test_split(X, y, test_size=0.2, random_state=1)
sx = StandardScaler().fit(X_train)
sy = StandardScaler().fit(y_train[:, None])
X_train, X_test = (torch.tensor(sx.transform(a)).float() for a in (X_train, X_test))
y_train, y_test = (torch.tensor(sy.transform(a[:, None])).float() for a in (y_train, y_test))

model = torch.nn.Sequential(
    torch.nn.Linear(10, 24),
    torch.nn.ReLU(),
    torch.nn.Linear(24, 1),
)
loss_fn = torch.nn.MSELoss()
optimizer = torch.optim.SGD(model.parameters(), lr=1e-4, weight_decay=1e-3)

for epoch in range(150):
    perm = torch.randperm(len(X_train))
    for b in perm.split(32):
        loss = loss_fn(model(X_train[b]), y_train[b])
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    if epoch % 15 == 14:
        with torch.no_grad():
            print(f'epoch {epoch + 1}: train {loss_fn(model(X_train), y_train):.4f} test {loss_fn(model(X_test), y_test):.4f}')
