import os
import torch
import torch.nn as nn
import torch.nn.functional as F

torch.manual_seed(1337)
raw = open(os.environ['NAMES_FILE'], encoding='utf8').read()
vocab = sorted(set(raw))
s2i = {s: i for i, s in enumerate(vocab)}
data = torch.tensor([s2i[c] for c in raw])
train_data, val_data = data[:200000], data[200000:]
block_size, batch_size, n_embd, n_head = 16, 24, 32, 4
learning_rate = 3e-6
max_iters = 500

def get_batch(split):
    d = train_data if split == 'train' else val_data
    ix = torch.randint(len(d) - block_size - 1, (batch_size,))
    return torch.stack([d[i:i + block_size] for i in ix]), torch.stack([d[i + 1:i + block_size + 1] for i in ix])

class Attn(nn.Module):
    def __init__(self):
        super().__init__()
        self.qkv = nn.Linear(n_embd, 3 * n_embd, bias=False)
        self.proj = nn.Linear(n_embd, n_embd)
    def forward(self, x):
        B, T, C = x.shape
        q, k, v = [z.view(B, T, n_head, C // n_head).transpose(1, 2) for z in self.qkv(x).split(C, 2)]
        y = F.scaled_dot_product_attention(q, k, v, is_causal=True)
        return self.proj(y.transpose(1, 2).reshape(B, T, C))

class Block(nn.Module):
    def __init__(self):
        super().__init__()
        self.sa, self.ln1, self.ln2 = Attn(), nn.LayerNorm(n_embd), nn.LayerNorm(n_embd)
        self.ff = nn.Sequential(nn.Linear(n_embd, 4 * n_embd), nn.GELU(), nn.Linear(4 * n_embd, n_embd))
    def forward(self, x):
        x = x + self.sa(self.ln1(x))
        return x + self.ff(self.ln2(x))

class LM(nn.Module):
    def __init__(self):
        super().__init__()
        self.tok = nn.Embedding(len(vocab), n_embd)
        self.pos = nn.Embedding(block_size, n_embd)
        self.blocks = nn.Sequential(Block(), Block())
        self.ln = nn.LayerNorm(n_embd)
        self.head = nn.Linear(n_embd, len(vocab))
    def forward(self, x, t):
        h = self.ln(self.blocks(self.tok(x) + self.pos(torch.arange(x.shape[1]))))
        return F.cross_entropy(self.head(h).flatten(0, 1), t.flatten())

m = LM()
opt = torch.optim.AdamW(m.parameters(), lr=learning_rate)
for it in range(max_iters):
    loss = m(*get_batch('train'))
    opt.zero_grad(set_to_none=True); loss.backward(); opt.step()
    if it % 100 == 99:
        with torch.no_grad():
            print(it + 1, 'train', sum(m(*get_batch('train')).item() for _ in range(10)) / 10, 'val', sum(m(*get_batch('val')).item() for _ in range(10)) / 10)
