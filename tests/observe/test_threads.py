"""Trainings in threads: one at a time is heard."""

import threading

import numpy as np
import pytest
import torch
from torch import nn

from auscult.observe.census import Census
from auscult.observe.recorder import Recorder
from auscult.runs import quantities as q
from auscult.settings import Settings

X = torch.randn(64, 6, generator=torch.Generator().manual_seed(1))


@pytest.fixture(params=[True, False], ids=["core", "torch"])
def heard(request, runs_dir):
    """Listen as to a program that says nothing; the recorders of its trainings come to the list."""
    recorders = []

    def listen():
        recorders.append(Recorder(Census(native=request.param), Settings(native=request.param), "thread", listen))
        return recorders[-1]

    listen()
    yield recorders
    for recorder in recorders:
        recorder.close()


def train(steps, losses, gate=None):
    """A training of a model of its own. gate: passed once the first step is made."""
    model = nn.Sequential(nn.Linear(6, 8), nn.Tanh(), nn.Linear(8, 1))
    optimizer = torch.optim.SGD(model.parameters(), 0.05)
    for step in range(steps):
        optimizer.zero_grad()
        loss = (model(X) - X[:, :1]).square().mean()
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
        if step == 0 and gate is not None:
            gate.wait()


def in_threads(*works):
    threads = [threading.Thread(target=work) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def test_of_two_at_once_the_first_is_heard_and_the_other_is_told_of(heard, capsys):
    first, second = [], []
    gate = threading.Barrier(2)

    def follow():
        gate.wait()  # the first has made a step
        train(800, second)

    in_threads(lambda: train(800, first, gate), follow)
    (recorder,) = heard
    recorder.close()
    assert recorder.run.steps == 800
    assert len(recorder.run.parameters) == 4
    np.testing.assert_allclose(recorder.run.series(q.LOSS).values, first, rtol=1e-5)
    assert len(second) == 800
    assert capsys.readouterr().err.count("another thread trains at the same time: only the first is heard") == 1


def test_one_after_another_is_heard(heard, capsys):
    told = [[], [], []]
    for losses in told:
        in_threads(lambda losses=losses: train(60, losses))
    for recorder, losses in zip(heard, told, strict=True):
        recorder.close()
        assert recorder.run.steps == 60
        np.testing.assert_allclose(recorder.run.series(q.LOSS).values, losses, rtol=1e-5)
    assert not capsys.readouterr().err


def test_whoever_trains_after_a_recorder_is_closed_is_heard_by_the_next(heard):
    keep, ready = threading.Event(), threading.Event()

    def stay():  # the thread that was heard, which lives on
        train(30, [])
        ready.set()
        keep.wait()

    thread = threading.Thread(target=stay)
    thread.start()
    ready.wait()
    heard[0].close()
    with Recorder(Census(), Settings(), "second") as second:
        train(40, [])
    keep.set()
    thread.join()
    assert (heard[0].run.steps, second.run.steps) == (30, 40)
