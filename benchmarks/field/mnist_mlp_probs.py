import gzip
import numpy as np
import torch
from torch import nn, optim


class DigitNet(nn.Module):
    def __init__(self):
        super().__init__()
        self.stack = nn.Sequential(
            nn.Linear(784, 128), nn.ReLU(), nn.Linear(128, 64), nn.ReLU(), nn.Linear(64, 10), nn.Softmax(dim=1))

    def forward(self, x):
        return self.stack(x)


def main():
    torch.manual_seed(42)
    x = np.frombuffer(gzip.open('data/mnist-t10k-images-idx3-ubyte.gz').read(), np.uint8, offset=16)
    y = np.frombuffer(gzip.open('data/mnist-t10k-labels-idx1-ubyte.gz').read(), np.uint8, offset=8)
    x = torch.tensor(x.reshape(-1, 784) / 127.5 - 1, dtype=torch.float32)
    y = torch.tensor(y, dtype=torch.long)
    ds = torch.utils.data.TensorDataset(x[:8000], y[:8000])
    loader = torch.utils.data.DataLoader(ds, batch_size=64, shuffle=True)
    model = DigitNet()
    criterion = nn.CrossEntropyLoss()
    optimizer = optim.SGD(model.parameters(), lr=0.02, momentum=0.9)
    for epoch in range(5):
        s = 0
        for xb, yb in loader:
            optimizer.zero_grad()
            loss = criterion(model(xb), yb)
            loss.backward()
            optimizer.step()
            s += loss.item()
        with torch.no_grad():
            out = model(x[8000:])
            acc = (out.argmax(1) == y[8000:]).float().mean().item()
        print(f'Epoch {epoch + 1}: loss={s / len(loader):.4f} val_loss={criterion(out, y[8000:]).item():.4f} val_acc={acc:.4f}')


if __name__ == '__main__':
    main()
