import torch
from torch import nn
from sklearn.datasets import load_wine
from sklearn.model_selection import train_test_split

torch.manual_seed(71)
X, y = load_wine(return_X_y=True)
X_train, X_test, y_train, y_test = train_test_split(X, y, test_size=0.3, random_state=13, stratify=y)
X_train = torch.tensor(X_train, dtype=torch.float32)
X_test = torch.tensor(X_test, dtype=torch.float32)
y_train, y_test = torch.tensor(y_train), torch.tensor(y_test)

class WineClassifier(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc1 = nn.Linear(13, 24)
        self.fc2 = nn.Linear(24, 3)
    def forward(self, x):
        x = torch.sigmoid(self.fc1(x))
        return self.fc2(x)

model = WineClassifier()
criterion = nn.CrossEntropyLoss()
optimizer = torch.optim.SGD(model.parameters(), lr=0.1, momentum=0.9, nesterov=True, weight_decay=1e-3)

for epoch in range(100):
    perm = torch.randperm(len(X_train))
    for chunk in perm.split(16):
        optimizer.zero_grad()
        loss = criterion(model(X_train[chunk]), y_train[chunk])
        loss.backward()
        optimizer.step()
    if (epoch + 1) % 20 == 0:
        with torch.no_grad():
            out = model(X_test)
        print(f"Epoch [{epoch+1}/100], Loss: {loss.item():.4f}, Test loss: {criterion(out, y_test).item():.4f}, Accuracy: {(out.argmax(1) == y_test).float().mean().item():.3f}")
