"""Names for tensors that nobody named."""

import gc

import pytest
import torch
from torch import nn

from auscult.observe import naming
from auscult.observe.census import Census
from auscult.observe.naming import name_tensors, named_in, switches_of
from auscult.observe.recorder import Recorder
from auscult.settings import Settings


@pytest.fixture(autouse=True)
def alone(monkeypatch):
    """No model of another test is alive, or else it is not found."""
    gc.collect()
    search = naming._search
    known = {id(one): one for one in search(nn.Module, torch.optim.Optimizer)}  # kept, so that nobody gets their ids
    monkeypatch.setattr(naming, "_search", lambda *kinds: [x for x in search(*kinds) if id(x) not in known])


class Block(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc, self.drop = nn.Linear(8, 8), nn.Dropout(0.1)

    def forward(self, x):
        return self.drop(self.fc(x))


class Listed(nn.Module):
    """Its blocks lie in a plain list."""

    def __init__(self, kept=list):
        super().__init__()
        self.blocks, self.out = kept([Block(), Block()]), nn.Linear(8, 3)
        self.again = [self.out]  # a part of it under another name

    def forward(self, x):
        for block in self.blocks:
            x = block(x)
        return self.out(x)

    def everything(self):
        return [p for m in (*self.blocks, self.out) for p in m.parameters()]


class Plain:
    """No module at all."""

    def __init__(self):
        self.blocks, self.out = [Block(), Block()], nn.Linear(8, 3)

    def everything(self):
        return [p for m in (*self.blocks, self.out) for p in m.parameters()]


WANTED = ["blocks.0.fc.weight", "blocks.0.fc.bias", "blocks.1.fc.weight", "blocks.1.fc.bias", "out.weight", "out.bias"]


def names_of(tensors):
    tensors = list(tensors)
    named = name_tensors(tensors)
    return [named[id(t)].name for t in tensors]


def test_modules_in_a_plain_list_are_called_as_in_a_module_list():
    model = Listed()
    assert names_of(model.everything()) == WANTED
    assert names_of(model.blocks[1].parameters()) == WANTED[2:4]
    assert [n.name for n in named_in(model).values()] == [*WANTED[4:], *WANTED[:4]]
    assert [name for name, _ in switches_of(model.everything())] == ["blocks.0.drop", "blocks.1.drop"]
    model = Listed(tuple)
    assert names_of(model.everything()) == WANTED


def test_modules_in_a_plain_dict_are_called_by_its_keys():
    model = nn.Module()
    model.heads = {"age": nn.Linear(4, 1), "size": nn.Linear(4, 1)}
    parameters = [p for head in model.heads.values() for p in head.parameters()]
    assert names_of(parameters) == ["heads.age.weight", "heads.age.bias", "heads.size.weight", "heads.size.bias"]


def test_modules_in_an_object_of_the_script():
    net = Plain()
    assert names_of(net.everything()) == WANTED


def test_modules_in_a_list_of_the_script():
    stages = [nn.Linear(4, 4), nn.Linear(4, 2)]
    assert names_of(p for m in stages for p in m.parameters()) == [
        "stages.0.weight", "stages.0.bias", "stages.1.weight", "stages.1.bias",
    ]  # fmt: skip


def test_modules_that_list_each_other_have_names_all_the_same():
    one, other = nn.Linear(4, 4), nn.Linear(4, 2)
    one.friends, other.friends = [other], [one]
    assert not any(name.startswith("tensor") for name in names_of([*one.parameters(), *other.parameters()]))


def with_a_new_head(classes):
    model = nn.Sequential()
    model.add_module("body", nn.Linear(8, 13))  # as nobody else has it
    model.add_module("fc", nn.Linear(13, 5))
    model.body.requires_grad_(False)
    optimizer = torch.optim.SGD(model.fc.parameters(), 0.1)
    model.fc = nn.Linear(13, classes)
    return model, optimizer


def held_by(optimizer):
    """What its parameters are called, by no variable's name."""
    named = name_tensors(optimizer.param_groups[0]["params"]).values()
    return [n.name for n in named], [n.owner for n in named]


@pytest.mark.parametrize("classes", [5, 3])
def test_what_a_module_was_replaced_by_tells_what_it_was(classes):
    model, optimizer = with_a_new_head(classes)
    names, owners = held_by(optimizer)
    assert names == ["fc.weight (replaced)", "fc.bias (replaced)"]
    assert owners == [model.fc, model.fc]
    assert names_of(model.fc.parameters()) == ["fc.weight", "fc.bias"]


def test_a_head_that_could_have_been_one_of_two_is_none():
    model, optimizer = with_a_new_head(5)
    model.other = nn.Linear(13, 7)
    names, _ = held_by(optimizer)
    assert names == ["tensor0", "tensor1"]


def test_a_head_in_the_optimizer_is_not_what_another_was_replaced_by():
    model, optimizer = with_a_new_head(5)
    its_own = torch.optim.SGD(model.fc.parameters(), 0.1)
    names, _ = held_by(optimizer)
    assert names == ["tensor0", "tensor1"]
    assert len(its_own.param_groups) == 1


def test_a_loop_over_modules_renames_none_of_them():
    users, things = nn.Embedding(3, 2), nn.Embedding(4, 2)
    for module in (users, things):
        nn.init.normal_(module.weight)
    named = name_tensors([users.weight, things.weight])
    assert [named[id(m.weight)].name for m in (users, things)] == ["users.weight", "things.weight"]


def test_a_run_names_what_was_replaced(runs_dir):
    model, optimizer = with_a_new_head(5)
    with Recorder(Census(), Settings(every=1), "replaced", lambda: None) as recorder:
        for _ in range(3):
            optimizer.zero_grad()
            nn.functional.cross_entropy(model(torch.randn(4, 8)), torch.arange(4)).backward()
            optimizer.step()
    assert {"fc.weight (replaced)", "fc.bias (replaced)"} <= {p.name for p in recorder.run.parameters}
    kinds = {p.name: p.kind for p in recorder.run.parameters}
    assert (kinds["fc.weight (replaced)"], kinds["fc.bias (replaced)"]) == ("matrix", "bias")


@pytest.mark.parametrize(("beside", "out"), [(0, "out"), (1, "model.out")])
def test_a_run_names_what_lies_in_a_list(runs_dir, beside, out):
    """What the optimizer holds is told apart from what another's does."""
    others = [(m, torch.optim.SGD(m.parameters(), 0.1)) for m in (nn.Linear(2, 2) for _ in range(beside))]
    model = Listed()
    optimizer = torch.optim.SGD(model.parameters(), 0.1)  # which holds no block
    with Recorder(Census(), Settings(every=1), "listed", lambda: None) as recorder:
        for _ in range(3):
            optimizer.zero_grad()
            nn.functional.cross_entropy(model(torch.randn(4, 8)), torch.arange(4) % 3).backward()
            optimizer.step()
    assert len(others) == beside
    wanted = [*WANTED[:4], f"{out}.weight", f"{out}.bias"]
    assert sorted(p.name for p in recorder.run.parameters) == sorted(wanted)
    assert [layer.name for layer in recorder.run.layers] == ["blocks.0.fc", "blocks.1.fc", out]


def test_each_training_of_a_sweep_takes_one_search(monkeypatch):
    searches, search = [], naming._search
    monkeypatch.setattr(naming, "_search", lambda *kinds: (searches.append(kinds), search(*kinds))[1])
    recorders: list[Recorder] = []

    def begin():
        recorders.append(Recorder(Census(), Settings(dir="here"), "sweep", begin))
        return recorders[-1]

    begin()
    kept = []
    for _ in range(4):
        model = nn.Sequential(nn.Linear(3, 4), nn.Tanh(), nn.Linear(4, 1))
        optimizer = torch.optim.SGD(model.parameters(), lr=0.01)
        kept.append((model, optimizer))
        for _ in range(30):
            optimizer.zero_grad()
            model(torch.randn(8, 3)).pow(2).mean().backward()
            optimizer.step()
    for recorder in recorders:
        recorder.close()
    assert [recorder.run.steps for recorder in recorders] == [30] * 4
    assert [len(recorder.run.parameters) for recorder in recorders] == [4] * 4
    assert len(searches) == 4


def test_a_search_that_finds_nothing_is_not_made_again(monkeypatch):
    searches = []
    monkeypatch.setattr(naming, "_search", lambda *kinds: searches.append(kinds) or [])
    with naming.one_search():
        assert naming.alive(nn.Module) == naming.alive(torch.optim.Optimizer) == []
    assert len(searches) == 1
