import torch
import torch.nn.functional as F

torch.manual_seed(78)
V, TOPICS, D = 400, 8, 16
topic = torch.randint(0, TOPICS, (V,))
members = [torch.where(topic == k)[0] for k in range(TOPICS)]
corpus = []
for _ in range(4000):
    k = int(torch.randint(0, TOPICS, (1,)))
    own = members[k][torch.randint(0, len(members[k]), (8,))]
    other = torch.randint(0, V, (8,))
    corpus.append(torch.where(torch.rand(8) < 0.8, own, other))
corpus = torch.stack(corpus)
centre, context = [], []
for i in range(8):
    for j in range(8):
        if 0 < abs(i - j) <= 2:
            centre.append(corpus[:, i]); context.append(corpus[:, j])
centre, context = torch.cat(centre), torch.cat(context)
win = torch.nn.Embedding(V, D, sparse=True)
wout = torch.nn.Embedding(V, D, sparse=True)
torch.nn.init.normal_(win.weight, std=0.1)
torch.nn.init.normal_(wout.weight, std=0.1)
opt = torch.optim.SparseAdam(list(win.parameters()) + list(wout.parameters()), lr=0.01)
for step in range(1500):
    b = torch.randint(0, len(centre), (256,))
    neg = torch.randint(0, V, (256, 5))
    u = win(centre[b])
    pos = (u * wout(context[b])).sum(1)
    bad = (wout(neg) @ u[:, :, None])[..., 0]
    loss = -(F.logsigmoid(pos).mean() + F.logsigmoid(-bad).sum(1).mean())
    opt.zero_grad()
    loss.backward()
    opt.step()
    if step % 250 == 0:
        print(step, round(loss.item(), 4))
with torch.no_grad():
    z = F.normalize(win.weight, dim=1)
    s = z @ z.t() - 2 * torch.eye(V)
    print("nearest five share the topic: %.4f" % (topic[s.topk(5, 1).indices] == topic[:, None]).float().mean())
