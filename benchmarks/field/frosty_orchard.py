import torch
from torch import nn
import torch.nn.functional as F

torch.manual_seed(30)
VOC, TOPICS = 400, 8
topic_of = torch.arange(VOC) % TOPICS


def corpus(n_sent, length=10):
    top = torch.randint(0, TOPICS, (n_sent, 1))
    own = torch.randint(0, VOC // TOPICS, (n_sent, length)) * TOPICS + top
    anyw = torch.randint(0, VOC, (n_sent, length))
    return torch.where(torch.rand(n_sent, length) < 0.75, own, anyw)


sents = corpus(6000)


class SkipGram(nn.Module):
    def __init__(self, d=16):
        super().__init__()
        self.centre = nn.Embedding(VOC, d, sparse=True)
        self.context = nn.Embedding(VOC, d, sparse=True)
        nn.init.uniform_(self.centre.weight, -0.5 / d ** 0.5, 0.5 / d ** 0.5)
        nn.init.uniform_(self.context.weight, -0.5 / d ** 0.5, 0.5 / d ** 0.5)

    def forward(self, c, o, neg):
        v = self.centre(c)
        pos = (v * self.context(o)).sum(-1)
        ng = torch.einsum("bd,bkd->bk", v, self.context(neg))
        return (F.softplus(-pos) + F.softplus(ng).sum(1)).mean()


m = SkipGram()
opt = torch.optim.SparseAdam(m.parameters(), lr=3e-3)
for step in range(1, 2501):
    s = sents[torch.randint(0, 6000, (128,))]
    i = torch.randint(0, 10, (128,))
    j = (i + torch.randint(1, 4, (128,))) % 10
    r = torch.arange(128)
    loss = m(s[r, i], s[r, j], torch.randint(0, VOC, (128, 4)))
    opt.zero_grad()
    loss.backward()
    opt.step()
    if step % 500 == 0:
        z = F.normalize(m.centre.weight.detach(), dim=1)
        near = (z @ z.T).fill_diagonal_(-2).topk(5).indices
        print(step, f"loss {loss.item():.4f} neighbours of one topic {(topic_of[near] == topic_of[:, None]).float().mean().item():.3f}")
