import math

import pytest
import torch
import torch.nn.functional as F
from torch import nn
from torch.utils.checkpoint import checkpoint
from treat_models import (
    LanguageModel,
    bad_char_mlp,
    badly,
    by_token,
    char_loss,
    cnn,
    few_names,
    images,
    mlp,
    points,
    tokens,
    train_split,
)

from auscult.treat import initialise

NEAR = 0.03  # nats from the uniform loss
FLAT = 0.05  # share that may be saturated or dead


def char_step(parameters, batch):
    return char_loss(parameters, *batch)


def assert_well(done, classes):
    assert done.after.expected == pytest.approx(math.log(classes))
    assert abs(done.after.loss - math.log(classes)) < NEAR
    for layer in done.after.layers:
        assert not layer.saturated > FLAT, layer
        assert not layer.dead > FLAT, layer


@pytest.mark.parametrize("keep", [False, True])
def test_the_lectures_network(names_file, keep):
    train, batch = train_split(names_file)
    parameters = bad_char_mlp()
    ids = [id(p) for p in parameters.values()]
    g = torch.Generator().manual_seed(1)
    done = initialise(parameters, batch, step=char_step, keep=keep, generator=g)
    assert done.before.loss > 25
    assert done.before.layers[0].saturated == pytest.approx(0.6852, abs=0.03)
    assert_well(done, 27)
    assert abs(float(char_loss(parameters, train.x, train.y).detach()) - 3.2958) < NEAR  # on 182,625 others too
    assert [id(p) for p in parameters.values()] == ids
    assert done.changed == ("W1", "b1", "W2", "b2")
    assert [one.name for one in done.left_alone] == ["C"]
    assert torch.equal(parameters["C"], bad_char_mlp()["C"])
    assert done.after.layers[0].output_std == pytest.approx(1, abs=0.1)


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("norm", [False, True])
def test_a_relu_cnn(norm, seed):
    torch.manual_seed(seed)
    model = badly(cnn(norm))
    done = initialise(model, images(), F.cross_entropy)
    assert done.before.loss > 5
    assert_well(done, 10)
    assert [layer.activation for layer in done.after.layers] == ["relu", "relu", "relu", None]
    if norm:
        for i in (0, 3, 7):  # by the formula, the norm does the rest
            assert float(model[i].weight.detach().std()) == pytest.approx(
                1 / math.sqrt(model[i].weight[0].numel()), rel=0.1
            )


@pytest.mark.parametrize("norm_first", [False, True])
@pytest.mark.parametrize("tied", [False, True])
def test_a_gelu_transformer(tied, norm_first):
    torch.manual_seed(0)
    model = badly(LanguageModel(tied, norm_first))
    done = initialise(model, tokens(), by_token)
    assert done.before.loss > 10
    assert_well(done, 30)
    assert (model.output.weight is model.token.weight) == tied
    ends = [x for x in done.after.layers if x.name.endswith(("out_proj", "linear2"))]
    assert len(ends) == 6  # of six branches, none adds more than a sixth of the stream's power
    assert all(x.output_std < 1.05 / math.sqrt(6) for x in ends)


@pytest.mark.parametrize("depth", [8, 10])
@pytest.mark.parametrize("std", [0.01, 3.0])
def test_a_deep_sigmoid_network(depth, std):
    torch.manual_seed(0)
    model, batch = badly(mlp((20, *[64] * depth, 5), nn.Sigmoid), std), points()
    done = initialise(model, batch, F.cross_entropy)
    assert_well(done, 5)
    hidden = done.after.layers[:-1]
    assert len(hidden) == depth
    assert all(x.output_std == pytest.approx(1, abs=0.05) for x in hidden)
    assert all(x.activation_std == pytest.approx(0.21, abs=0.02) for x in hidden)
    outputs = model(batch[0])
    seen = outputs.detach()
    assert float(seen.std(0).mean()) > 0.7 * float(seen.std())  # what differs is the example
    F.cross_entropy(outputs, batch[1]).backward()
    sizes = [float(m.weight.grad.norm()) for m in model if isinstance(m, nn.Linear)][:-1]
    assert max(sizes) < 5 * min(sizes)


@pytest.mark.parametrize("activation", [nn.Tanh, nn.ReLU, nn.GELU, nn.SELU, nn.Hardtanh, nn.Softplus, nn.Hardsigmoid])
def test_the_signal_neither_vanishes_nor_grows(activation):
    torch.manual_seed(0)
    done = initialise(badly(mlp((20, *[64] * 12, 5), activation), 3.0), points(), F.cross_entropy)
    assert_well(done, 5)
    spreads = [x.activation_std for x in done.after.layers[:-1]]
    assert max(spreads) < 2 * min(spreads)


def test_a_deep_residual_network_does_not_blow_up():
    class Block(nn.Module):
        def __init__(self):
            super().__init__()
            self.inner, self.outer = nn.Linear(32, 32), nn.Linear(32, 32)

        def forward(self, x):
            return x + self.outer(torch.relu(self.inner(x)))

    model = badly(nn.Sequential(nn.Linear(20, 32), *[Block() for _ in range(20)], nn.Linear(32, 5)))
    done = initialise(model, points(), F.cross_entropy)
    assert_well(done, 5)
    stream = model[:-1](points()[0])
    assert 0.9 < float(stream.detach().std()) < 1.6


def test_regression_begins_small():
    torch.manual_seed(0)
    x, _ = points()
    y = 5 + 3 * x[:, :1]
    model = badly(mlp((20, 32, 32, 1)))
    done = initialise(model, (x, y), F.mse_loss)
    assert done.after.expected == pytest.approx(float(y.square().mean()))
    assert float(model(x).detach().std()) == pytest.approx(0.1 * float(y.std()), rel=1e-3)
    done = initialise(model, (x, y), F.mse_loss, base_rate=True)
    assert float(model[-1].bias.detach()) == pytest.approx(float(y.mean()), rel=1e-5)
    assert done.after.loss < 1.1 * float(y.var())


def test_base_rate():
    torch.manual_seed(0)
    x, _ = points(400)
    y = torch.multinomial(torch.tensor([0.7, 0.2, 0.1]), 400, replacement=True)
    model = badly(mlp((20, 32, 32, 3)))
    done = initialise(model, (x, y), F.cross_entropy, base_rate=True)
    share = (torch.bincount(y) + 1) / 403
    torch.testing.assert_close(torch.softmax(model[-1].bias.detach(), 0), share)
    entropy = float(-(torch.bincount(y) / 400 * share.log()).sum())
    assert abs(done.after.loss - entropy) < NEAR
    assert f"{entropy:.4g}" in str(done)


@pytest.mark.parametrize("base_rate", [False, True])
@pytest.mark.parametrize("sigmoid", [False, True])
def test_yes_or_no(sigmoid, base_rate):
    torch.manual_seed(0)
    x, _ = points(200)
    y = (torch.rand(200, 1) < 0.1).float()
    model = badly(mlp((20, 32, 32, 1)))
    loss = F.binary_cross_entropy_with_logits
    if sigmoid:
        model, loss = nn.Sequential(*model, nn.Sigmoid()), F.binary_cross_entropy
    done = initialise(model, (x, y), loss, base_rate=base_rate)
    p = (y.sum() + 1) / 202
    expected = float(F.binary_cross_entropy(p.expand_as(y), y)) if base_rate else math.log(2)
    assert abs(done.after.loss - expected) < NEAR


def test_an_unknown_loss_gets_outputs_of_unit_spread():
    torch.manual_seed(0)
    model, (x, _) = badly(mlp()), points()
    done = initialise(model, x, step=lambda m, x: m(x).cos().mean())
    assert math.isnan(done.after.expected)
    assert float(model(x).detach().std()) == pytest.approx(1, abs=0.01)


def test_twice_is_as_once():
    torch.manual_seed(0)
    model, batch = badly(mlp((20, *[64] * 6, 5), nn.Sigmoid)), points()
    initialise(model, batch, F.cross_entropy)
    once = [p.detach().clone() for p in model.parameters()]
    initialise(model, batch, F.cross_entropy, keep=True)
    for a, b in zip(once[:-2], list(model.parameters())[:-2], strict=True):
        torch.testing.assert_close(a, b.detach(), rtol=0.05, atol=1e-3)


def test_a_generator_makes_it_repeatable():
    batch = points()
    made = []
    for _ in range(2):
        model = badly(mlp())
        initialise(model, batch, F.cross_entropy, generator=torch.Generator().manual_seed(3))
        made.append([p.detach() for p in model.parameters()])
    assert all(torch.equal(a, b) for a, b in zip(*made, strict=True))


def test_without_one_the_global_stream_moves_on():
    torch.manual_seed(0)
    before = torch.get_rng_state()
    initialise(mlp(), points(), F.cross_entropy, keep=True)
    torch.manual_seed(0)
    initialise(model := mlp(), points(), F.cross_entropy)
    assert not torch.equal(before, torch.get_rng_state())
    assert not torch.equal(model[0].weight.flatten()[:5], torch.randn(5))


def test_frozen_layers_are_left_alone_and_reported():
    torch.manual_seed(0)
    model = badly(mlp((20, 32, 32, 32, 5)))
    for p in model[0].parameters():
        p.requires_grad_(False)
    frozen = [p.clone() for p in model[0].parameters()]
    done = initialise(model, points(), F.cross_entropy)
    assert all(torch.equal(a, b) for a, b in zip(frozen, model[0].parameters(), strict=True))
    assert [(one.name, one.why) for one in done.left_alone] == [("0.weight", "frozen")]
    assert abs(done.after.loss - math.log(5)) < NEAR


def test_embeddings_of_an_absurd_scale_are_mended():
    data = few_names()
    parameters = bad_char_mlp()
    with torch.no_grad():
        parameters["C"].mul_(1e-6)
    done = initialise(parameters, (data.x, data.y), step=char_step)
    assert float(parameters["C"].detach().std()) == pytest.approx(1, rel=1e-4)
    assert_well(done, 27)
    assert any("C had std" in note for note in done.notes)


def test_an_optimizer_goes_on():
    torch.manual_seed(0)
    model, (x, y) = badly(mlp()), points()
    optimizer = torch.optim.Adam(model.parameters(), 0.01)
    for _ in range(3):
        F.cross_entropy(model(x), y).backward()
        optimizer.step()
    gradients = [p.grad.clone() for p in model.parameters()]
    initialise(model, (x, y), F.cross_entropy)
    assert all(torch.equal(a, p.grad) for a, p in zip(gradients, model.parameters(), strict=True))
    before = float(F.cross_entropy(model(x), y).detach())
    for _ in range(50):
        optimizer.zero_grad()
        loss = F.cross_entropy(model(x), y)
        loss.backward()
        optimizer.step()
    assert float(loss.detach()) < 0.7 * before


def test_float64_and_bfloat16():
    for dtype, near in ((torch.float64, 1e-6), (torch.bfloat16, 0.05)):
        torch.manual_seed(0)
        model, (x, y) = badly(mlp()).to(dtype), points(dtype=dtype)
        done = initialise(model, (x, y), F.cross_entropy)
        assert abs(done.after.loss - math.log(5)) < NEAR
        assert done.after.layers[1].output_std == pytest.approx(1, abs=0.02 + near)


def test_it_prints_in_80_columns_and_tells_of_progress():
    steps = []
    torch.manual_seed(0)
    done = initialise(badly(LanguageModel()), tokens(), by_token, progress=lambda *at: steps.append(at))
    assert steps == [(i + 1, 13) for i in range(13)]
    assert max(len(line) for line in str(done).splitlines()) <= 80
    assert "in_proj" in str(done)
    assert "gelu" in str(done)


class Cell(nn.Module):
    """A recurrent network written by hand."""

    def __init__(self):
        super().__init__()
        self.token, self.inner, self.back = nn.Embedding(30, 16), nn.Linear(16, 32), nn.Linear(32, 32)
        self.output = nn.Linear(32, 30)

    def forward(self, x):
        x, h, made = self.token(x), torch.zeros(len(x), 32), []
        for t in range(x.shape[1]):
            h = torch.tanh(self.inner(x[:, t]) + self.back(h))
            made.append(self.output(h))
        return torch.stack(made, 1)


def test_a_recurrent_cell():
    torch.manual_seed(0)
    done = initialise(badly(Cell()), tokens(), by_token)
    assert_well(done, 30)
    assert done.after.layer("back").output_std == 0  # it begins with zeros
    assert 0.4 < done.after.layer("inner").output_std < 0.75  # two are added
    assert 0.4 < done.after.layer("back#16").output_std < 0.75
    assert "back#3" not in str(done)


@pytest.mark.parametrize("kind", [nn.RNN, nn.GRU, nn.LSTM])
def test_recurrent_modules_are_left_alone(kind):
    class Net(nn.Module):
        def __init__(self):
            super().__init__()
            self.token, self.rnn, self.output = nn.Embedding(30, 16), kind(16, 32, batch_first=True), nn.Linear(32, 30)

        def forward(self, x):
            return self.output(self.rnn(self.token(x))[0])

    torch.manual_seed(0)
    done = initialise(badly(Net()), tokens(), by_token)
    assert done.changed == ("output.weight", "output.bias")
    assert {one.why for one in done.left_alone} == {"an embedding", "of a recurrent layer"}
    assert abs(done.after.loss - math.log(30)) < NEAR


def test_two_heads_each_begin_small():
    class Net(nn.Module):
        def __init__(self):
            super().__init__()
            self.body, self.policy, self.value = nn.Linear(20, 32), nn.Linear(32, 5), nn.Linear(32, 1)

        def forward(self, x):
            h = torch.tanh(self.body(x))
            return self.policy(h), self.value(h)

    def both(outputs, y):
        return F.cross_entropy(outputs[0], y) + F.mse_loss(outputs[1][:, 0], y.float())

    torch.manual_seed(0)
    batch = points()
    done = initialise(badly(model := Net()), batch, both)
    assert_well(done, 5)
    assert done.after.layer("value").output_std == pytest.approx(0.1 * float(batch[1].float().std()), rel=0.01)
    assert float(model(batch[0])[0].detach().std()) == pytest.approx(0.1, rel=0.05)


def test_a_weight_of_two_layers():
    class Net(nn.Module):
        def __init__(self):
            super().__init__()
            self.a, self.b, self.output = nn.Linear(20, 20), nn.Linear(20, 20), nn.Linear(20, 5)
            self.b.weight = self.a.weight

        def forward(self, x):
            return self.output(torch.tanh(self.b(torch.tanh(self.a(x)))))

    torch.manual_seed(0)
    done = initialise(badly(model := Net()), points(), F.cross_entropy)
    assert_well(done, 5)
    assert model.a.weight is model.b.weight
    assert not model.a.bias.any()
    assert not model.b.bias.any()


def test_what_cannot_be_seen_is_drawn_by_the_formula():
    class Net(nn.Module):
        def __init__(self):
            super().__init__()
            self.a, self.b, self.output = nn.Linear(20, 256), nn.Linear(256, 256), nn.Linear(256, 5)

        def forward(self, x):
            inner = checkpoint(lambda x: torch.relu(self.b(x)), torch.relu(self.a(x)), use_reentrant=False)
            return self.output(inner)

    torch.manual_seed(0)
    done = initialise(badly(model := Net()), points(), F.cross_entropy)
    assert float(model.b.weight.detach().std()) == pytest.approx(math.sqrt(2 / 256), rel=0.03)
    assert any("b.weight gives cannot be seen" in note for note in done.notes)
    assert abs(done.after.loss - math.log(5)) < NEAR


def test_pixels_and_a_batch_of_one():
    torch.manual_seed(0)
    x, y = images()
    assert_well(initialise(badly(cnn(False)), ((x - x.min()) * 40, y), F.cross_entropy), 10)
    x, y = points(1)
    done = initialise(badly(mlp()), (x, y), F.cross_entropy)
    assert done.after.layers[0].weight_std < 1
    assert abs(done.after.loss - math.log(5)) < NEAR


def test_a_norm_behind_the_activation_is_no_norm_in_between():
    torch.manual_seed(0)
    layers = [part for i in range(4) for part in (nn.Linear(32 if i else 20, 32), nn.Tanh(), nn.BatchNorm1d(32))]
    done = initialise(badly(nn.Sequential(*layers, nn.Linear(32, 5))), points(), F.cross_entropy)
    assert_well(done, 5)
    assert [layer.norm for layer in done.after.layers] == [None] * 5
    assert all(layer.output_std == pytest.approx(1, abs=0.1) for layer in done.after.layers[:-1])


def test_norms_begin_anew():
    torch.manual_seed(0)
    model, batch = mlp(norm=nn.BatchNorm1d), points()
    for _ in range(20):
        model(batch[0] * 9 + 4)
    with torch.no_grad():
        model[1].weight.fill_(7)
        model[1].bias.fill_(7)
    initialise(model, batch, F.cross_entropy)
    assert torch.equal(model[1].weight, torch.ones(32))
    assert torch.equal(model[1].bias, torch.zeros(32))
    assert torch.equal(model[1].running_mean, torch.zeros(32))
    assert int(model[1].num_batches_tracked) == 0
