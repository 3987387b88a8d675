import torch
from sklearn.datasets import load_digits
from sklearn.model_selection import train_test_split
from sklearn.preprocessing import StandardScaler

torch.manual_seed(1)
data, target = load_digits(return_X_y=True)
xtr, xte, ytr, yte = train_test_split(data, target, test_size=0.25, random_state=3)
sc = StandardScaler().fit(xtr)
xtr = torch.tensor(sc.transform(xtr)).float()
xte = torch.tensor(sc.transform(xte)).float()
ytr, yte = torch.tensor(ytr), torch.tensor(yte)

model = torch.nn.Sequential(
    torch.nn.Linear(64, 48), torch.nn.Tanh(),
    torch.nn.Linear(48, 48), torch.nn.Tanh(),
    torch.nn.Linear(48, 10),
)
for name, p in model.named_parameters():
    if name.endswith("weight"):
        torch.nn.init.constant_(p, 0.05)
    else:
        torch.nn.init.zeros_(p)

optimizer = torch.optim.RMSprop(model.parameters(), lr=5e-4)
ce = torch.nn.CrossEntropyLoss()
for epoch in range(40):
    order = torch.randperm(len(xtr))
    for s in range(0, len(order), 50):
        b = order[s:s + 50]
        optimizer.zero_grad()
        l = ce(model(xtr[b]), ytr[b])
        l.backward()
        optimizer.step()
    if epoch % 5 == 0:
        print(epoch, l.item())
print("accuracy", (model(xte).argmax(1) == yte).double().mean().item())
