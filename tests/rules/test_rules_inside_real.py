"""The rules of what is inside, on real trainings: healthy ones come out clean, sick ones with their ailment."""

import pytest
import torch
from torch import nn

from auscult import rules
from auscult.observe.watch import watch


def data(scale=1.0, shift=0.0):
    torch.manual_seed(0)
    teacher = nn.Sequential(nn.Linear(20, 40), nn.Tanh(), nn.Linear(40, 5))
    inputs = torch.randn(2000, 20)
    with torch.no_grad():
        labels = (3 * teacher(inputs)).argmax(1)
    return scale * inputs + shift, labels


def network(hidden, activation=nn.ReLU, width=64, norm=False, initialise=None):
    torch.manual_seed(1)
    layers, inputs = [], 20
    for _ in range(hidden):
        linear = nn.Linear(inputs, width)
        if initialise is not None:
            initialise(linear)
        layers += [linear, *([nn.BatchNorm1d(width)] if norm else []), activation()]
        inputs = width
    return nn.Sequential(*layers, nn.Linear(inputs, 5))


def spread(std):
    def draw(linear):
        nn.init.normal_(linear.weight, 0, std)
        nn.init.zeros_(linear.bias)

    return draw


def constant(linear):
    nn.init.constant_(linear.weight, 0.1)
    nn.init.zeros_(linear.bias)


def trained(model, rate=1e-3, optimizer="Adam", steps=300, batch=64, given=None, before=None):
    """The verdict on a training that is looked at often."""
    inputs, labels = data() if given is None else given
    stepper = getattr(torch.optim, optimizer)(model.parameters(), lr=rate)
    generator = torch.Generator().manual_seed(2)
    with watch(model, stepper, every=6) as recorder:
        for step in range(steps):
            if before is not None:
                before(step, model)
            some = torch.randint(0, len(inputs), (batch,), generator=generator)
            loss = nn.functional.cross_entropy(model(inputs[some]), labels[some])
            stepper.zero_grad()
            loss.backward()
            stepper.step()
    return rules.judge(recorder.run)


def roots(diagnosis):
    return {f.rule for f in diagnosis.findings if f.caused_by is None and f.severity != "info"}


@pytest.mark.parametrize("hidden", [1, 2, 4, 6])
@pytest.mark.parametrize("activation", [nn.ReLU, nn.Tanh, nn.GELU])
def test_networks_as_pytorch_makes_them_are_clean(hidden, activation):
    assert trained(network(hidden, activation)).findings == ()


def test_a_network_with_batch_norms_is_told_of_its_biases_only():
    found = trained(network(3, norm=True), 0.1, "SGD").findings
    assert [(f.rule, f.severity) for f in found] == [("bias-before-norm", "info")]
    assert found[0].where == ("0.bias", "3.bias", "6.bias")


def test_three_steps_of_a_healthy_training_are_clean():
    assert trained(network(2), steps=3).findings == ()


@pytest.mark.parametrize(
    ("model", "ailment"),
    [
        (lambda: network(3, nn.Tanh, initialise=spread(1.0)), "saturated-units"),
        (lambda: network(5, nn.Tanh, initialise=spread(0.04)), "weight-scale"),
        (lambda: network(2, initialise=constant), "symmetric-init"),
        (lambda: nn.Sequential(network(2), nn.Softmax(1)), "softmax-before-cross-entropy"),
    ],
)
def test_what_is_wrong_with_the_network(model, ailment):
    assert ailment in roots(trained(model(), 0.1, "SGD"))


def test_an_output_layer_that_is_too_large():
    model = network(2)
    with torch.no_grad():
        model[-1].weight.mul_(60)
    assert roots(trained(model)) == {"overconfident-init"}


def test_sigmoids_one_behind_the_other():
    assert roots(trained(network(5, nn.Sigmoid), 0.1, "SGD")) == {"vanishing-gradients"}


def test_what_is_wrong_with_the_data():
    assert roots(trained(network(2), given=data(100.0, 50.0))) == {"unscaled-inputs"}
    inputs, labels = data()
    shuffled = labels[torch.randperm(len(labels), generator=torch.Generator().manual_seed(3))]
    apart = trained(network(2), 0.01, "SGD", steps=600, given=(inputs, shuffled))
    assert "labels-unrelated" in roots(apart)


def test_what_is_wrong_with_the_loop():
    def evaluate(step, model):
        if step == 100:
            model.eval()

    assert roots(trained(network(2, norm=True), before=evaluate)) == {"eval-mode-in-training"}
    assert roots(trained(network(2, norm=True), batch=4)) == {"small-batch-norm"}


@pytest.mark.parametrize(("gain", "roots_are"), [(1.3, {"exploding-gradients"}), (0.95, set())])
def test_gradients_that_grow_with_each_call_of_a_layer(gain, roots_are):
    torch.manual_seed(4)
    forced = torch.randn(256, 30, 2)
    true = 0.9 * torch.linalg.qr(torch.randn(6, 6))[0]
    a = (gain * torch.linalg.qr(torch.randn(6, 6))[0]).requires_grad_()
    b = (0.3 * torch.randn(6, 2)).requires_grad_()

    def simulated(a, b):
        state, states = torch.zeros(256, 6), []
        for t in range(30):
            state = state @ a.T + forced[:, t] @ b.T
            states.append(state)
        return torch.stack(states, 1)

    with torch.no_grad():
        wanted = simulated(true, 0.3 * torch.randn(6, 2))
    optimizer = torch.optim.Adam([a, b], lr=3e-3)
    with watch({"a": a, "b": b}, optimizer, every=6) as recorder:
        for _ in range(200):
            loss = (simulated(a, b) - wanted).square().mean()
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
    assert roots(rules.judge(recorder.run)) == roots_are


def test_a_training_in_which_nothing_moves_any_more():
    inputs, labels = data()
    model = network(2)
    optimizer = torch.optim.Adam(model.parameters(), lr=3e-3)
    with watch(model, optimizer, every=6) as recorder:
        for step in range(400):
            if step == 150:  # a new head, which the optimizer does not know, on a frozen network
                model.requires_grad_(False)
                model[-1] = nn.Linear(64, 5)
            loss = nn.functional.cross_entropy(model(inputs), labels)
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
    found = {f.rule: f for f in rules.judge(recorder.run).findings}
    assert found["frozen-parameters"].severity == "critical"
    assert 144 < found["frozen-parameters"].first_step <= 150


def of_another_kind(predicted, wanted):
    return (predicted - wanted).abs().pow(1.5).mean()


@pytest.mark.parametrize(
    ("rate", "error", "found"),
    [
        (0.3, nn.functional.mse_loss, {"learning-rate-too-high"}),
        (0.01, nn.functional.mse_loss, set()),
        (0.3, of_another_kind, set()),
    ],
)
def test_a_loss_that_stands_on_the_size_of_its_steps(rate, error, found):
    torch.manual_seed(5)
    inputs = 4 * torch.rand(2400, 4) - 2
    targets = torch.sin(inputs[:, :1] * inputs[:, 1:2]) + inputs[:, 2:3].abs()
    model = nn.Sequential(nn.Linear(4, 48), nn.Tanh(), nn.Linear(48, 48), nn.Tanh(), nn.Linear(48, 1))
    optimizer = torch.optim.SGD(model.parameters(), lr=rate, momentum=0.9)
    with watch(model, optimizer, every=30) as recorder:
        for _ in range(2700):
            some = torch.randint(0, 2400, (40,))
            loss = error(model(inputs[some]), targets[some])
            optimizer.zero_grad()
            loss.backward()
            nn.utils.clip_grad_norm_(model.parameters(), 1.0)
            optimizer.step()
    assert roots(rules.judge(recorder.run)) == found
