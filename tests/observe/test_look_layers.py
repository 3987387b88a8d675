"""What a look says of each layer, against a float64 copy with ordinary hooks."""

import pytest
import torch
import torch.nn.functional as F
from look_reference import (
    ACTIVATION,
    ACTIVATION_GRAD,
    OUTPUT,
    OUTPUT_GRAD,
    Reference,
    layers_of,
    matches,
    one_step,
    same,
)
from torch import nn

X, Y = torch.randn(16, 6, generator=torch.Generator().manual_seed(0)), torch.arange(16) % 4
X3 = torch.randn(4, 5, 8, generator=torch.Generator().manual_seed(1))  # (batch, time, features)
Y3 = torch.arange(20) % 4
IMAGES = torch.randn(4, 3, 9, 9, generator=torch.Generator().manual_seed(2))
SIGNALS = torch.randn(4, 3, 12, generator=torch.Generator().manual_seed(3))

ACTIVATIONS = {
    "tanh": nn.Tanh(), "sigmoid": nn.Sigmoid(), "relu": nn.ReLU(), "leaky-relu": nn.LeakyReLU(0.2), "elu": nn.ELU(),
    "selu": nn.SELU(), "celu": nn.CELU(1.3), "gelu": nn.GELU(), "silu": nn.SiLU(), "mish": nn.Mish(),
    "softplus": nn.Softplus(), "hardtanh": nn.Hardtanh(), "relu6": nn.ReLU6(), "hardsigmoid": nn.Hardsigmoid(),
    "hardswish": nn.Hardswish(),
}  # fmt: skip
FUNCTIONS = {
    "tanh": torch.tanh, "sigmoid": torch.sigmoid, "relu": torch.relu, "leaky-relu": lambda x: F.leaky_relu(x, 0.2),
    "elu": F.elu, "selu": F.selu, "celu": lambda x: F.celu(x, 1.3), "gelu": F.gelu, "silu": F.silu, "mish": F.mish,
    "softplus": F.softplus, "hardtanh": F.hardtanh, "relu6": F.relu6, "hardsigmoid": F.hardsigmoid,
    "hardswish": F.hardswish,
}  # fmt: skip


@pytest.fixture(autouse=True)
def seeded():
    torch.manual_seed(0)


def like(model, x):
    return x.to(next(model.parameters()).dtype)


def classify(model, x=X, y=Y):
    made = model(like(model, x))
    return F.cross_entropy(made.flatten(0, 1) if made.ndim == 3 and y.ndim == 1 else made, y)


def both(model, loss=classify, **kwargs):
    reference = Reference(model, loss)
    return one_step(model, loss, **kwargs), reference


class Functional(nn.Module):
    """Two linear layers with a function between."""

    def __init__(self, function):
        super().__init__()
        self.one, self.two, self.function = nn.Linear(6, 8), nn.Linear(8, 4), function

    def forward(self, x):
        return self.two(self.function(self.one(x)))


@pytest.mark.parametrize("name", ACTIVATIONS)
def test_activations_as_modules_and_as_functions(name):
    model = nn.Sequential(nn.Linear(6, 8), ACTIVATIONS[name], nn.Linear(8, 4))
    run, reference = both(model)
    assert [layer.shown_as for layer in run.layers] == [f"{name}(0)", "2"]
    matches(run, reference, {"0": ("0", "1"), "2": ("2", None)})
    functional = Functional(FUNCTIONS[name])
    functional.one, functional.two = model[0], model[2]
    again = one_step(functional, classify)
    assert [layer.shown_as for layer in again.layers] == [f"{name}(one)", "two"]
    for quantity in (*OUTPUT, *OUTPUT_GRAD, *ACTIVATION, *ACTIVATION_GRAD):
        assert list(run.at(0, quantity).values()) == list(again.at(0, quantity).values())


def test_convolutions_with_every_norm():
    model = nn.Sequential(
        nn.Conv2d(3, 8, 3), nn.ReLU(), nn.Conv2d(8, 8, 3, groups=2, stride=2), nn.BatchNorm2d(8), nn.SiLU(),
        nn.ConvTranspose2d(8, 6, 3, stride=2, output_padding=1), nn.GroupNorm(2, 6), nn.ELU(),
        nn.Conv2d(6, 6, 3, bias=False, dilation=2), nn.InstanceNorm2d(6, affine=True), nn.LeakyReLU(0.1),
        nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(6, 4),
    )  # fmt: skip
    nn.init.uniform_(model[9].weight, 0.5, 2)
    run, reference = both(model, lambda m: F.cross_entropy(m(like(m, IMAGES)), torch.arange(4)))
    matches(
        run,
        reference,
        {
            "0": ("0", "1"), "2": ("2", "4"), "3": ("3", None), "5": ("5", "7"), "6": ("6", None), "8": ("8", "10"),
            "9": ("9", None), "13": ("13", None),
        },
    )  # fmt: skip
    layers = layers_of(run)
    assert [layer.norm for layer in run.layers if layer.operation == "convolution"] == [
        None, "batch-norm", "group-norm", "instance-norm"
    ]  # fmt: skip
    assert [layers[n].fan_in for n in ("0", "2", "5", "8")] == [27, 36, 18, 54]
    assert [layers[n].units for n in ("0", "2", "5", "8", "9")] == [8, 8, 6, 6, 6]
    assert [layers[n].operation for n in ("3", "6", "9")] == ["batch-norm", "group-norm", "instance-norm"]
    assert [n for n, layer in layers.items() if layer.is_output] == ["13"]


def test_one_dimensional_convolutions():
    model = nn.Sequential(
        nn.Conv1d(3, 8, 3), nn.BatchNorm1d(8), nn.Tanh(), nn.ConvTranspose1d(8, 4, 3), nn.Sigmoid(), nn.Conv1d(4, 4, 1)
    )
    run, reference = both(model, lambda m: F.cross_entropy(m(like(m, SIGNALS)), torch.zeros(4, 12, dtype=torch.long)))
    matches(run, reference, {"0": ("0", "2"), "1": ("1", None), "3": ("3", "4"), "5": ("5", None)})


@pytest.mark.parametrize("train", [True, False])
def test_norms_of_features(train):
    model = nn.Sequential(
        nn.Linear(6, 8), nn.BatchNorm1d(8), nn.Tanh(), nn.Linear(8, 8), nn.LayerNorm(8), nn.Sigmoid(), nn.Linear(8, 4)
    )
    with torch.no_grad():
        for norm in (model[1], model[4]):
            norm.weight.uniform_(0.5, 2)
            norm.bias.normal_()
        model[1].running_var.fill_(0.3)
    model.train(train)
    run, reference = both(model)
    # outputs of norms are computed again, with the biased variance that they divide by
    matches(run, reference, {"0": ("0", "2"), "1": ("1", None), "3": ("3", "5"), "4": ("4", None), "6": ("6", None)})
    assert layers_of(run)["3"].after == ("0",)
    assert layers_of(run)["1"].after == ("0",)


def test_a_norm_first_and_a_norm_of_statistics_it_does_not_keep():
    model = nn.Sequential(nn.Linear(6, 8), nn.BatchNorm1d(8, track_running_stats=False), nn.ReLU(), nn.Linear(8, 4))
    run, reference = both(model, lambda m: classify(m, X.view(2, 8, 6).flatten(0, 1)))
    matches(run, reference, {"0": ("0", "2"), "1": ("1", None)})
    assert layers_of(run)["1"].operation == "batch-norm"
    model = nn.Sequential(nn.LayerNorm(6), nn.GELU(), nn.Linear(6, 4))
    run, reference = both(model)
    matches(run, reference, {"0": ("0", "1")})
    assert run.layers[0].shown_as == "gelu(0)"


def test_three_dimensional_inputs():
    model = nn.Sequential(nn.Linear(8, 8), nn.Tanh(), nn.Linear(8, 4))
    run, reference = both(model, lambda m: classify(m, X3, Y3))
    matches(run, reference, {"0": ("0", "1"), "2": ("2", None)})


@pytest.mark.parametrize("function", [F.relu_, torch.tanh_])
def test_overwriting_a_view_hides_the_activation_and_falsifies_nothing(function):
    class InPlace(Functional):
        def forward(self, x):
            made = self.one(x)  # of three dimensions: a view of the product
            self.before = made.detach().clone()
            return self.two(function(made))

    model = InPlace(None)
    run, reference = both(model, lambda m: classify(m, X3[..., :6].contiguous(), Y3))
    assert [layer.activation for layer in run.layers] == [None, None]
    matches(run, reference, {"two": ("two", None)})
    same(run, "one", OUTPUT, reference.model.before)
    assert all(value != value for value in run.at(0, ACTIVATION[0]).values())


def test_embeddings_and_looking_up_by_hand():
    tokens = torch.randint(0, 27, (8, 3))
    model = nn.Sequential(nn.Embedding(27, 5), nn.Flatten(), nn.Linear(15, 8), nn.Tanh(), nn.Linear(8, 27))
    run, reference = both(model, lambda m: F.cross_entropy(m(tokens), torch.arange(8)))
    matches(run, reference, {"0": ("0", None), "2": ("2", "3"), "4": ("4", None)})
    C, W = torch.randn(27, 5, requires_grad=True), torch.randn(15, 27, requires_grad=True)

    def loss(tensors):
        return F.cross_entropy(tensors["C"][tokens].view(8, 15) @ tensors["W"], torch.arange(8))

    model = nn.ParameterDict({"C": C, "W": W})
    run = one_step(model, loss)
    same(run, "C", OUTPUT, C[tokens])
    assert [(x.name, x.operation, x.after) for x in run.layers] == [("C", "embedding", ()), ("W", "linear", ("C",))]


def test_a_bag_of_embeddings_gives_no_rows():
    tokens = torch.randint(0, 27, (8, 3))
    model = nn.Sequential(nn.EmbeddingBag(27, 5, mode="sum"), nn.Linear(5, 4))
    run, reference = both(model, lambda m: F.cross_entropy(m(tokens), torch.arange(8) % 4))
    same(run, "0", OUTPUT, reference.given["0"])  # as the linear layer keeps it
    model = nn.Sequential(nn.EmbeddingBag(27, 4, mode="sum"))
    run, reference = both(model, lambda m: F.cross_entropy(m(tokens), torch.arange(8) % 4))
    assert run.at(0, OUTPUT[1]) == {}
    same(run, "0", OUTPUT_GRAD, reference.given["0"].grad)


def test_attention_and_a_transformer():
    layer = nn.TransformerEncoderLayer(8, 2, 16, 0.0, activation="gelu", norm_first=True, batch_first=True)
    run, reference = both(nn.Sequential(layer, nn.Linear(8, 4)), lambda m: classify(m, X3, Y3))
    matches(
        run,
        reference,
        {
            "0.norm1": ("0.norm1", None), "0.norm2": ("0.norm2", None), "0.linear1": ("0.linear1", None),
            "0.linear2": ("0.linear2", None), "1": ("1", None),
        },
    )  # fmt: skip
    names = [layer.shown_as for layer in run.layers]
    assert names == [
        "0.norm1", "0.self_attn.in_proj", "0.self_attn.out_proj", "0.norm2", "gelu(0.linear1)", "0.linear2", "1"
    ]  # fmt: skip
    layers = layers_of(run)
    assert layers["0.self_attn.out_proj"].after == ("0.self_attn.in_proj",)
    assert (layers["0.self_attn.in_proj"].units, layers["0.self_attn.in_proj"].fan_in) == (24, 8)

    class Attention(nn.Module):
        def __init__(self):
            super().__init__()
            self.attention, self.head = nn.MultiheadAttention(8, 2, batch_first=True), nn.Linear(8, 4)

        def forward(self, x):
            made, _ = self.attention(x, x, x, need_weights=False)
            return self.head(made)

    run, reference = both(Attention(), lambda m: classify(m, X3, Y3))
    assert [layer.name for layer in run.layers] == ["attention.in_proj", "attention.out_proj", "head"]
    same(run, "attention.out_proj", OUTPUT, reference.given["attention"])


class Recurrent(nn.Module):
    def __init__(self, core):
        super().__init__()
        self.core, self.head = core, nn.Linear(8, 4)

    def forward(self, x):
        return self.head(self.core(x)[0])


@pytest.mark.parametrize("kind", [nn.LSTM, nn.GRU, nn.RNN])
def test_recurrent_modules(kind):
    run, reference = both(Recurrent(kind(8, 8, batch_first=True)), lambda m: classify(m, X3, Y3))
    matches(run, reference, {"head": ("head", None)})
    names = [layer.name for layer in run.layers]
    if kind is nn.LSTM:
        assert names == ["core", "head"]
        same(run, "core", OUTPUT, reference.given["core"])
    else:
        assert names == ["core.ih_l0", "core.hh_l0", *(f"core.hh_l0#{i}" for i in range(2, 6)), "head"]
        at = reference.given["core"].detach()
        data, core = X3.double(), reference.model.core
        same(run, "core.ih_l0", OUTPUT, data @ core.weight_ih_l0.T + core.bias_ih_l0)
        same(run, "core.hh_l0#5", OUTPUT, at[:, 3] @ core.weight_hh_l0.T + core.bias_hh_l0)
        activation = "tanh" if kind is nn.RNN else None  # gates are no activation of the layer
        assert {x.activation for x in run.layers if "hh" in x.name} == {activation}


class Unrolled(nn.Module):
    """A recurrent network written in Python."""

    def __init__(self, steps):
        super().__init__()
        self.data, self.hidden, self.head = nn.Linear(8, 8), nn.Linear(8, 8), nn.Linear(8, 4)
        self.act, self.steps = nn.Tanh(), steps

    def forward(self, x):
        h = x.new_zeros(len(x), 8)
        for t in range(self.steps):
            h = self.act(self.data(x[:, t % 5]) + self.hidden(h))
        return self.head(h)


def test_a_weight_used_very_often_is_looked_at_eight_times():
    run, reference = both(Unrolled(20), lambda m: classify(m, X3, Y3[:4]))
    uses = [layer.name for layer in run.layers if layer.name.startswith("hidden")]
    assert len(uses) == 8
    assert uses[0] == "hidden"
    assert uses[-1] == "hidden#20"
    for name in uses:
        number = name.partition("#")[2]
        matches(run, reference, {name: (name, f"act#{number}" if number else "act")})
    assert [layer.shown_as for layer in run.layers if layer.name == uses[-1]] == ["tanh(hidden#20)"]
    assert layers_of(run)["head"].after == ("hidden#20",)


def test_a_module_used_again_and_tied_weights():
    class Reused(nn.Module):
        def __init__(self):
            super().__init__()
            self.embed, self.a, self.act = nn.Embedding(9, 8), nn.Linear(8, 8), nn.ReLU()
            self.out = nn.Linear(8, 9, bias=False)
            self.out.weight = self.embed.weight

        def forward(self, x):
            x = self.embed(x)
            for _ in range(3):
                x = self.act(self.a(x))
            return self.out(x)

    tokens = torch.arange(20).view(4, 5) % 9
    run, reference = both(Reused(), lambda m: F.cross_entropy(m(tokens).flatten(0, 1), tokens.flatten()))
    matches(run, reference, {"embed": ("embed", None), "a": ("a", "act"), "a#3": ("a#3", "act#3")})
    matches(run, reference, {"embed#2": ("out", None)})
    layers = layers_of(run)
    assert list(layers) == ["embed", "a", "a#2", "a#3", "embed#2"]
    assert layers["embed#2"].is_output
    assert layers["a#2"].after == ("a",)


@pytest.mark.parametrize("make", ["weight_norm", "spectral_norm"])
def test_parametrized_weights(make):
    layer = getattr(nn.utils.parametrizations, make)(nn.Linear(6, 8))
    model = nn.Sequential(layer, nn.ReLU(), nn.Linear(8, 4)).eval()  # which keeps the singular vectors as they are
    run, reference = both(model)
    assert [x.shown_as for x in run.layers] == ["relu(0)", "2"]
    matches(run, reference, {"2": ("2", None)})
    same(run, "0", ACTIVATION, reference.given["1"])
    same(run, "0", OUTPUT_GRAD, reference.given["0"].grad)


def test_raw_tensors_either_way_round():
    W1 = torch.randn(6, 6, requires_grad=True)  # square: only the graph tells which side is which
    V = torch.randn(6, 6, requires_grad=True)
    b1, W2, b2 = (torch.randn(*s, requires_grad=True) for s in ((6,), (6, 4), (4,)))
    layers = [W1, V, b1, W2, b2]

    def loss(_):
        h = torch.tanh(X @ W1 + b1)
        h = torch.relu(V @ h.T).T  # units are rows
        return F.cross_entropy(h @ W2 + b2, Y)

    run = one_step({"W1": W1, "V": V, "b1": b1, "W2": W2, "b2": b2}, loss, parameters=layers)
    h1 = X @ W1 + b1
    h2 = V @ torch.tanh(h1).T
    same(run, "W1", OUTPUT, h1)
    same(run, "W1", ACTIVATION, torch.tanh(h1))
    same(run, "V", OUTPUT, h2)
    same(run, "V", ACTIVATION, torch.relu(h2))
    same(run, "W2", OUTPUT, torch.relu(h2).T @ W2 + b2)
    found = layers_of(run)
    assert [(x.bias, x.fan_in, x.units, x.is_output) for x in run.layers] == [
        ("b1", 6, 6, False), (None, 6, 6, False), ("b2", 6, 4, True)
    ]  # fmt: skip
    assert found["V"].after == ("W1",)


def test_vectors_and_sums_of_products():
    W, V = torch.randn(5, 6, requires_grad=True), torch.randn(5, 4, requires_grad=True)
    model = nn.ParameterDict({"W": W, "V": V})
    run = one_step(model, lambda m: (torch.tanh(m["W"] @ X[0]) @ m["V"]).pow(2).sum())
    same(run, "W", OUTPUT, W @ X[0])
    same(run, "W", ACTIVATION, torch.tanh(W @ X[0]))
    assert [(x.fan_in, x.units) for x in run.layers] == [(6, 5), (5, 4)]

    def by_letters(m):
        return F.cross_entropy(torch.einsum("bo,oc->bc", torch.tanh(torch.einsum("bi,oi->bo", X, m["W"])), m["V"]), Y)

    run = one_step(model, by_letters)
    assert [(x.shown_as, x.fan_in, x.units) for x in run.layers] == [("tanh(W)", 6, 5), ("V", 5, 4)]
    same(run, "W", ACTIVATION, torch.tanh(X @ W.T))


class Gated(nn.Module):
    """Residual sums, and the two halves of one layer multiplied."""

    def __init__(self):
        super().__init__()
        self.both, self.down, self.head = nn.Linear(8, 32), nn.Linear(16, 8), nn.Linear(8, 4)

    def forward(self, x):
        a, b = self.both(x).chunk(2, -1)
        x = x + self.down(F.silu(a) * b)
        return self.head(F.relu(x))


def test_gates_and_residual_sums():
    run, reference = both(Gated(), lambda m: classify(m, X3, Y3))
    matches(run, reference, {"both": ("both", None), "down": ("down", None), "head": ("head", None)})
    assert [x.shown_as for x in run.layers] == ["silu(both)", "relu(down)", "head"]
    half = reference.given["both"][..., :16]
    same(run, "both", ACTIVATION, F.silu(half))
    assert run.at(0, "activation_gain") == {}  # neither takes what a layer gives as it is


def test_a_bias_nobody_keeps_makes_no_false_output():
    frozen = nn.Sequential(nn.Linear(6, 8), nn.Tanh(), nn.Linear(8, 4))
    frozen[0].bias.requires_grad_(False)
    frozen[0].bias.data.fill_(100)
    run = one_step(frozen, classify)
    assert "0" not in run.at(0, OUTPUT[1])
    conv = nn.Sequential(nn.Conv1d(3, 4, 3), nn.Tanh(), nn.Flatten(), nn.Linear(40, 4))
    conv[0].bias.requires_grad_(False)
    run = one_step(conv, lambda m: F.cross_entropy(m(SIGNALS), torch.arange(4)))
    assert "0" not in run.at(0, OUTPUT[1])


def test_half_precision_is_measured_wide():
    model = nn.Sequential(nn.Linear(6, 8), nn.Tanh(), nn.Linear(8, 4))

    def loss(m):
        if next(m.parameters()).dtype == torch.float64:
            return classify(m)
        with torch.autocast("cpu", torch.bfloat16):
            return classify(m)

    run, reference = both(model, loss)
    matches(run, reference, {"0": ("0", "1"), "2": ("2", None)}, rel=0.03)
