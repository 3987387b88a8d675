import gzip, os, struct
import torch
import torch.nn as nn


def load_idx(path):
    op = gzip.open if path.endswith(".gz") else open
    with op(path, "rb") as f:
        magic, n = struct.unpack(">II", f.read(8))
        if magic == 2051:
            r, c = struct.unpack(">II", f.read(8))
            return torch.frombuffer(bytearray(f.read()), dtype=torch.uint8).view(n, r, c)
        return torch.frombuffer(bytearray(f.read()), dtype=torch.uint8)


root = os.environ.get("MNIST_DIR", "data")
images = load_idx(f"{root}/mnist-t10k-images-idx3-ubyte.gz")[:6000].float().div(255).unsqueeze(1)
labels = load_idx(f"{root}/mnist-t10k-labels-idx1-ubyte.gz")[:6000].long()


class ConvNet(nn.Module):
    def __init__(self):
        super().__init__()
        self.features = nn.Sequential(
            nn.Conv2d(1, 8, 5, stride=2), nn.ReLU(),
            nn.Conv2d(8, 16, 3, stride=2), nn.ReLU(),
        )
        self.classifier = nn.Sequential(
            nn.Flatten(), nn.Linear(16 * 25, 64), nn.ReLU(), nn.Linear(64, 10),
            nn.Softmax(dim=1),
        )

    def forward(self, x):
        return self.classifier(self.features(x))


torch.manual_seed(0)
net = ConvNet()
criterion = nn.CrossEntropyLoss()
optimizer = torch.optim.SGD(net.parameters(), lr=0.01, momentum=0.9, nesterov=True)
for epoch in range(6):
    seen = correct = 0
    for idx in torch.randperm(5000).chunk(100):
        optimizer.zero_grad()
        out = net(images[idx])
        loss = criterion(out, labels[idx])
        loss.backward()
        optimizer.step()
        correct += (out.argmax(1) == labels[idx]).sum().item()
        seen += len(idx)
    with torch.no_grad():
        test = (net(images[5000:]).argmax(1) == labels[5000:]).float().mean().item()
    print(f"epoch {epoch}: loss {loss.item():.4f} train acc {correct/seen:.4f} test acc {test:.4f}")
