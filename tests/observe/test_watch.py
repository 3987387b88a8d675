import pytest
import torch
from torch import nn

import auscult
from auscult.errors import RunError, SettingsError, TargetError


class Tied(nn.Module):
    def __init__(self):
        super().__init__()
        self.embed = nn.Embedding(7, 4)
        self.norm = nn.LayerNorm(4)
        self.conv = nn.Conv1d(4, 4, 3)
        self.head = nn.Linear(4, 7, bias=False)
        self.head.weight = self.embed.weight
        self.frozen = nn.Linear(2, 2).requires_grad_(False)


def described(target, **kwargs):
    with auscult.watch(target, **kwargs) as recorder:
        return [named.name for _, named in recorder.clock._census._target.values()]


def test_a_module_gives_each_parameter_once_and_leaves_out_what_is_frozen():
    assert described(Tied()) == ["embed.weight", "norm.weight", "norm.bias", "conv.weight", "conv.bias"]


def test_a_mapping_gives_its_names():
    W, b = torch.ones(2, 2, requires_grad=True), torch.zeros(2, requires_grad=True)
    assert described({"W": W, "b": b, "net": nn.Linear(2, 2)}) == ["W", "b", "net.weight", "net.bias"]


def test_a_list_of_tensors_is_named_by_the_variables_of_the_script():
    W1, b1 = torch.ones(2, 2, requires_grad=True), torch.zeros(2, requires_grad=True)
    layers = [{"weight": torch.ones(2, 2, requires_grad=True)}]
    assert described([W1, b1, layers[0]["weight"]]) == ["W1", "b1", "layers[0]['weight']"]


def test_a_list_of_modules_is_told_apart():
    assert described([nn.Linear(2, 1, bias=False), nn.Linear(2, 1, bias=False)]) == ["linear0.weight", "linear1.weight"]


def test_wrappers_leave_no_trace_in_names():
    assert described(torch.compile(nn.Sequential(nn.Linear(2, 2)), backend="eager")) == ["0.weight", "0.bias"]


def test_kinds():
    model = Tied()
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    with auscult.watch(model, optimizer) as recorder:
        model.embed(torch.tensor([1])).sum().backward()
        optimizer.step()
    assert {p.name: p.kind for p in recorder.run.parameters} == {
        "embed.weight": "embedding",
        "norm.weight": "gain",
        "norm.bias": "bias",
        "conv.weight": "matrix",
        "conv.bias": "bias",
    }


def test_kinds_of_plain_tensors_follow_from_their_use():
    torch.manual_seed(0)
    C, W, w = torch.randn(9, 4), torch.randn(4, 6), torch.randn(6, 1)
    gain, shift = torch.ones(1, 6), torch.zeros(1, 6)
    everything = {"C": C, "W": W, "w": w, "gain": gain, "shift": shift}
    for t in everything.values():
        t.requires_grad_()
    with auscult.watch(everything) as recorder:
        for _ in range(3):
            ((gain * (C[torch.tensor([1, 2])] @ W) + shift) @ w).sum().backward()
            for t in everything.values():
                t.data -= 0.1 * t.grad
                t.grad = None
    kinds = {p.name: p.kind for p in recorder.run.parameters}
    assert kinds == {"C": "embedding", "W": "matrix", "w": "matrix", "gain": "gain", "shift": "bias"}


class Table(nn.Module):
    """Parameters of a module of one's own: a table, a row that scales, one that shifts, a column that multiplies."""

    def __init__(self):
        super().__init__()
        self.C = nn.Parameter(torch.randn(9, 4))
        self.gain, self.shift = nn.Parameter(torch.ones(1, 4)), nn.Parameter(torch.zeros(1, 4))
        self.w = nn.Parameter(torch.randn(4, 1))
        self.out = nn.Linear(1, 3)

    def forward(self, x):
        return self.out((self.gain * self.C[x] + self.shift) @ self.w)


def test_kinds_of_the_parameters_of_a_module_of_ones_own():
    torch.manual_seed(0)
    model = Table()
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    with auscult.watch(model) as recorder:
        for _ in range(3):
            optimizer.zero_grad()
            model(torch.tensor([1, 2])).square().sum().backward()
            optimizer.step()
    kinds = {p.name: p.kind for p in recorder.run.parameters}
    own = {"C": "embedding", "gain": "gain", "shift": "bias", "w": "matrix"}
    assert kinds == {**own, "out.weight": "matrix", "out.bias": "bias"}


def test_shards_of_another_model_do_not_hide_what_is_given():
    w, other = torch.zeros(3, requires_grad=True), nn.Parameter(torch.ones(1))
    other.to_local = None  # what tells a shard
    elsewhere = torch.optim.SGD([other], 0.1)
    with auscult.watch({"w": w}) as recorder:
        for _ in range(3):
            w.sub(1).square().sum().backward()
            w.data -= 0.1 * w.grad
            w.grad = None
    assert [p.name for p in recorder.run.parameters] == ["w"]
    del elsewhere


@pytest.mark.parametrize(
    ("target", "says"),
    [
        (nn.ReLU(), "no parameters at all"),
        (nn.Linear(2, 2).requires_grad_(False), "no parameter that asks for a gradient"),
        ([], "no parameters at all"),
        ({"x": torch.ones(2)}, "no parameter that asks for a gradient"),
        ("model", "takes a module"),
        (7, "takes a module"),
        ([1, 2], "takes a module"),
    ],
)
def test_what_cannot_be_watched_says_so(target, says):
    with pytest.raises(TargetError, match=says):
        auscult.watch(target)


def test_a_model_is_watched_once():
    model = nn.Linear(2, 2)
    with auscult.watch(model), pytest.raises(TargetError, match="watched already"):
        auscult.watch([model.weight])
    auscult.watch(model).close()


def test_an_optimizer_of_something_else():
    with pytest.raises(TargetError, match="holds no parameter of the target"):
        auscult.watch(nn.Linear(2, 2), torch.optim.SGD(nn.Linear(2, 2).parameters(), lr=0.1))
    with pytest.raises(TargetError, match=r"takes a torch\.optim\.Optimizer"):
        auscult.watch(nn.Linear(2, 2), "SGD")


@pytest.mark.parametrize("wrong", [{"budget": 2}, {"budget": "much"}, {"every": 0}, {"every": 1.5}, {"dense": -1}])
def test_wrong_settings_fail_at_once(wrong):
    with pytest.raises(SettingsError):
        auscult.watch(nn.Linear(2, 2), **wrong)


def test_a_folder_that_cannot_be_written(tmp_path):
    (tmp_path / "file").write_text("")
    model = nn.Linear(2, 2)
    with pytest.raises(RunError, match="choose another folder"):
        auscult.watch(model, dir=tmp_path / "file")
    auscult.watch(model).close()  # nothing was left attached


def test_a_run_that_never_stepped():
    with auscult.watch(nn.Linear(2, 2)) as recorder:
        pass
    assert recorder.run.steps == 0
    assert recorder.run.status == "finished"
    assert auscult.diagnose(recorder).clean


def test_modules_left_in_eval_mode_are_noted_by_name():
    model = torch.nn.Sequential(
        torch.nn.Linear(4, 8), torch.nn.Dropout(0.5), torch.nn.BatchNorm1d(8), torch.nn.Linear(8, 1)
    )
    optimizer = torch.optim.SGD(model.parameters(), lr=0.01)
    with auscult.watch(model, optimizer, every=1) as recorder:
        for step in range(12):
            model.train(step < 4 or step > 8)
            optimizer.zero_grad()
            model(torch.randn(6, 4)).square().mean().backward()
            optimizer.step()
    events = recorder.run.events("eval-mode")
    assert [(e.step, e.data["modules"]) for e in events] == [(4, ["1", "2"]), (9, [])]
