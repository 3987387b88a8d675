import gzip, os, struct, numpy as np, torch

path = os.path.join(os.environ.get("MNIST_DIR", "data"), "mnist-t10k-images-idx3-ubyte.gz")
with gzip.open(path, "rb") as fh:
    _, n, h, w = struct.unpack(">IIII", fh.read(16))
    M = torch.tensor(np.frombuffer(fh.read(n * h * w), np.uint8).reshape(n, h * w) / 255.0, dtype=torch.float32)

torch.manual_seed(50)
trainM, testM = M[:5000], M[9000:]
hid, code = 128, 24
encoder_w = torch.nn.Linear(784, hid)
encoder_c = torch.nn.Linear(hid, code)
decoder_h = torch.nn.Linear(code, hid)
decoder_o = torch.nn.Linear(hid, 784)
torch.nn.init.constant_(encoder_c.bias, -1.5)
everything = torch.nn.ModuleList([encoder_w, encoder_c, decoder_h, decoder_o])


def encode(v):
    return torch.relu(encoder_c(torch.relu(encoder_w(v))))


def decode(c):
    return torch.sigmoid(decoder_o(torch.relu(decoder_h(c))))


opt = torch.optim.Adam(everything.parameters(), lr=1e-3)
for epoch in range(10):
    for rows in torch.randperm(5000).reshape(-1, 50):
        v = trainM[rows]
        loss = torch.nn.functional.binary_cross_entropy(decode(encode(v)), v)
        everything.zero_grad()
        loss.backward()
        opt.step()
    with torch.no_grad():
        rec = decode(encode(testM))
        print("epoch %d train bce %.4f test bce %.4f test mse %.5f" % (epoch, loss.item(), torch.nn.functional.binary_cross_entropy(rec, testM), (rec - testM).pow(2).mean()))
