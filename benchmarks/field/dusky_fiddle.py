import gzip, os
import numpy as np, torch

torch.manual_seed(70)
raw = np.frombuffer(gzip.open(os.path.join(os.environ.get("MNIST_DIR", "data"), "mnist-t10k-images-idx3-ubyte.gz")).read(), np.uint8, offset=16).reshape(-1, 28, 28)[:3000]
im = torch.tensor(raw / 255.0, dtype=torch.float32)
patches = im.unfold(1, 8, 4).unfold(2, 8, 4).reshape(-1, 64)
patches = patches[patches.sum(1) > 4]
patches = patches - patches.mean(1, keepdim=True)
patches = patches[torch.randperm(len(patches))]
train, test = patches[:40000], patches[40000:44000]
ATOMS, KEEP = 128, 10


class Dictionary(torch.nn.Module):
    def __init__(self):
        super().__init__()
        d = torch.randn(ATOMS, 64)
        self.dec = torch.nn.Parameter(d / d.norm(dim=1, keepdim=True))
        self.enc = torch.nn.Parameter(self.dec.detach().clone().t())
        self.bias = torch.nn.Parameter(torch.zeros(ATOMS))

    def forward(self, x):
        a = torch.relu(x @ self.enc + self.bias)
        thr = a.topk(KEEP, 1).values[:, -1:]
        return (a * (a >= thr)) @ self.dec


model = Dictionary()
opt = torch.optim.Adam(model.parameters(), lr=2e-3)
for step in range(1200):
    b = torch.randint(0, len(train), (128,))
    loss = ((model(train[b]) - train[b]) ** 2).sum(1).mean()
    opt.zero_grad()
    loss.backward()
    opt.step()
    if step % 200 == 0:
        print(step, round(loss.item(), 4))
with torch.no_grad():
    print("explained share", 1 - ((model(test) - test) ** 2).sum().item() / (test ** 2).sum().item())
