"""Events: their order, their names, what a callback may ask; and the callbacks that come with the Learner."""

import csv
import math

import numpy as np
import pytest
import torch
from learner_models import everything, learner, numbers, same

from auscult.errors import LearnerError
from auscult.learner import EVENTS, Callback, EarlyStop, History, Scheduler, accuracy
from auscult.learner.table import Row


def teller(told, name="", order=0, **asks):
    def event(what):
        def hear(self, fit):
            told.append(f"{name}{what}")
            if what in asks:
                asks[what](fit)

        return hear

    return type("Teller", (Callback,), {"order": order, **{what: event(what) for what in EVENTS}})()


BATCH = [
    "before_batch", "after_pred", "after_loss", "before_backward", "after_backward", "before_step", "after_step",
    "after_batch",
]  # fmt: skip


def test_every_event_in_its_order():
    told = []
    learner(callbacks=[teller(told)]).fit(2, 1e-3)
    epoch = [
        "before_epoch",
        "before_train",
        *4 * BATCH,
        "after_train",
        "before_validate",
        "after_validate",
        "after_epoch",
    ]
    assert told == ["before_fit", *2 * epoch, "after_fit"]
    assert set(told) == set(EVENTS)


def test_events_without_validation_and_with_accumulation():
    told = []
    learner(callbacks=[teller(told)], valid=False, accumulate=2).fit(1, 1e-3)
    assert not {"before_validate", "after_validate"} & set(told)
    first = [e for e in BATCH if e not in ("before_step", "after_step")]
    assert told[3 : 3 + len(first) + len(BATCH)] == first + BATCH


def test_callbacks_are_told_by_order_then_as_given():
    told = []
    named = [("c", 0), ("a", 5), ("b", -5), ("d", 0)]
    learner(callbacks=[teller(told, n, order) for n, order in named]).fit(1, 1e-3)
    assert told[:4] == ["bbefore_fit", "cbefore_fit", "dbefore_fit", "abefore_fit"]


@pytest.mark.parametrize(
    ("name", "meant"),
    [
        ("befor_step", "before_step"), ("before_steps", "before_step"), ("after_lose", "after_loss"),
        ("on_epoch_end", "before_epoch"), ("afterbatch", "after_batch"), ("before_validation", "before_validate"),
    ],
)  # fmt: skip
def test_a_misspelt_event_raises_when_the_class_is_made(name, meant):
    with pytest.raises(LearnerError, match=rf"Mine\.{name} is no event; did you mean {meant}\?"):
        type("Mine", (Callback,), {name: lambda self, fit: None})


def test_an_event_takes_self_and_fit():
    with pytest.raises(LearnerError, match=r"Mine\.before_step takes \(self\); an event takes \(self, fit\)"):
        type("Mine", (Callback,), {"before_step": lambda self: None})


def test_methods_of_ones_own_are_fine():
    def helper(self):
        return 7

    made = type("Mine", (Callback,), {"norms": helper, "_before_it": helper, "restart": helper, "state": lambda s: {}})
    assert made().norms() == 7


@pytest.mark.parametrize("event", EVENTS)
def test_stopping_from_any_event(event):
    """Every callback still hears that event and the end; an epoch has a row where it was over."""
    told = []
    asks = {event: lambda fit: fit.stop("enough")}
    learn = learner(callbacks=[teller(told, "a ", **asks), teller(told, "b ")])
    learn.fit(2, 1e-3)
    assert learn.stopped == "enough"
    assert told[-2:] == ["a after_fit", "b after_fit"]
    if event != "after_fit":
        assert told[-4:-2] == [f"a {event}", f"b {event}"]
    assert len(learn.table) == {"after_epoch": 1, "after_fit": 2}.get(event, 0)
    assert all(p.grad is None for p in learn.model.parameters())


@pytest.mark.parametrize("event", BATCH[:6])
def test_skipping_a_step(event):
    steps = []

    class Count(Callback):
        def after_step(self, fit):
            steps.append(fit.batch)

        def after_batch(self, fit):
            assert fit.parameters[0].grad is None

    asks = {event: lambda fit: fit.skip_step() if fit.batch == 1 else None}
    learn = learner(callbacks=[teller([], **asks), Count()])
    learn.fit(1, 1e-3)
    assert steps == [0, 2, 3]
    assert learn.step == 3


def test_skipping_skips_all_that_accumulates():
    steps, learn = [], learner(accumulate=2)

    class Skip(Callback):
        def before_backward(self, fit):
            if fit.batch == 0:
                fit.skip_step()

        def after_step(self, fit):
            steps.append(fit.batch)

    learn.fit(1, 1e-3, callbacks=[Skip()])
    assert steps == [3]


def test_a_loss_replaced_is_trained_on_and_shown():
    class Twice(Callback):
        def after_loss(self, fit):
            fit.loss = 2 * fit.loss

    plain = learner(opt=torch.optim.SGD)
    plain.fit(1, 0.2)
    twice = learner(opt=torch.optim.SGD, callbacks=[Twice()])
    twice.fit(1, 0.1)
    assert twice.table[0].train_loss == pytest.approx(2 * plain.table[0].train_loss, rel=1e-6)
    assert torch.allclose(plain.model[0].weight, twice.model[0].weight, atol=1e-6)


def test_after_fit_is_heard_by_all_however_it_ends():
    told, errors = [], []

    class Fails(Callback):
        def after_batch(self, fit):
            raise KeyError("lost")

        def after_fit(self, fit):
            errors.append(fit.error)
            raise ValueError("at the end too")

    learn = learner(callbacks=[Fails(), teller(told)])
    with pytest.raises(KeyError, match="lost"):
        learn.fit(1, 1e-3)
    assert told[-1] == "after_fit"
    assert isinstance(errors[0], KeyError)

    class FailsAtTheEnd(Callback):
        def after_fit(self, fit):
            raise ValueError("at the end")

    with pytest.raises(ValueError, match="at the end"):
        learner(callbacks=[FailsAtTheEnd()]).fit(1, 1e-3)


class Says(Callback):
    """Puts numbers of the test's own in place of the validation loss."""

    order = -10

    def __init__(self, *values):
        self.values = values

    def after_epoch(self, fit):
        row = fit.row
        fit._row = Row(row.epoch, row.train_loss, self.values[row.epoch], row.metrics, row.seconds)


class Weights(Callback):
    order = 100

    def __init__(self):
        self.of = []

    def after_epoch(self, fit):
        self.of.append({k: v.clone() for k, v in fit.model.state_dict().items()})


def test_early_stop_at_its_patience_with_the_best_weights():
    kept, stop = Weights(), EarlyStop(patience=2)
    learn = learner(callbacks=[Says(3.0, 2.0, 2.5, 2.0, 1.0), stop, kept])
    learn.fit(5, 1e-2)
    assert len(learn.table) == 4
    assert learn.stopped == "valid_loss has not got better for the last 2 epochs; its best, 2, was in epoch 1"
    assert (stop.best, stop.best_epoch) == (2.0, 1)
    assert same(learn.model.state_dict(), kept.of[1])
    assert not same(kept.of[1], kept.of[3])


def test_early_stop_that_never_stops_ends_with_the_best_weights_too():
    kept = Weights()
    learn = learner(callbacks=[Says(3.0, 1.0, 2.0), EarlyStop(patience=9), kept])
    learn.fit(3, 1e-2)
    assert learn.stopped is None
    assert same(learn.model.state_dict(), kept.of[1])


def test_early_stop_without_restoring_with_a_least_difference_and_nan():
    kept = Weights()
    stop = EarlyStop(patience=2, min_delta=0.1, restore_best=False)
    learn = learner(callbacks=[Says(math.nan, 2.0, 1.95, math.nan), stop, kept])
    learn.fit(9, 1e-2)
    assert len(learn.table) == 4
    assert same(learn.model.state_dict(), kept.of[3])


def test_early_stop_on_what_is_better_higher():
    class Score(Callback):
        order = -10

        def after_epoch(self, fit):
            fit.row.metrics["accuracy"] = [0.5, 0.9, 0.8][fit.row.epoch]

    learn = learner(callbacks=[Score(), EarlyStop("accuracy", 1)], metrics=accuracy)
    learn.fit(9, 1e-2)
    assert learn.stopped == "accuracy has not got better for the last epoch; its best, 0.9, was in epoch 1"


def test_history_is_the_table(tmp_path):
    learn = learner(callbacks=[History(tmp_path / "new" / "history.csv")], metrics=accuracy)
    learn.fit(2, 1e-2)
    with open(tmp_path / "new" / "history.csv", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [{k: float(r[k]) for k in learn.table.names} for r in rows] == numbers(learn)
    assert [r["epoch"] for r in rows] == ["0", "1"]
    assert [p.name for p in (tmp_path / "new").iterdir()] == ["history.csv"]


def test_torchs_schedulers():
    rates = []

    class Look(Callback):
        def before_step(self, fit):
            rates.append(fit.optimizer.param_groups[0]["lr"])

    by_step = Scheduler(lambda o: torch.optim.lr_scheduler.ExponentialLR(o, 0.5), every="step")
    learner(callbacks=[by_step, Look()]).fit(1, 1.0)
    assert rates == [1, 0.5, 0.25, 0.125]
    rates.clear()
    by_epoch = Scheduler(lambda o: torch.optim.lr_scheduler.StepLR(o, 1, 0.1))
    learner(callbacks=[by_epoch, Look()]).fit(2, 1.0)
    assert np.unique(rates).tolist() == [0.1, 1]
    rates.clear()
    plateau = Scheduler(lambda o: torch.optim.lr_scheduler.ReduceLROnPlateau(o, factor=0.1, patience=0))
    learner(callbacks=[Says(1.0, 2.0, 3.0), plateau, Look()]).fit(3, 1.0)
    assert rates == pytest.approx([1] * 8 + [0.1] * 4)


def test_an_interrupt_ends_it_with_the_table_so_far(capsys):
    class Interrupt(Callback):
        def before_step(self, fit):
            if fit.epoch == 1 and fit.batch == 2:
                raise KeyboardInterrupt

    learn = learner(quiet=False)
    with pytest.raises(KeyboardInterrupt):
        learn.fit(3, 1e-2, callbacks=[Interrupt()])
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == 3
    assert lines[-1] == "interrupted in epoch 1 at batch 2; the epochs before are kept"
    assert len(learn.table) == 1
    before = everything(learn)
    assert same(before[1], [None] * 6)
    learn.fit(1)
    assert len(learn.table) == 2
