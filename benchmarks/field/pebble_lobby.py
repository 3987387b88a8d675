import gzip, os
import numpy as np, torch
import torch.nn as nn

torch.manual_seed(20)
with gzip.open(os.path.join(os.environ.get("MNIST_DIR", "data"), "mnist-t10k-images-idx3-ubyte.gz"), "rb") as fh:
    fh.read(16)
    raw = np.frombuffer(fh.read(), dtype=np.uint8)
pics = torch.tensor(raw.reshape(-1, 784)[:8000] / 255.0, dtype=torch.float32)
train, test = pics[:7000], pics[7000:]


class Autoencoder(nn.Module):
    def __init__(self, code=32):
        super().__init__()
        self.enc1 = nn.Linear(784, 128)
        self.enc2 = nn.Linear(128, code)
        self.dec1 = nn.Linear(code, 128)
        self.dec2 = nn.Linear(128, 784)
        nn.init.constant_(self.enc2.bias, -0.9)

    def forward(self, x):
        code = torch.relu(self.enc2(torch.relu(self.enc1(x))))
        return self.dec2(torch.relu(self.dec1(code))), code


ae = Autoencoder()
opt = torch.optim.Adam(ae.parameters(), lr=1e-3)
step = 0
for epoch in range(6):
    for rows in torch.randperm(7000).split(70):
        rec, _ = ae(train[rows])
        loss = ((rec - train[rows]) ** 2).mean()
        for p in ae.parameters():
            p.grad = None
        loss.backward()
        opt.step()
        step += 1
    print("epoch", epoch, "steps", step, "mse", round(loss.item(), 5))
with torch.no_grad():
    print("test mse", round(((ae(test)[0] - test) ** 2).mean().item(), 5), "mean image", round(((train.mean(0) - test) ** 2).mean().item(), 5))
