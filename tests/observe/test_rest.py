"""Trainings that follow each other too fast to listen to all of them."""

import time

import pytest
import torch
from torch import nn

from auscult import rules
from auscult.observe import hub, rest
from auscult.observe.hub import Listener
from auscult.observe.launch import Program, Session, execute
from auscult.observe.rest import Rest
from auscult.runs import list_runs
from auscult.settings import Settings
from auscult.views.facts import unseen_line

MANY = """
import copy, torch
torch.manual_seed(0)
meta = torch.nn.Sequential(torch.nn.Linear(1, 8), torch.nn.Tanh(), torch.nn.Linear(8, 1))
for task in range(60):
    fast = copy.deepcopy(meta)
    optimizer = torch.optim.SGD(fast.parameters(), lr=0.02)
    for step in range(25):
        x = torch.rand(10, 1) - 0.5
        optimizer.zero_grad()
        (fast(x) - torch.sin(x + task)).square().mean().backward()
        optimizer.step()
    with torch.no_grad():
        for p, q in zip(meta.parameters(), fast.parameters()):
            p.add_(0.2 * (q - p))
"""


class Heard(Listener):
    """Keeps what it heard of."""

    def __init__(self):
        self.roots = []

    def backward_begins(self, roots):
        self.roots.append(roots)


@pytest.fixture
def resting():
    """A rest, the listeners it has made, and a way to train one step with a new optimizer or the last one."""
    made, optimizers, model = [], [], nn.Linear(2, 1)

    def listener():
        made.append(Heard())
        hub.attach(made[-1])
        return made[-1]

    def train(new):
        if new:
            optimizers.append(torch.optim.SGD(model.parameters(), lr=0.1))
        model(torch.ones(1, 2)).sum().backward()
        optimizers[-1].step()

    one = Rest(listener)
    yield one, made, train
    one.close()
    for each in made:
        hub.detach(each)


def test_of_many_short_trainings_the_first_are_heard_and_the_others_counted(tmp_path, runs_dir):
    script = tmp_path / "meta.py"
    script.write_text(MANY)
    session = Session(Settings(dir=str(runs_dir)), "meta")
    before = list(hub._listeners)
    began = time.perf_counter()
    execute(Program(str(script)), session)
    took = time.perf_counter() - began
    assert session.error is None
    cost = sum(recorder.cost_s for recorder in session.recorders)
    assert 10 <= len(session.runs) < 60
    assert len(session.runs) == 10 or cost < 0.2 * took
    assert len(session.runs) + session.passed_over == 60
    told = rules.judge(list_runs(runs_dir)[0]).as_dict()["overhead"]["passed_over"]
    assert told == session.passed_over
    assert f"{told} more trainings of the program (--every N hears each)" in unseen_line(list_runs(runs_dir)[0])
    assert not unseen_line(list_runs(runs_dir)[1])
    assert list(hub._listeners) == before
    assert {run.steps for run in list_runs(runs_dir)} == {25}


def test_what_a_variable_keeps_of_a_training_that_is_over_is_no_parameter_of_the_next(tmp_path, runs_dir):
    script = tmp_path / "meta.py"
    script.write_text(MANY.replace("range(25)", "range(5)").replace("range(60)", "range(10)"))
    execute(Program(str(script)), Session(Settings(dir=str(runs_dir)), "meta"))
    runs = list_runs(runs_dir)
    assert len(runs) == 2
    for run in runs:
        assert len(run.parameters) >= 4
        assert [p.name for p in run.parameters if p.optimizer is None] == []  # as `q` would be


def test_every_one_is_heard_where_it_may_cost_what_it_will(tmp_path, runs_dir):
    script = tmp_path / "meta.py"
    script.write_text(MANY.replace("range(60)", "range(12)"))
    session = Session(Settings(dir=str(runs_dir), every=5), "meta")
    execute(Program(str(script)), session)
    assert (len(session.runs), session.passed_over) == (12, 0)


def test_a_training_is_heard_from_its_beginning_once_there_is_time(resting):
    one, made, train = resting
    one.until(time.perf_counter() + 3600)
    train(new=True)
    train(new=False)
    assert not made
    assert one.optimizers == 2
    one.close()
    one.until(0.0)
    train(new=True)
    train(new=False)
    assert [len(listener.roots) for listener in made] == [2]
    assert one.optimizers == 3  # the one that the second rest began with; the last is heard


def test_one_that_goes_on_is_heard_from_where_it_is(resting, monkeypatch):
    one, made, train = resting
    train(new=True)
    one.until(0.0)
    train(new=False)
    assert not made
    monkeypatch.setattr(rest, "_LONG_S", 0.0)
    train(new=False)
    assert [len(listener.roots) for listener in made] == [1]


def test_a_fault_ends_the_listening_and_not_the_training(capsys):
    def full():
        raise OSError("no space left")

    one, model = Rest(full).until(0.0), nn.Linear(2, 1)
    torch.optim.SGD(model.parameters(), lr=0.1)
    for _ in range(2):
        model(torch.ones(1, 2)).sum().backward()
    assert one not in hub._listeners
    assert "no space left" in capsys.readouterr().err
