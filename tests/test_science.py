"""The published figures of the character models on names."""

import numpy as np
import pytest
import torch
import torch.nn.functional as F

import auscult
from auscult.runs import quantities as q
from deep_net import DeepNet, splits
from programs import SCRIPTS, run_auscult, run_python

# mean of the last 100 of 1,000 steps, log10: the embedding, five hidden layers, the output layer
RATIOS = {
    0.1: [-2.961, -2.519, -2.338, -2.409, -2.420, -2.485, -1.490],
    0.001: [-5.474, -5.037, -4.831, -4.938, -5.000, -5.134, -2.734],
}
WITH_NORM = [-3.105, -2.294, -2.140, -2.210, -2.232, -2.259, -1.959]
# step 0 without batch norm: the loss; std and saturated share of each activation; gradient std at the first and last
STARTS = {
    5 / 3: (3.2962, [0.75, 0.69, 0.67, 0.66, 0.66], [20.25, 8.38, 6.62, 5.47, 6.12], 4.2056e-4, 3.0540e-4),
    1: (3.2988, [0.62, 0.48, 0.41, 0.35, 0.32], [3.50, 0.03, 0.06, 0, 0], 1.7536e-4, 3.0542e-4),
    0.5: (3.2960, [0.41, 0.20, 0.10, 0.05, 0.02], [0, 0, 0, 0, 0], 1.8924e-5, 3.0535e-4),
    3: (3.2801, [0.85, 0.84, 0.84, 0.84, 0.84], [47.66, 40.47, 42.38, 42.00, 42.41], 9.977e-4, 3.0515e-4),
}
HIDDEN = ["W0", "W1", "W2", "W3", "W4"]


@pytest.fixture(autouse=True)
def one_thread():
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(threads)


@pytest.fixture(scope="module")
def data(names_file):
    return splits(names_file)


def at(run, step, quantity, names=HIDDEN):
    return [run.at(step, quantity)[name] for name in names]


def watched_late(net, data, lr, steps):
    """The run of the steps after the 900th."""
    net.train(*data, 900, lr)
    with auscult.watch(net.names(), every=1) as recorder:
        net.train(*data, steps - 900, lr)
    return recorder.run


def assert_ratios(run, figures):
    matrices = [p.name for p in run.parameters if p.kind in ("matrix", "embedding")]
    for quantity in (q.RATIO, q.RATIO_LECTURE):
        got = [run.series(quantity, name).values[:100].mean() for name in matrices]
        np.testing.assert_allclose(got, figures, atol=0.01, err_msg=quantity)


@pytest.mark.parametrize("lr", RATIOS)
def test_update_ratios_of_the_deep_net(data, lr):
    net = DeepNet()
    assert len(data[0][0]) == 182_625
    assert sum(p.numel() for p in net.parameters) == 46_497
    assert_ratios(watched_late(net, data[0], lr, 1000), RATIOS[lr])


@pytest.mark.parametrize("gain", STARTS)
def test_how_the_deep_net_starts(data, gain):
    loss, stds, saturated, first, last = STARTS[gain]
    net, (x, y) = DeepNet(gain=gain), data[0]
    with auscult.watch(net.names(), every=1) as recorder:
        net.train(x, y, 1)
    run = recorder.run
    assert [layer.shown_as for layer in run.layers] == ["C", *(f"tanh({name})" for name in HIDDEN), "W5"]
    assert round(run.at(0, q.LOSS)[""], 4) == loss
    assert [round(std, 2) for std in at(run, 0, q.ACTIVATION_STD)] == stds
    got = [100 * share for share in at(run, 0, q.SATURATED)]
    np.testing.assert_allclose(got, saturated, atol=0.0051)
    gradients = at(run, 0, q.ACTIVATION_GRAD_STD)
    np.testing.assert_allclose([gradients[0], gradients[-1]], [first, last], rtol=1e-4)


def test_the_first_model_of_the_lecture_is_diagnosed_from_its_script(names_file):
    script = [SCRIPTS / "lecture.py", names_file, "1500"]
    alone, heard = run_python(*script), run_auscult("run", *script)
    assert heard.returncode == 0, heard.stderr
    assert heard.stdout == alone.stdout
    assert heard.stdout.startswith("      0/27.8817\n")
    run = auscult.open_run("last")
    assert f"{run.at(0, q.TASK_LOSS)['']:.4f}" == "27.8817"
    assert run.task.uniform == pytest.approx(3.2958, abs=5e-5)
    assert f"{100 * run.at(0, q.SATURATED)['W1']:.2f}" == "68.52"
    assert f"{100 * run.at(0, q.SATURATED_99)['W1']:.2f}" == "60.95"
    assert run.at(0, q.OUTPUT_STD)["W1"] == pytest.approx(5.18, abs=0.005)
    assert run.at(0, q.OUTPUT_MAX)["W1"] == pytest.approx(19.06, abs=0.005)
    assert run.at(0, q.DEAD)["W1"] == 0
    picture = run.arrays(q.MAP, "W1")[0].values
    assert picture.shape == (32, 200)
    assert np.mean(np.abs(picture.astype(float)) > 0.97) == pytest.approx(0.6852, abs=0.01)
    found = {f.rule: f for f in auscult.diagnose(run).findings}
    assert {"overconfident-init", "saturated-units"} <= found.keys()
    assert (found["overconfident-init"].where, found["saturated-units"].where) == (("W2",), ("W1",))
    assert found["overconfident-init"].first_step == found["saturated-units"].first_step == 0

    examined = run_auscult("examine", *script)
    assert examined.returncode == 1
    assert "27.88" in examined.stdout
    assert "overconfident-init" in examined.stdout
    assert "saturated-units" in examined.stdout


def test_initialise_mends_the_first_model_of_the_lecture(names_file):
    (x, y), _ = splits(names_file)
    g = torch.Generator().manual_seed(2147483647)
    shapes = {"C": (27, 10), "W1": (30, 200), "b1": (200,), "W2": (200, 27), "b2": (27,)}
    tensors = {name: torch.randn(shape, generator=g).requires_grad_() for name, shape in shapes.items()}

    def step(t, batch):
        h = torch.tanh(t["C"][batch[0]].flatten(1) @ t["W1"] + t["b1"])
        return F.cross_entropy(h @ t["W2"] + t["b2"], batch[1])

    at = torch.randint(0, len(x), (1000,), generator=g)
    before = auscult.examine(tensors, (x[at], y[at]), step=step)
    assert not before.clean
    auscult.treat.initialise(tensors, (x[at], y[at]), step=step)
    after = auscult.examine(tensors, (x, y), step=step)  # all of the data, of which initialise saw a part
    assert after.start.loss == pytest.approx(3.2958, abs=0.03)
    layer = next(one for one in after.start.layers if one.layer.name == "W1")
    assert layer.saturated < 0.05
    assert after.clean


def test_the_deep_net_with_batch_norm_after_1001_updates(data):
    net = DeepNet(norm=True)
    assert sum(p.numel() for p in net.parameters) == 47_024
    run = watched_late(net, data[0], 0.1, 1001)
    assert_ratios(run, WITH_NORM)
    assert [round(std, 2) for std in at(run, 100, q.ACTIVATION_STD)] == [0.63, 0.64, 0.65, 0.65, 0.65]
    saturated = [100 * share for share in at(run, 100, q.SATURATED)]
    np.testing.assert_allclose(saturated, [2.78, 2.56, 2.25, 1.69, 1.88], atol=0.0051)
    gradients = at(run, 100, q.ACTIVATION_GRAD_STD)
    np.testing.assert_allclose(gradients, [2.6407e-3, 2.2456e-3, 2.0457e-3, 1.9831e-3, 1.9524e-3], rtol=1e-4)
    ratios = 10 ** np.array(at(run, 100, q.GRAD_RATIO, ["C", *HIDDEN, "W5"]))
    figures = [8.0126e-3, 4.8811e-2, 6.9646e-2, 6.0737e-2, 5.6315e-2, 5.5701e-2, 1.1601e-1]
    np.testing.assert_allclose(ratios, figures, rtol=2e-3)  # ours is to the data before the update, theirs after
    np.testing.assert_allclose([net.evaluate(*split) for split in data], [2.4002976, 2.3982467], rtol=1e-6)
