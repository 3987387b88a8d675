"""`auscult examine`: a script up to its first update, whatever its loop is like, and what it leaves behind."""

import pytest

from auscult.runs import find_run
from programs import run_auscult

HEAD = (
    "import sys, torch\n"
    "from torch import nn\n"
    "torch.manual_seed(0)\n"
    "model = nn.Sequential(nn.Linear(6, 8), nn.Tanh(), nn.Linear(8, 4))\n"
    "start = [p.detach().clone() for p in model.parameters()]\n"
    "x, y = torch.randn(16, 6), torch.arange(16) % 4\n"
    "def loss():\n"
    "    return nn.functional.cross_entropy(model(x), y)\n"
    "def still():\n"
    "    return all(torch.equal(p, s) for p, s in zip(model.parameters(), start))\n"
)
LOOPS = {
    "an optimizer": (
        "opt = torch.optim.SGD(model.parameters(), lr=.1)\n"
        "try:\n"
        "    for step in range(5):\n"
        "        try:\n"
        "            opt.zero_grad(); loss().backward(); opt.step(); print('stepped')\n"
        "        except Exception:\n"
        "            print('held')\n"
        "finally:\n"
        "    print('still', still())\n"
    ),
    "closures": (
        "opt = torch.optim.LBFGS(model.parameters(), lr=.1)\n"
        "def closure():\n"
        "    opt.zero_grad(); made = loss(); made.backward(); return made\n"
        "try:\n"
        "    opt.step(closure); print('stepped')\n"
        "finally:\n"
        "    print('still', still())\n"
    ),
    "no optimizer": (
        "try:\n"
        "    for step in range(5):\n"
        "        for p in model.parameters(): p.grad = None\n"
        "        loss().backward()\n"
        "        for p in model.parameters(): p.data += -.1 * p.grad\n"
        "        print('stepped')\n"
        "finally:\n"
        "    print('still', still())\n"
    ),
}


@pytest.mark.parametrize("loop", LOOPS)
def test_it_stops_before_anything_has_moved(tmp_path, runs_dir, loop):
    (tmp_path / "train.py").write_text(HEAD + LOOPS[loop])
    told = run_auscult("examine", "train.py")
    assert told.stderr == ""
    assert told.returncode == 0, told.stdout
    assert "still True" in told.stdout
    assert "stepped" not in told.stdout
    assert "held" not in told.stdout
    run = find_run("last", runs_dir)
    assert run.id.endswith("train-start")
    assert run.fact("examined") is True
    assert run.steps <= 1
    assert [layer.shown_as for layer in run.layers] == ["tanh(0)", "2"]
    assert run.status == "finished"
    assert not any(len(run.series("update_norm_l2", p.name)) for p in run.parameters)


def test_findings_are_told_and_counted_in_the_exit_code(tmp_path, runs_dir):
    (tmp_path / "pack").mkdir()
    (tmp_path / "pack" / "__init__.py").write_text("")
    (tmp_path / "pack" / "train.py").write_text(
        HEAD + "assert sys.argv[1:] == ['--hidden', '8'], sys.argv\n"
        "with torch.no_grad(): model[2].weight.mul_(100)\n" + LOOPS["an optimizer"]
    )
    told = run_auscult("examine", "--dir", "elsewhere", "-m", "pack.train", "--hidden", "8")
    assert told.returncode == 1, told.stderr
    assert "overconfident-init" in told.stdout
    assert "stepped" not in told.stdout
    assert not runs_dir.exists()
    assert len(list((tmp_path / "elsewhere").iterdir())) == 1


def test_scripts_that_do_not_train_and_scripts_that_fail(tmp_path):
    (tmp_path / "still.py").write_text(HEAD + "loss()\nprint('said')\n")
    told = run_auscult("examine", "still.py")
    assert (told.returncode, told.stdout) == (2, "said\n")
    assert told.stderr.startswith("auscult: still.py ended without a first update")
    assert len(told.stderr.splitlines()) == 1
    (tmp_path / "fails.py").write_text(HEAD + "def deep():\n    raise KeyError('mine')\ndeep()\n")
    told = run_auscult("examine", "fails.py")
    assert told.returncode == 1
    lines = told.stderr.splitlines()
    assert lines[-1] == "KeyError: 'mine'"
    assert next(line for line in lines if "File" in line).endswith('fails.py", line 13, in <module>')
    (tmp_path / "exits.py").write_text("import sys\nsys.exit(7)\n")
    assert run_auscult("examine", "exits.py").returncode == 7


def test_what_cannot_be_run_is_one_clear_line(tmp_path):
    for arguments, says in (([], "give a script"), (["nosuch.py"], "no script"), (["-m", "nosuch"], "no module")):
        told = run_auscult("examine", *arguments)
        assert told.returncode == 2
        assert says in told.stderr
        assert len(told.stderr.splitlines()) == 1
