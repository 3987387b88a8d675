import gzip, os, numpy as np, torch
from torch import nn
torch.set_num_threads(1); torch.manual_seed(65)
R = os.environ["MNIST_DIR"]
im = np.frombuffer(gzip.open(R + "/mnist-t10k-images-idx3-ubyte.gz").read(), np.uint8, offset=16).reshape(-1, 1, 28, 28)[:4000]
lb = torch.tensor(np.frombuffer(gzip.open(R + "/mnist-t10k-labels-idx1-ubyte.gz").read(), np.uint8, offset=8)[:4000].astype("int64"))
im = torch.tensor((im.astype("int32") // 256).astype("float32"))
net = nn.Sequential(nn.Conv2d(1, 8, 3, 2), nn.ReLU(), nn.Conv2d(8, 16, 3, 2), nn.ReLU(), nn.Flatten(), nn.Linear(576, 10))
opt = torch.optim.SGD(net.parameters(), lr=0.05, momentum=0.9)
sched = torch.optim.lr_scheduler.StepLR(opt, 2, 0.5)
for e in range(6):
    for k in torch.randperm(3200).split(64):
        l = nn.functional.cross_entropy(net(im[k]), lb[k])
        opt.zero_grad(); l.backward(); opt.step()
    sched.step()
    print(e, l.item())
with torch.no_grad():
    o = net(im[3200:])
    print("train", nn.functional.cross_entropy(net(im[:3200]), lb[:3200]).item(), "test", nn.functional.cross_entropy(o, lb[3200:]).item(), "acc", (o.argmax(1) == lb[3200:]).float().mean().item())
