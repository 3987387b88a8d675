import copy, torch
from torch import nn
from sklearn.datasets import load_breast_cancer
from sklearn.preprocessing import StandardScaler
from sklearn.model_selection import train_test_split

X, y = load_breast_cancer(return_X_y=True)
Xa, Xt, ya, yt = train_test_split(X, y, test_size=0.2, stratify=y, random_state=3)
Xa, Xv, ya, yv = train_test_split(Xa, ya, test_size=0.25, stratify=ya, random_state=3)
sc = StandardScaler().fit(Xa)
Xa, Xv, Xt = (torch.tensor(sc.transform(v), dtype=torch.float32) for v in (Xa, Xv, Xt))
ya, yv, yt = (torch.tensor(v, dtype=torch.float32) for v in (ya, yv, yt))

torch.manual_seed(3)
net = nn.Sequential(nn.Linear(30, 16), nn.ReLU(), nn.Dropout(0.2), nn.Linear(16, 1), nn.Flatten(0))
opt = torch.optim.Adam(net.parameters(), lr=1e-3)
lossf = nn.BCEWithLogitsLoss()
best, best_state, patience = 9e9, None, 0
for epoch in range(300):
    net.train()
    for i in torch.randperm(len(Xa)).split(16):
        opt.zero_grad()
        l = lossf(net(Xa[i]), ya[i])
        l.backward()
        opt.step()
    net.eval()
    with torch.no_grad():
        v = lossf(net(Xv), yv).item()
    if v < best - 1e-4:
        best, best_state, patience = v, copy.deepcopy(net.state_dict()), 0
    else:
        patience += 1
    if patience == 8:
        break
net.load_state_dict(best_state)
with torch.no_grad():
    o = net(Xt)
print("stopped after", epoch + 1, "epochs; best valid", round(best, 4), "test loss", round(lossf(o, yt).item(), 4), "test acc", round(((o > 0).float() == yt).float().mean().item(), 4))
