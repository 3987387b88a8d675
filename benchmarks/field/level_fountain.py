import torch
from sklearn.datasets import load_breast_cancer
from sklearn.preprocessing import StandardScaler
from sklearn.model_selection import train_test_split

torch.set_num_threads(1)
torch.manual_seed(0)
X, y = load_breast_cancer(return_X_y=True)
a, b, ya, yb = train_test_split(X, y, test_size=0.3, random_state=2, stratify=y)
sc = StandardScaler().fit(a)
a, b = torch.tensor(sc.transform(a)).float(), torch.tensor(sc.transform(b)).float()
ya, yb = torch.tensor(ya).float(), torch.tensor(yb).float()
net = torch.nn.Sequential(torch.nn.Linear(30, 8), torch.nn.Tanh(), torch.nn.Linear(8, 1), torch.nn.Flatten(0))
bce = torch.nn.BCEWithLogitsLoss()
opt = torch.optim.LBFGS(net.parameters(), lr=0.8, max_iter=10, history_size=10, line_search_fn='strong_wolfe')


def penalised():
    return bce(net(a), ya) + 2e-2 * sum((p ** 2).sum() for p in net.parameters() if p.dim() > 1)


def closure():
    opt.zero_grad()
    loss = penalised()
    loss.backward()
    return loss


for it in range(1, 31):
    loss = opt.step(closure)
    if it % 3 == 0:
        with torch.no_grad():
            o = net(b)
            print(it, f'objective {loss.item():.5f} train {bce(net(a), ya).item():.4f} test {bce(o, yb).item():.4f} acc {((o > 0) == (yb > .5)).float().mean().item():.3f}')
