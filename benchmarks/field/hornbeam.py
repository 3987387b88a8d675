# %% data
import os, torch, torch.nn.functional as F
text = open(os.environ['NAMES_FILE']).read().lower().split('\n')
text = [t for t in text if t]
torch.manual_seed(99)
alphabet = ['<s>'] + [chr(i) for i in range(97, 123)]
ix = {c: i for i, c in enumerate(alphabet)}

# %% windows of two characters -> next
pairs = []
for t in text[::2]:
    s = ['<s>', '<s>'] + list(t) + ['<s>']
    pairs += [(ix[a], ix[b], ix[c]) for a, b, c in zip(s, s[1:], s[2:])]
pairs = torch.tensor(pairs)
pairs = pairs[torch.randperm(len(pairs))]
cut = len(pairs) - 5000

# %% model
emb = torch.nn.Embedding(27, 16)
hid = torch.nn.Linear(32, 128)
out = torch.nn.Linear(128, 27)
mods = torch.nn.ModuleList([emb, hid, out])

def forward(ab):
    h = F.relu(hid(emb(ab).flatten(1)))
    logits = out(h)
    counts = logits.exp()
    return counts / counts.sum(1, keepdim=True)

# %% train
opt = torch.optim.RMSprop(mods.parameters(), lr=1e-3)
acc = []
for step in range(3000):
    b = torch.randint(cut, (128,))
    loss = F.cross_entropy(forward(pairs[b, :2]), pairs[b, 2])
    opt.zero_grad(); loss.backward(); opt.step()
    acc.append(loss.item())
    if step % 500 == 0: print(step, loss.item())

# %% report
with torch.no_grad():
    v = F.cross_entropy(forward(pairs[cut:, :2]), pairs[cut:, 2]).item()
    top = (forward(pairs[cut:, :2]).argmax(1) == pairs[cut:, 2]).float().mean().item()
print('train', sum(acc[-300:]) / 300, 'held out', v, 'top-1', top)
