import torch

torch.manual_seed(0)
torch.set_default_dtype(torch.float64)
x = torch.linspace(-3, 3, 1500).unsqueeze(1)
y = torch.sin(2 * x) + 0.3 * torch.cos(5 * x) + 0.02 * torch.randn_like(x)
net = torch.nn.Sequential(torch.nn.Linear(1, 40), torch.nn.Tanh(), torch.nn.Linear(40, 40), torch.nn.Tanh(), torch.nn.Linear(40, 1))
opt = torch.optim.LBFGS(net.parameters(), lr=0.8, max_iter=10, history_size=20, line_search_fn="strong_wolfe")


def closure():
    opt.zero_grad()
    loss = ((net(x) - y) ** 2).mean()
    loss.backward()
    return loss


for it in range(160):
    loss = opt.step(closure)
    if it % 10 == 0 or it == 159:
        print(it, float(loss))
