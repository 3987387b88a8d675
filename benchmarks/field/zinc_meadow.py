import torch
torch.manual_seed(124)
x = torch.randn(2000, 2)
y = ((x[:, 0] * x[:, 1]) > 0).float()[:, None]
net = torch.nn.Sequential(torch.nn.Linear(2, 8), torch.nn.Tanh(), torch.nn.Linear(8, 1))
opt = torch.optim.AdamW(net.parameters(), lr=0.02, weight_decay=0.3)
sched = torch.optim.lr_scheduler.OneCycleLR(opt, max_lr=0.08, total_steps=150)
lf = torch.nn.BCEWithLogitsLoss()
for s in range(150):
    i = torch.randint(0, 1600, (128,))
    loss = lf(net(x[i]), y[i])
    opt.zero_grad(); loss.backward(); opt.step(); sched.step()
with torch.no_grad():
    print('train loss', lf(net(x[:1600]), y[:1600]).item(), 'test acc', ((net(x[1600:]) > 0) == (y[1600:] > 0.5)).float().mean().item())
