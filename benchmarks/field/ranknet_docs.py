import torch
import torch.nn.functional as F

torch.manual_seed(35)
Q, D, P = 400, 12, 10
docs = torch.randn(Q, D, P)
true_w = torch.randn(P)
rel = docs @ true_w + 0.6 * docs[..., 0] * docs[..., 1] + 0.5 * torch.randn(Q, D)
feats = torch.cat([docs, docs[..., :1] * docs[..., 1:2], docs.pow(2) - 1], -1)
w = torch.zeros(feats.shape[-1], requires_grad=True)
velocity = torch.zeros_like(w)
rate, mu = 0.02, 0.8


def pair_loss(q):
    s = feats[q] @ w
    ds = s[:, :, None] - s[:, None, :]
    better = (rel[q][:, :, None] > rel[q][:, None, :]).float()
    return (better * F.softplus(-ds)).sum() / better.sum()


for it in range(1500):
    q = torch.randint(0, 320, (16,))
    loss = pair_loss(q)
    (grad,) = torch.autograd.grad(loss, w)
    with torch.no_grad():
        velocity = mu * velocity + grad
        w += rate * velocity
    if it % 150 == 0 or it == 1499:
        with torch.no_grad():
            print(f'{it:5d} pairwise loss {loss.item():.4f} held-out {pair_loss(torch.arange(320, 400)).item():.4f}')
