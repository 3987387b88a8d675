"""The model of names: the lecture's numbers, its loop, and what one does with the model."""

import random

import pytest
import torch
import torch.nn.functional as F
from torch import nn

from auscult.errors import AuscultError
from auscult.recipes import names
from auscult.recipes.names import STORIES, NamesMLP
from programs import run_python

SEED = 2147483647
PUBLISHED = {"original": 27.8817, "softmax": 3.3221, "tanh": 3.3135, "kaiming": 3.3179, "batch-norm": 3.3239}
BEYOND_99_97 = {"original": (0.6095, 0.6852), "tanh": (0.0098, 0.0350), "kaiming": (0.0814, 0.1675)}
STAGES = {stage.name: stage for stage in STORIES["names"].stages}


@pytest.fixture(scope="module")
def splits(names_file):
    return names.split_names(names.read_names(names_file))


def build(stage):
    g = torch.Generator().manual_seed(SEED)
    return NamesMLP(generator=g, **stage.model), g


def first_batch(model, g, data):
    at = torch.randint(0, len(data.x), (32,), generator=g)
    return data.x[at], data.y[at]


def test_the_splits_are_the_lectures(splits):
    assert [len(split.x) for split in splits] == [182625, 22655, 22866]


@pytest.mark.parametrize("name", PUBLISHED)
def test_the_first_loss_of_each_stage_is_the_published_one(splits, name):
    model, g = build(STAGES[name])
    x, y = first_batch(model, g, splits[0])
    assert F.cross_entropy(model(x), y).item() == pytest.approx(PUBLISHED[name], abs=5e-5)


@pytest.mark.parametrize("name", BEYOND_99_97)
def test_so_is_what_is_saturated_at_the_start(splits, name):
    model, g = build(STAGES[name])
    x, _ = first_batch(model, g, splits[0])
    h = torch.tanh(model.C[x].flatten(1) @ model.W1 + model.b1).abs()
    shares = (h > 0.99).float().mean().item(), (h > 0.97).float().mean().item()
    assert shares == pytest.approx(BEYOND_99_97[name], abs=5e-5)


def lectures_batch_norm(path, steps):
    """The lecture's own loop with batch norm, as it stands there; its weights and losses."""
    words = path.read_text().splitlines()
    chars = sorted(set("".join(words)))
    stoi = {s: i + 1 for i, s in enumerate(chars)}
    stoi["."] = 0

    def build_dataset(words):
        X, Y = [], []
        for w in words:
            context = [0] * 3
            for ch in w + ".":
                X.append(context)
                Y.append(stoi[ch])
                context = [*context[1:], stoi[ch]]
        return torch.tensor(X), torch.tensor(Y)

    state = random.getstate()
    random.seed(42)
    random.shuffle(words)
    random.setstate(state)
    n1, n2 = int(0.8 * len(words)), int(0.9 * len(words))
    (Xtr, Ytr), (Xdev, Ydev) = build_dataset(words[:n1]), build_dataset(words[n1:n2])

    g = torch.Generator().manual_seed(SEED)
    C = torch.randn((27, 10), generator=g)
    W1 = torch.randn((30, 200), generator=g) * (5 / 3) / (30**0.5)
    W2 = torch.randn((200, 27), generator=g) * 0.01
    b2 = torch.randn(27, generator=g) * 0
    bngain, bnbias = torch.ones((1, 200)), torch.zeros((1, 200))
    bnmean_running, bnstd_running = torch.zeros((1, 200)), torch.ones((1, 200))
    parameters = [C, W1, W2, b2, bngain, bnbias]
    assert sum(p.nelement() for p in parameters) == 12097
    for p in parameters:
        p.requires_grad = True

    losses = []
    for i in range(steps):
        ix = torch.randint(0, Xtr.shape[0], (32,), generator=g)
        Xb, Yb = Xtr[ix], Ytr[ix]
        emb = C[Xb]
        embcat = emb.view(emb.shape[0], -1)
        hpreact = embcat @ W1
        bnmeani = hpreact.mean(0, keepdim=True)
        bnstdi = hpreact.std(0, keepdim=True)
        hpreact = bngain * (hpreact - bnmeani) / bnstdi + bnbias
        with torch.no_grad():
            bnmean_running = 0.999 * bnmean_running + 0.001 * bnmeani
            bnstd_running = 0.999 * bnstd_running + 0.001 * bnstdi
        h = torch.tanh(hpreact)
        logits = h @ W2 + b2
        loss = F.cross_entropy(logits, Yb)
        for p in parameters:
            p.grad = None
        loss.backward()
        lr = 0.1 if i < 100000 else 0.01
        for p in parameters:
            p.data += -lr * p.grad
        losses.append(loss.item())

    with torch.no_grad():
        emb = C[Xdev]
        hpreact = emb.view(emb.shape[0], -1) @ W1
        hpreact = bngain * (hpreact - bnmean_running) / bnstd_running + bnbias
        valid = F.cross_entropy(torch.tanh(hpreact) @ W2 + b2, Ydev).item()
    return [*parameters, bnmean_running, bnstd_running], losses, valid


def test_batch_norm_goes_the_lectures_way_bit_for_bit(splits, names_file, tmp_path):
    weights, losses, valid = lectures_batch_norm(names_file, 500)

    lectures, g = build(STAGES["batch-norm"])
    names.descend(lectures, splits[0], 500, names.lecture_rate(200_000), generator=g)
    norm = lectures.norm1
    ours = [lectures.C, lectures.W1, lectures.W2, lectures.b2, norm.gain, norm.shift, norm.running_mean]
    assert all(torch.equal(a, b) for a, b in zip([*ours, norm.running_std], weights, strict=True))
    assert names.loss_of(lectures, splits[1]) == valid

    stage = names.Stage("watched", "", {"norm": "scratch"}, lr=0.1)  # listening changes nothing
    recorder = stage.run(splits, 500, tmp_path)
    assert recorder.run.series("logged", "valid_loss").values[-1] == torch.tensor(valid)
    assert recorder.run.series("loss").values[0] == torch.tensor(losses[0])


def test_the_norm_from_scratch_beside_torchs(splits):
    torch.manual_seed(0)
    x = torch.randn(64, 5) * 3 + 2
    ours, theirs = names.BatchNorm(5, momentum=0.1), nn.BatchNorm1d(5, eps=1e-12)
    torch.testing.assert_close(ours(x), theirs(x) * (63 / 64) ** 0.5)  # theirs is the biased standard deviation
    torch.testing.assert_close(ours.running_mean[0], theirs.running_mean)
    assert ours.running_std[0] == pytest.approx((0.9 + 0.1 * x.std(0)).tolist())
    ours.eval()
    one = ours(x[:1])  # in eval mode one example will do
    torch.testing.assert_close(one, (x[:1] - ours.running_mean) / ours.running_std)


@pytest.mark.parametrize("norm", ["none", "batch", "scratch"])
@pytest.mark.parametrize("hidden", [(), (30,), (40, 30, 20)])
def test_models_of_any_depth_learn(splits, norm, hidden):
    g = torch.Generator().manual_seed(1)
    model = NamesMLP(hidden, 6, norm=norm, generator=g)
    assert sum(n.startswith("W") for n, _ in model.named_parameters()) == len(hidden) + 1
    before = names.loss_of(model, splits[1])
    names.descend(model, splits[0], 300, lambda step: 0.1, generator=g)
    assert before == pytest.approx(3.2958, abs=0.1)
    assert names.loss_of(model, splits[1]) < before - 0.3
    assert model.training


def test_sampled_names_end_and_leave_the_random_stream_alone(splits):
    model, g = build(STAGES["kaiming"])
    names.descend(model, splits[0], 500, lambda step: 0.1, generator=g)
    before = torch.get_rng_state()
    made = names.sample(model, 20)
    assert made == names.sample(model, 20)
    assert made != names.sample(model, 20, seed=1)
    assert torch.equal(before, torch.get_rng_state())
    assert set("".join(made)) <= set(names.ALPHABET[1:])
    with torch.no_grad():
        model.b2[0] = -1e9  # never ends one
    assert {len(name) for name in names.sample(model, 2)} == {100}


def test_the_task_learns_with_a_learner():
    task = names.task(hidden=(50,), norm="batch")
    learner = task.learner(torch.optim.AdamW, batch=256, quiet=True)
    assert learner.evaluate("test").loss == pytest.approx(3.2958, abs=0.1)
    learner.fit_one_cycle(1, 1e-2)
    assert learner.evaluate("valid").loss < 2.6


def test_names_that_are_not_there(tmp_path):
    with pytest.raises(AuscultError, match="one name a line"):
        names.read_names(tmp_path / "nosuch.txt")


def test_as_a_command(tmp_path):
    (tmp_path / "few.txt").write_text("\n".join(["emma", "olivia", "ava", "isabella", "sophia"] * 40))
    asked = [
        "--names",
        "few.txt",
        "--hidden",
        "20",
        "--hidden",
        "20",
        "--norm",
        "batch",
        "--epochs",
        "1",
        "--batch",
        "16",
    ]
    told = run_python("-m", "auscult.recipes.names", *asked)
    assert told.returncode == 0, told.stderr
    assert all(f"{split}: loss " in told.stdout for split in ("train", "valid", "test"))
    assert len(told.stdout.splitlines()[-1].split(", ")) == 10
    told = run_python("-m", "auscult.recipes.names", "--names", "nosuch.txt")
    assert (told.returncode, len(told.stderr.splitlines())) == (2, 1)
