import torch, torch.nn as nn
torch.manual_seed(0)
X = torch.randn(3000, 10)
Y = torch.tanh(X[:, :1] + X[:, 1:2]) + 0.5 * X[:, 2:3].abs() + 0.1 * torch.randn(3000, 1)
Y = (Y - Y.mean()) / Y.std()
model = nn.Sequential(nn.Linear(10, 40), nn.Tanh(), nn.Linear(40, 1))
opt = torch.optim.SGD(model.parameters(), lr=0.05)
for step in range(1500):
    b = torch.randint(0, 2400, (64,))
    loss = nn.functional.mse_loss(model(X[b]), Y[b])
    
    loss.backward()
    opt.step()
    if step % 150 == 0: print(step, loss.item())
with torch.no_grad():
    print('train %.4f held-out %.4f' % (nn.functional.mse_loss(model(X[:2400]), Y[:2400]), nn.functional.mse_loss(model(X[2400:]), Y[2400:])))
