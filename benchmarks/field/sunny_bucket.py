import torch
import torch.nn as nn
import torch.optim as optim
from sklearn.datasets import load_digits

torch.manual_seed(0)
torch.set_num_threads(1)
digits = load_digits()
data = torch.tensor(digits.data, dtype=torch.float32)
data = (data - data.mean()) / data.std()
target = torch.tensor(digits.target)
perm = torch.randperm(len(data))
data, target = data[perm], target[perm]
x_train, x_test = data[:1400], data[1400:]
y_train, y_test = target[:1400], target[1400:]


class Classifier(nn.Module):
    def __init__(self):
        super(Classifier, self).__init__()
        self.fc1 = nn.Linear(64, 40)
        self.fc2 = nn.Linear(40, 40)
        self.fc3 = nn.Linear(40, 10)
        for fc in (self.fc1, self.fc2):
            nn.init.kaiming_normal_(fc.weight, nonlinearity='relu')
            nn.init.constant_(fc.bias, -6.0)

    def forward(self, x):
        x = torch.relu(self.fc1(x))
        x = torch.relu(self.fc2(x))
        return self.fc3(x)


model = Classifier()
optimizer = optim.Adam(model.parameters(), lr=0.001)
loss_fn = nn.CrossEntropyLoss()
batch_size = 50

for epoch in range(60):
    running_loss = 0.0
    idx = torch.randperm(1400)
    for i in range(0, 1400, batch_size):
        inputs, labels = x_train[idx[i:i + batch_size]], y_train[idx[i:i + batch_size]]
        optimizer.zero_grad()
        outputs = model(inputs)
        loss = loss_fn(outputs, labels)
        loss.backward()
        optimizer.step()
        running_loss += loss.item()
    if epoch % 6 == 5:
        with torch.no_grad():
            preds = model(x_test)
            print('Epoch: %d, loss: %.4f, test loss: %.4f, test acc: %.3f' % (
                epoch + 1, running_loss / 28, loss_fn(preds, y_test), (preds.argmax(1) == y_test).float().mean()))
