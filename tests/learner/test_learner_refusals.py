"""What does not fit is refused in one sentence, before anything is changed."""

import numpy as np
import pytest
import torch
import torch.nn.functional as F
from learner_models import data, everything, learner, mlp, same
from torch import nn

import auscult.learner
from auscult.errors import LearnerError, TargetError
from auscult.learner import Callback, Checkpoint, EarlyStop, GradientClip, Learner, MixedPrecision, Record, Scheduler

BATCHES = [data(8)]


def made(**kwargs):
    given = {
        "model": mlp(), "train": BATCHES, "valid": BATCHES, "loss": F.cross_entropy, "opt": torch.optim.SGD,
    }  # fmt: skip
    return Learner(**{"quiet": True, **given, **kwargs})


@pytest.mark.parametrize(
    ("kwargs", "what"),
    [
        ({"model": 3}, "the model is a int; give a torch.nn.Module"),
        ({"model": nn.Sequential(nn.LazyLinear(3))}, "lazy parameters without a shape; run it once"),
        ({"model": nn.ReLU()}, "no parameter that requires a gradient"),
        ({"train": None}, "the train split is a NoneType; give a DataLoader"),
        ({"valid": iter(BATCHES)}, "the valid split is a list_iterator, gone over once only"),
        ({"test": {"a": 1}}, "the test split is a dict; give a DataLoader"),
        ({"loss": 0.5}, "the loss is a float; give a function"),
        ({"loss": nn.CrossEntropyLoss(reduction="sum")}, "the loss has reduction='sum'; give one that is the mean"),
        ({"opt": torch.optim.SGD([torch.zeros(1)])}, "opt is a SGD; give what makes an optimizer"),
        ({"opt": lambda p, lr: 3}, "opt gave a int; it is to give a torch.optim.Optimizer"),
        ({"opt": torch.optim.LBFGS}, "LBFGS evaluates the loss many times a step"),
        ({"accumulate": 0}, "accumulate is a number of batches from 1 up, got 0"),
        ({"callbacks": [GradientClip]}, "the class GradientClip is no callback"),
        ({"callbacks": 3}, "a int is no callback"),
    ],
)
def test_a_learner(kwargs, what):
    with pytest.raises(LearnerError, match=what) as caught:
        made(**kwargs)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("kwargs", "what"),
    [
        ({"epochs": 0}, "epochs is a whole number from 1 up, got 0"),
        ({"epochs": 1.5}, "epochs is a whole number from 1 up, got 1.5"),
        ({"epochs": 1, "lr": -1.0}, "lr is a positive number, or one for each of 1 parameter groups; got -1.0"),
        ({"epochs": 1, "lr": float("nan")}, "lr is a positive number"),
        ({"epochs": 1, "resume": True}, "resume=True goes on from a checkpoint; give checkpoint="),
        ({"epochs": 1, "callbacks": [EarlyStop]}, "the class EarlyStop is no callback"),
    ],
)
def test_a_fit(kwargs, what):
    learn = made()
    before = everything(learn)
    with pytest.raises(LearnerError, match=what):
        learn.fit(**kwargs)
    assert same(before, everything(learn))


@pytest.mark.parametrize(
    ("batches", "what"),
    [
        ([], "the train split gave no batch"),
        ([torch.ones(2, 6)], "a batch is .inputs, targets., not a Tensor; give unpack="),
        ([(torch.ones(2, 6), torch.zeros(2).long(), 3)], "not 3 things; give unpack="),
        ([(torch.ones(0, 6), torch.zeros(0).long())], "a batch holds no example"),
    ],
)
def test_batches(batches, what):
    with pytest.raises(LearnerError, match=what):
        made(train=batches).fit(1)


def test_a_validation_split_without_a_batch():
    with pytest.raises(LearnerError, match="the valid split gave no batch"):
        made(valid=[]).fit(1)


@pytest.mark.parametrize(
    ("loss", "what"),
    [
        (lambda o, t: 0.5, "the loss gave a float; it is to give a tensor of one element"),
        (lambda o, t: o, r"the loss has shape \(8, 3\); it is to be the batch's mean"),
        (lambda o, t: o.detach().mean(), "depends on no parameter that requires a gradient"),
    ],
)
def test_losses(loss, what):
    learn = made(loss=loss)
    with pytest.raises(LearnerError, match=what):
        learn.fit(1)
    learn.loss = F.cross_entropy
    learn.fit(1)
    assert len(learn.table) == 1


def test_splits():
    with pytest.raises(LearnerError, match="there is no split 'test'; there are train, valid"):
        made().evaluate("test")
    assert made(test=BATCHES).evaluate("test").split == "test"


@pytest.mark.parametrize(
    ("make", "what"),
    [
        (lambda: EarlyStop(patience=0), "patience is a number of epochs from 1 up, got 0"),
        (lambda: EarlyStop("sharpness"), "whether a lower or a higher 'sharpness' is better is not known"),
        (lambda: GradientClip(0), "GradientClip takes a positive norm, got 0"),
        (
            lambda: MixedPrecision(torch.float32),
            "MixedPrecision takes torch.bfloat16 or torch.float16, got torch.float32",
        ),
        (lambda: Scheduler(None, "day"), "a scheduler steps every 'step' or 'epoch', got 'day'"),
        (lambda: Checkpoint("folder", every=0), "every is a number of epochs from 1 up, got 0"),
        (lambda: Record(3), "Record takes what auscult.watch gives, got a int"),
    ],
)
def test_callbacks(make, what):
    with pytest.raises(LearnerError, match=what):
        make()


@pytest.mark.parametrize(
    ("callback", "what"),
    [
        (EarlyStop("accuracy"), "EarlyStop monitors 'accuracy', which no epoch has; there are train_loss, valid_loss"),
        (
            Scheduler(lambda o: torch.optim.lr_scheduler.ReduceLROnPlateau(o), every="step"),
            "ReduceLROnPlateau looks at a number of the epoch; give every='epoch'",
        ),
        (
            Scheduler(lambda o: torch.optim.lr_scheduler.ReduceLROnPlateau(o), monitor="auc"),
            "no epoch has a 'auc'; there are train_loss, valid_loss",
        ),
    ],
)
def test_callbacks_that_do_not_fit_the_learner(callback, what):
    with pytest.raises(LearnerError, match=what):
        made().fit(1, callbacks=[callback])


def test_a_row_before_there_is_one():
    class Early(Callback):
        def before_batch(self, fit):
            _ = fit.row

    with pytest.raises(LearnerError, match="no epoch is over yet"):
        made(callbacks=[Early()]).fit(1)


def test_a_model_that_is_watched_already():
    learn = made()
    with auscult.watch(learn.model), pytest.raises(TargetError, match="watched already"):
        learn.fit(1, watch=True)
    learn.fit(1, watch=True)
    assert learn.recorder.run.steps == 1


def test_numpy_numbers_are_numbers():
    learn = learner()
    learn.fit(1, np.float64(0.01))
    assert len(learn.table) == 1


def test_the_public_names():
    names = auscult.learner.__all__
    assert names == sorted(names, key=lambda n: (not n.isupper(), n[0].islower(), n))
    metrics = ("accuracy", "error_rate", "mean_absolute_error", "perplexity")
    assert all(getattr(auscult.learner, n).__doc__ for n in names if n not in metrics)
    assert [getattr(auscult.learner, n).name for n in metrics] == list(metrics)
    public = {n for n in vars(Learner) if not n.startswith("_")}
    assert public == {"fit", "fit_one_cycle", "lr_find", "evaluate", "predict", "save", "load", "alike"}
