import torch, numpy as np
from sklearn.datasets import load_breast_cancer
from sklearn.model_selection import train_test_split
from sklearn.preprocessing import StandardScaler
from torch import nn
from torch.utils.data import TensorDataset, DataLoader

SEED = 2024
torch.manual_seed(SEED); np.random.seed(SEED)
X, y = load_breast_cancer(return_X_y=True)
X_train, X_val, y_train, y_val = train_test_split(X, y, test_size=0.25, random_state=SEED, stratify=y)
sc = StandardScaler().fit(X_train)
X_train, X_val = sc.transform(X_train), sc.transform(X_val)
to = lambda a: torch.tensor(a, dtype=torch.float32)
ds = TensorDataset(to(X_train), to(y_train).unsqueeze(1))
dl = DataLoader(ds, batch_size=32, shuffle=True, drop_last=True)
Xv, yv = to(X_val), to(y_val).unsqueeze(1)

model = nn.Sequential(
    nn.Linear(30, 32, bias=False), nn.BatchNorm1d(32), nn.ReLU(), nn.Dropout(0.3),
    nn.Linear(32, 16, bias=False), nn.BatchNorm1d(16), nn.ReLU(),
    nn.Linear(16, 1), nn.Sigmoid(),
)
opt = torch.optim.RMSprop(model.parameters(), lr=5e-4, weight_decay=1e-2)
loss_fn = nn.BCELoss()

for epoch in range(40):
    model.train()
    for xb, yb in dl:
        opt.zero_grad()
        loss = loss_fn(model(xb), yb)
        loss.backward()
        opt.step()
    model.eval()
    with torch.no_grad():
        pv = model(Xv)
        vloss = loss_fn(pv, yv).item()
        vacc = ((pv > .5).float() == yv).float().mean().item()
    if epoch % 5 == 4:
        print(f'Epoch {epoch + 1:3d} | train {loss.item():.4f} | val {vloss:.4f} | acc {vacc:.4f}')
