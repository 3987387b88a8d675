import torch
import torch.nn as nn
import torch.nn.functional as F
from sklearn.datasets import load_digits

torch.manual_seed(27)
ds = load_digits()
imgs = torch.tensor(ds.images / 16, dtype=torch.float32)[:, None]
labs = torch.tensor(ds.target)
p = torch.randperm(len(labs))
imgs, labs = imgs[p], labs[p]
ntr = 1200


class Encoder(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv1 = nn.Conv2d(1, 16, 3, padding=1)
        self.conv2 = nn.Conv2d(16, 32, 3, stride=2, padding=1)
        self.fc = nn.Linear(512, 48)

    def forward(self, x):
        x = F.elu(self.conv1(x))
        x = F.elu(self.conv2(x))
        return F.elu(self.fc(x.flatten(1)))


encoder, projection = Encoder(), nn.Linear(48, 8)
opt = torch.optim.Adam(list(encoder.parameters()) + list(projection.parameters()), lr=1e-3)


def embed(x):
    feats = encoder(x)
    return F.normalize(projection(feats.data), dim=1)


by_class = [torch.where(labs[:ntr] == c)[0] for c in range(10)]


def triplets(n):
    c = torch.randint(0, 10, (n,))
    other = (c + torch.randint(1, 10, (n,))) % 10
    pick = lambda k: by_class[k][torch.randint(0, len(by_class[k]), (1,))].item()
    return ([pick(k) for k in c.tolist()], [pick(k) for k in c.tolist()], [pick(k) for k in other.tolist()])


for step in range(800):
    a, b, n = triplets(32)
    za, zb, zn = embed(imgs[a + b + n]).chunk(3)
    loss = F.triplet_margin_loss(za, zb, zn, margin=0.6)
    opt.zero_grad()
    loss.backward()
    opt.step()
    if step % 160 == 0:
        print("step", step, "triplet", round(loss.item(), 4))
with torch.no_grad():
    ref, qry = embed(imgs[:ntr]), embed(imgs[ntr:])
    near = (qry @ ref.t()).topk(5, 1).indices
    pos = (labs[near] == labs[ntr:, None]).float().mean()
    centre = torch.stack([ref[i].mean(0) for i in by_class])
    acc = ((qry @ centre.t()).argmax(1) == labs[ntr:]).float().mean()
print(f"nearest-centre accuracy {acc:.4f} neighbour purity {pos:.4f}")
