"""One trial: what it measures is what happened."""

import math

import numpy as np
import pytest
import study_tasks
import torch
import torch.nn.functional as F

from auscult.errors import StudyError
from auscult.learner.task import loader
from auscult.studies.measures import Gradients, load_weights, looks_over
from auscult.studies.specs import found, name_of, short_name
from auscult.studies.training import Training, train, weights_from

LR = 0.1


def training(**changed):
    asked = {
        "task": "study_tasks:points",
        "optimizer": "torch.optim:SGD",
        "batch": 16,
        "lr": LR,
        "epochs": 3,
        "seed": 0,
    }
    return Training(**{**asked, "looks": 3, "samples": 6, **changed})


@pytest.fixture(scope="module")
def trial():
    return train(training())


def by_hand(batch=16, epochs=3, seed=0):
    """The same training in a plain loop: the model, and the norms of its updates, epoch by epoch."""
    task = study_tasks.points()
    torch.manual_seed(seed)
    model = task.model()
    data = loader(task.train, batch, seed)
    norms = []
    for _ in range(epochs):
        of_epoch = []
        for x, y in data:
            model.zero_grad()
            F.cross_entropy(model(x), y).backward()
            flat = torch.cat([p.grad.flatten() for p in model.parameters()])
            of_epoch.append(LR * float(flat.double().norm()))
            with torch.no_grad():
                for p in model.parameters():
                    p.add_(p.grad, alpha=-LR)
        norms.append(of_epoch)
    return task, model, norms


def test_updates_paths_and_distances(trial):
    numbers, arrays = trial
    _, model, norms = by_hand()
    assert arrays["updates"] == pytest.approx(np.concatenate(norms), rel=1e-4)
    assert [e["path"] for e in numbers["epochs"]] == pytest.approx([sum(n) for n in norms], rel=1e-4)
    assert [e["steps"] for e in numbers["epochs"]] == [len(n) for n in norms]
    start, end = weights_from(arrays, "start"), weights_from(arrays, "end")
    whole = math.sqrt(sum(float(((end[k] - start[k]).astype(float) ** 2).sum()) for k in end))
    assert numbers["epochs"][-1]["from_start"] == pytest.approx(whole, rel=1e-5)
    assert all(np.array_equal(end[k], v.detach().numpy()) for k, v in model.state_dict().items())
    assert all(e["distance"] <= e["path"] for e in numbers["epochs"])


def test_what_it_comes_to(trial):
    numbers, arrays = trial
    task, model, _ = by_hand()
    for split, data in (("train", task.train), ("valid", task.valid)):
        x, y = data.tensors
        with torch.no_grad():
            out = model(x)
        assert numbers["final"][split]["loss"] == pytest.approx(F.cross_entropy(out, y).item(), rel=1e-5)
        assert numbers["final"][split]["accuracy"] == pytest.approx(float((out.argmax(1) == y).float().mean()))
    assert numbers["parameters"] == sum(p.numel() for p in model.parameters())
    assert numbers["epochs"][-1]["valid_loss"] == pytest.approx(numbers["final"]["valid"]["loss"])
    same = load_weights(task.model(), weights_from(arrays, "end"))
    assert all(torch.equal(a, b) for a, b in zip(same.parameters(), model.parameters(), strict=True))


def test_inner_products_of_gradients(trial):
    task, model, _ = by_hand(epochs=1)
    gradients = Gradients(task.train, 16, 6, seed=0)
    stream = torch.get_rng_state()
    grams = gradients.grams(model, F.cross_entropy)
    assert torch.equal(stream, torch.get_rng_state())
    assert grams[""].shape == (6, 6)
    assert set(grams) == {"", *(n for n, _ in model.named_parameters())}
    np.testing.assert_allclose(grams[""], sum(v for k, v in grams.items() if k))
    fresh = Gradients(task.train, 16, 6, seed=0)
    rows = []
    for x, y in fresh._loader:
        made = torch.autograd.grad(F.cross_entropy(model(x), y), list(model.parameters()))
        rows.append(torch.cat([g.flatten() for g in made]).double())
    expected = torch.stack(rows)
    np.testing.assert_allclose(grams[""], (expected @ expected.T).numpy(), rtol=1e-4, atol=1e-7)


def test_looks_are_at_the_start_the_end_and_early(trial):
    numbers, arrays = trial
    assert [look["epoch"] for look in numbers["looks"]] == [0, 1, 3]
    assert arrays["grams"].shape == (3, 6, 6)
    assert looks_over(20, 5) == [0, 1, 4, 9, 20]
    assert looks_over(1, 5) == [0, 1]
    assert -1 <= numbers["looks"][0]["cosine"] <= 1


def test_a_switch_changes_the_batch_and_nothing_before_it():
    plain, _ = train(training(epochs=4, batch=64))
    switched, arrays = train(training(epochs=4, batch=64, switch_at=2, switch_to=8))
    assert [e["steps"] for e in switched["epochs"]] == [5, 5, 40, 40]
    assert [e["train_loss"] for e in switched["epochs"][:2]] == [e["train_loss"] for e in plain["epochs"][:2]]
    assert len(arrays["updates"]) == 90


def test_a_trial_is_the_same_again_and_differs_by_seed(trial):
    again, other = train(training())[1], train(training(seed=1))[1]
    assert all(np.array_equal(again[k], v) for k, v in trial[1].items())
    assert not np.array_equal(other["start/0.weight"], again["start/0.weight"])


def test_batch_norm_sees_batches_and_is_left_as_it_was():
    torch.manual_seed(0)
    model = torch.nn.Sequential(torch.nn.Linear(6, 8), torch.nn.BatchNorm1d(8), torch.nn.ReLU(), torch.nn.Linear(8, 3))
    model.eval()
    before = {k: v.clone() for k, v in model.state_dict().items()}
    Gradients(study_tasks.points().train, 16, 4, seed=0).grams(model, F.cross_entropy)
    assert all(torch.equal(before[k], v) for k, v in model.state_dict().items())
    assert not model.training


def test_names_of_tasks():
    assert name_of("digits", "the task") == "auscult.recipes.digits:task"
    assert name_of(study_tasks.points, "the task") == "study_tasks:points"
    assert found("study_tasks:points", "the task") is study_tasks.points
    assert [short_name(n) for n in ("auscult.recipes.digits:task", "a.b:cnn")] == ["digits", "cnn"]
    for wrong, says in (("nonsense", "module:function"), (lambda: 1, "cannot find"), (":x", "module:function")):
        with pytest.raises(StudyError, match=says):
            name_of(wrong, "the task")
    for wrong, says in (
        ("nosuch:x", "not there"),
        ("study_tasks:nosuch", "not there"),
        ("study_tasks:__name__", "str"),
    ):
        with pytest.raises(StudyError, match=says):
            found(wrong, "the task")
