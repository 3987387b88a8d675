import torch
import torch.nn as nn

torch.manual_seed(349)
V, N, L = 800, 24000, 15
true = torch.randn(V)
freq = 1.0 / torch.arange(1, V + 1).float() ** 0.8
tokens = torch.multinomial(freq, N * L, replacement=True).view(N, L)
label = (true[tokens].sum(1) + 0.5 * torch.randn(N) > 0).float()
emb = nn.EmbeddingBag(V, 16, mode='sum', sparse=True)
nn.init.normal_(emb.weight, std=0.05)
fc = nn.Linear(16, 1)
opt_e = torch.optim.SparseAdam(emb.parameters(), lr=5e-3)
opt_f = torch.optim.Adam(fc.parameters(), lr=5e-3)
for step in range(700):
    b = torch.randint(0, 22000, (128,))
    loss = nn.functional.binary_cross_entropy_with_logits(fc(emb(tokens[b])).squeeze(1), label[b])
    opt_e.zero_grad()
    opt_f.zero_grad()
    loss.backward()
    opt_e.step()
    opt_f.step()
    if step % 50 == 0:
        print(step, round(loss.item(), 4))
with torch.no_grad():
    z = fc(emb(tokens[22000:])).squeeze(1)
print('test loss', round(nn.functional.binary_cross_entropy_with_logits(z, label[22000:]).item(), 4), 'acc', round(((z > 0) == (label[22000:] > 0)).float().mean().item(), 4))
