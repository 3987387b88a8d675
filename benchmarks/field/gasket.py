import torch
from torch import nn
from sklearn.datasets import load_digits
from sklearn.model_selection import train_test_split

torch.manual_seed(23)
X, y = load_digits(return_X_y=True)
Xtr, Xte, ytr, yte = train_test_split(X, y, test_size=0.2, random_state=3)
to = lambda a: torch.tensor((a - 4.9) / 6.0, dtype=torch.float32)
Xtr, Xte, ytr, yte = to(Xtr), to(Xte), torch.tensor(ytr), torch.tensor(yte)

class Classifier(nn.Module):
    def __init__(self, n_in=32, width=48):
        super().__init__()
        self.stem = nn.Linear(n_in, 8)
        self.mid = nn.Linear(8, width)
        self.out = nn.Linear(width, 10)
    def forward(self, x):
        return self.out(torch.relu(self.mid(torch.relu(self.stem(x)))))

def build():
    model = Classifier()
    optimizer = torch.optim.RMSprop(model.parameters(), lr=1e-3)
    # our images have 64 pixels
    model.stem = nn.Linear(64, 8)
    return model, optimizer

model, optimizer = build()
crit = nn.CrossEntropyLoss()
for epoch in range(40):
    perm = torch.randperm(len(Xtr))
    loss_sum = 0.0
    for k in range(0, len(perm), 32):
        b = perm[k:k + 32]
        model.zero_grad()
        loss = crit(model(Xtr[b]), ytr[b])
        loss.backward()
        optimizer.step()
        loss_sum += loss.item() * len(b)
    if epoch % 8 == 7:
        with torch.no_grad():
            o = model(Xte)
        print(f'epoch {epoch+1} train {loss_sum/len(perm):.4f} test {crit(o, yte).item():.4f} acc {(o.argmax(1)==yte).float().mean().item():.4f}')
