import math, torch

torch.manual_seed(26)
centres = torch.tensor([[-2., 0.], [2., 1.], [0., 3.], [0.5, -2.5]])
which = torch.multinomial(torch.tensor([0.4, 0.3, 0.2, 0.1]), 6000, replacement=True)
pts = centres[which] + torch.tensor([[0.6, 0.3], [0.4, 0.4], [0.3, 0.7], [0.5, 0.3]])[which] * torch.randn(6000, 2)
train, test = pts[:5000], pts[5000:]
K = 6
means = train[torch.randperm(5000)[:K]].clone().requires_grad_()
log_scale = torch.zeros(K, 2, requires_grad=True)
weight = torch.zeros(K, requires_grad=True)


def nll(x):
    zz = (x[:, None] - means) * torch.exp(-log_scale)
    comp = -0.5 * zz.square().sum(-1) - log_scale.sum(-1) - math.log(2 * math.pi)
    return -torch.logsumexp(comp + torch.log_softmax(weight, 0), 1).mean()


opt = torch.optim.Adam([means, log_scale, weight], lr=0.01)
for it in range(2500):
    loss = nll(train[torch.randint(0, 5000, (200,))])
    opt.zero_grad()
    loss.backward()
    opt.step()
    if it % 500 == 499:
        with torch.no_grad():
            print(it + 1, "nll", round(loss.item(), 4), "test", round(nll(test).item(), 4), "weights", [round(v, 2) for v in weight.softmax(0).tolist()])
