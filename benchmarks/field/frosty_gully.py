import gzip, os
import numpy as np
import torch

where = os.environ.get("MNIST_DIR", "data")
a = np.frombuffer(gzip.open(where + "/mnist-t10k-images-idx3-ubyte.gz").read(), np.uint8)[16:].reshape(10000, 28, 28)
b = np.frombuffer(gzip.open(where + "/mnist-t10k-labels-idx1-ubyte.gz").read(), np.uint8)[8:]
x = torch.tensor(a.copy()).float().flatten(1) / 255
x = (x - x[:8000].mean()) / x[:8000].std()
y = torch.tensor(b.copy()).long()
torch.manual_seed(4)
model = torch.nn.Sequential(torch.nn.Linear(784, 96), torch.nn.ReLU(), torch.nn.Dropout(0.3), torch.nn.Linear(96, 96), torch.nn.ReLU(), torch.nn.Dropout(0.3), torch.nn.Linear(96, 10))
opt = torch.optim.NAdam(model.parameters(), lr=5e-4)


def test():
    model.eval()
    with torch.no_grad(), torch.autocast("cpu", dtype=torch.bfloat16):
        o = model(x[8000:]).float()
    model.train()
    return torch.nn.functional.cross_entropy(o, y[8000:]).item(), (o.argmax(1) == y[8000:]).float().mean().item()


for epoch in range(5):
    for i in torch.randperm(8000).split(64):
        with torch.autocast("cpu", dtype=torch.bfloat16):
            out = model(x[i])
            loss = torch.nn.functional.cross_entropy(out.float(), y[i])
        opt.zero_grad(set_to_none=True)
        loss.backward()
        opt.step()
    print("epoch %d train %.4f test %.4f acc %.4f" % (epoch, loss.item(), *test()))
