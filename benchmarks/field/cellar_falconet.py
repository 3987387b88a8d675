import gzip, os
import numpy as np
import torch
from torch import nn


def load_mnist(count):
    d = os.environ.get("MNIST_DIR", "data")
    with gzip.open(d + "/mnist-t10k-images-idx3-ubyte.gz") as f:
        x = np.frombuffer(f.read(), dtype=np.uint8, offset=16).reshape(-1, 784)
    with gzip.open(d + "/mnist-t10k-labels-idx1-ubyte.gz") as f:
        y = np.frombuffer(f.read(), dtype=np.uint8, offset=8)
    pick = np.random.RandomState(0).permutation(len(x))[:count]
    return torch.tensor(x[pick] / 255.0, dtype=torch.float32), torch.tensor(y[pick], dtype=torch.long)


torch.manual_seed(70)
X, Y = load_mnist(5000)
encoder = nn.Sequential(nn.Linear(784, 128), nn.ReLU(), nn.Linear(128, 12), nn.Tanh())
decoder = nn.Sequential(nn.Linear(12, 128), nn.ReLU(), nn.Linear(128, 784))


def pretrain(steps):
    opt = torch.optim.AdamW([*encoder.parameters(), *decoder.parameters()], lr=1e-3)
    for s in range(steps):
        x = X[torch.randint(0, 4000, (64,))]
        loss = nn.functional.mse_loss(decoder(encoder(x + 0.3 * torch.randn_like(x))), x)
        opt.zero_grad()
        loss.backward()
        opt.step()
        if s % 100 == 0:
            print("pre", s, loss.item())
    for module in (encoder, decoder):
        module.requires_grad_(False)


def finetune(steps):
    head = nn.Linear(12, 10)
    model = nn.Sequential(encoder, head)
    opt = torch.optim.AdamW(model.parameters(), lr=1e-3)
    # full fine-tuning of encoder and head
    for s in range(steps):
        i = torch.randint(0, 4000, (64,))
        loss = nn.functional.cross_entropy(model(X[i]), Y[i])
        opt.zero_grad()
        loss.backward()
        opt.step()
        if s % 100 == 0:
            print("fine", s, loss.item())
    with torch.no_grad():
        out = model(X[4000:])
    print("test loss", nn.functional.cross_entropy(out, Y[4000:]).item(), "acc", (out.argmax(1) == Y[4000:]).float().mean().item())


pretrain(300)
finetune(800)
