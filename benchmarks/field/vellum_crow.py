import torch
from sklearn.datasets import load_breast_cancer
from sklearn.model_selection import train_test_split
from sklearn.preprocessing import StandardScaler

torch.manual_seed(1)
X, y = load_breast_cancer(return_X_y=True)
Xa, Xb, ya, yb = train_test_split(X, y, test_size=0.3, random_state=1)
sc = StandardScaler().fit(Xa)
Xa, Xb = torch.tensor(sc.transform(Xa)).float(), torch.tensor(sc.transform(Xb)).float()
ya, yb = torch.tensor(ya).float(), torch.tensor(yb).float()

lin = torch.nn.Linear(30, 1)
opt = torch.optim.SGD(lin.parameters(), lr=0.05, momentum=0.9, nesterov=True)
for step in range(60):
    i = torch.randint(0, len(Xa), (64,))
    loss = torch.nn.functional.binary_cross_entropy_with_logits(lin(Xa[i]).squeeze(1), ya[i])
    opt.zero_grad()
    loss.backward()
    opt.step()
    if step % 10 == 0:
        print(step, loss.item())
acc = ((lin(Xb).squeeze(1) > 0).float() == yb).float().mean()
print("test accuracy", acc.item())
