import torch, torch.nn as nn, torch.nn.functional as F

torch.manual_seed(25)
K, T, H = 5, 40, 64


def batch(n):
    key = torch.randint(0, K, (n,))
    x = torch.zeros(n, T, K + 2)
    x[torch.arange(n), 0, key] = 1
    noise = torch.randint(0, 2, (n, T - 1))
    x[:, 1:, K:] = F.one_hot(noise, 2).float() * 0.3
    return x, key


rnn = nn.RNN(K + 2, H, nonlinearity="tanh", batch_first=True)
with torch.no_grad():
    rnn.weight_hh_l0.normal_(0, 0.4 / H ** 0.5)
    rnn.bias_hh_l0.zero_(); rnn.bias_ih_l0.zero_()
answer = nn.Linear(H, K)
allp = list(rnn.parameters()) + list(answer.parameters())
opt = torch.optim.RMSprop(allp, lr=3e-4)
avg = None
for it in range(1, 1201):
    x, k = batch(32)
    _, h = rnn(x)
    loss = F.cross_entropy(answer(h[0]), k)
    opt.zero_grad()
    loss.backward()
    nn.utils.clip_grad_norm_(allp, 1.0)
    opt.step()
    avg = loss.item() if avg is None else 0.98 * avg + 0.02 * loss.item()
    if it % 200 == 0:
        x, k = batch(500)
        with torch.no_grad():
            acc = (answer(rnn(x)[1][0]).argmax(1) == k).float().mean().item()
        print(it, f"smoothed loss {avg:.4f} accuracy {acc:.3f}")
