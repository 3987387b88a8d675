import torch
import torch.nn.functional as F

torch.manual_seed(19)
words = open('data/names.txt').read().split()[:12000]
pairs = []
for w in words:
    for i in range(len(w) - 1):
        pairs.append((ord(w[i]) - 97, ord(w[i + 1]) - 97))
pairs = torch.tensor(pairs)
pairs = pairs[torch.randperm(len(pairs))]
cut = int(len(pairs) * 0.9)
dim, k = 12, 5
inp = torch.nn.Embedding(26, dim)
out = torch.nn.Embedding(26, dim)
torch.nn.init.normal_(inp.weight, std=0.5)
torch.nn.init.normal_(out.weight, std=0.5)
lr = 0.001


def nce(batch):
    c, o = inp(batch[:, 0]), out(batch[:, 1])
    neg = out(torch.randint(0, 26, (len(batch), k)))
    pos_score = (c * o).sum(1)
    neg_score = (neg @ c.unsqueeze(2)).squeeze(2)
    return -(F.logsigmoid(pos_score) + F.logsigmoid(-neg_score).sum(1)).mean()


for step in range(3000):
    loss = nce(pairs[torch.randint(0, cut, (128,))])
    grads = torch.autograd.grad(loss, [inp.weight, out.weight])
    with torch.no_grad():
        inp.weight -= lr * grads[0]
        out.weight -= lr * grads[1]
    if step % 200 == 0:
        print(step, round(loss.item(), 4))
with torch.no_grad():
    print('held-out loss', round(nce(pairs[cut:]).item(), 4))
