"""Scripts nobody wrote for auscult, run under it as they are: the same output, the same exit, and a run to read."""

import contextlib
import json
import os
import re
import signal
import subprocess
import sys
import time

import numpy as np
import pytest

from auscult.runs import find_run
from auscult.runs import quantities as q
from programs import SCRIPTS, run_auscult, run_python

# script: arguments, exit code, status, names of the parameters, optimizers, steps
EXPECTED = {
    "sgd": (["90"], 0, "finished", ["0.weight", "0.bias", "2.weight", "2.bias", "4.weight", "4.bias"], ["SGD"], 90),
    "adam": (
        [],
        0,
        "finished",
        ["embed.weight", "norm.weight", "norm.bias", "body.0.weight", "body.0.bias", "head.weight", "head.bias"],
        ["AdamW"],
        52,
    ),
    "raw_tensors": ([], 0, "finished", ["C", "W1", "b1", "W2", "b2", "bngain", "bnbias"], ["none"], 120),
    "two_optimizers": (
        [],
        0,
        "finished",
        [f"{m}.{i}.{k}" for m in ("generator", "critic") for i in (0, 2) for k in ("weight", "bias")],
        ["Adam", "Adam"],
        60,
    ),
    "accumulation": ([], 0, "finished", ["0.weight", "0.bias", "2.weight", "2.bias"], ["SGD"], 60),
    "lbfgs": ([], 0, "finished", ["0.weight", "0.bias", "2.weight", "2.bias"], ["LBFGS"], 30),
    "schedule": ([], 0, "finished", ["0.weight", "0.bias", "1.weight", "1.bias", "3.weight", "3.bias"], ["SGD"], 100),
    "fails_half_way": ([], 1, "failed", ["weight", "bias"], ["SGD"], 30),
    "exits_with_3": ([], 3, "failed", ["weight", "bias"], ["RMSprop"], 40),
}
FRESH = ("sgd", "raw_tensors", "fails_half_way")  # with an optimizer, without one, and to a bad end


@pytest.mark.parametrize("script", EXPECTED)
def test_a_script_does_what_it_did(script, runs_dir):
    arguments, code, status, names, optimizers, steps = EXPECTED[script]
    path = SCRIPTS / f"{script}.py"
    alone = run_python(path, *arguments)
    assert alone.returncode == code
    assert "fingerprint" in alone.stdout
    for options in ([], ["--every", "1"]):
        fresh = script in FRESH and not options
        heard = run_auscult("run", "--quiet", *options, path, *arguments, fresh=fresh)
        assert (heard.stdout, heard.stderr, heard.returncode) == (alone.stdout, alone.stderr, code)
        run = find_run("last", runs_dir)
        assert (run.status, run.steps, run.bill.faults, run.bill.dropped_frames) == (status, steps, 0, 0)
        assert [p.name for p in run.parameters] == names
        assert [o.class_name for o in run.optimizers] == optimizers
        looked = run.series(q.LOSS).steps
        assert looked[:20].tolist() == list(range(20))
        assert not options or len(looked) == steps
        assert np.isfinite(run.series(q.LOSS).values).all()
        matrix = next(p.name for p in run.parameters if p.kind == "matrix")
        assert np.isfinite(run.series(q.RATIO, matrix).values).all()


ODD = [
    "compiled_for_real",
    "graphs_counted",
    "graphs_counted_in_one",
    "compiled_optimizer_step",
    "compiled_training_step",
    "distributed_data_parallel",
    "sharded",
    "checkpointed",
    "checkpointed_the_old_way",
    "offloaded",
    "copied_and_saved",
    "tied",
    "evaluated_between",
    "autocast",
    "gradient_penalty",
    "made_at_first_use",
    "loop_under_no_grad",
    "in_a_thread",
    "workers",
]


# compiled code and checkpoints are not looked into, which would change them; sharded weights are gone by then
UNSEEN = (
    *("compiled_for_real", "compiled_training_step", "sharded"),
    *("checkpointed", "checkpointed_the_old_way", "offloaded"),
)
COMPILED = ("graphs_counted", "compiled_training_step")  # where what is compiled may hang on what was imported when
INSIDE = {"tied": "inner"}  # the layer whose activation is looked for; the first where none is named


def test_gradients_asked_for_in_compiled_code_are_what_they_were(runs_dir):
    alone = run_python(SCRIPTS / "odd.py", "compiled_gradients")
    heard = run_auscult("run", "--quiet", "--every", "1", SCRIPTS / "odd.py", "compiled_gradients", fresh=True)
    assert alone.returncode == 0, alone.stderr
    assert "graphs 1" in alone.stdout
    assert (heard.stdout, heard.returncode) == (alone.stdout, 0)
    run = find_run("last", runs_dir)
    assert (run.steps, run.bill.faults) == (20, 0)  # those that are not compiled


@pytest.mark.parametrize("case", ODD)
def test_an_unusual_training_does_what_it_did(case, runs_dir):
    alone = run_python(SCRIPTS / "odd.py", case)
    heard = run_auscult("run", "--quiet", "--every", "1", SCRIPTS / "odd.py", case, fresh=case in COMPILED)
    assert alone.returncode == 0, alone.stderr
    assert (heard.stdout, heard.returncode) == (alone.stdout, 0)
    assert "auscult" not in heard.stderr
    run = find_run("last", runs_dir)
    assert (run.status, run.steps, run.bill.faults) == ("finished", 40, 0)
    weight = run.parameters[0].name
    assert weight == ("tokens.weight" if case == "tied" else "0.weight")
    assert len(run.series(q.RATIO, weight)) == 40
    assert np.isfinite(run.series(q.RATIO, weight).values).all()
    # the backward of a training step compiled whole is not heard, its update is
    assert len(run.series(q.LOSS)) == (0 if case == "compiled_training_step" else 40)
    seen = {layer.name for layer in run.layers if not layer.hidden}
    if case in UNSEEN:
        assert not seen
    else:
        name = run.layers[0].name
        assert name in seen
        assert len(run.series(q.OUTPUT_GRAD_STD, name)) == 40
        assert len(run.series(q.ACTIVATION_STD, INSIDE.get(case, name))) == 40


def test_what_was_found_is_said_at_the_end_on_stderr(runs_dir):
    heard = run_auscult("run", SCRIPTS / "sgd.py")
    assert "fingerprint" in heard.stdout
    assert "sgd" not in heard.stdout.splitlines()[-1]
    assert "of 60 steps" in heard.stderr
    assert "auscult report" in heard.stderr


def test_an_optimizer_of_another_model_than_the_one_that_is_trained(tmp_path, runs_dir):
    script = tmp_path / "other.py"
    script.write_text(
        "import torch\n"
        "held, trained = torch.nn.Linear(4, 3), torch.nn.Linear(4, 3)\n"
        "optimizer = torch.optim.SGD(held.parameters(), lr=0.1)\n"
        "for _ in range(30):\n"
        "    optimizer.zero_grad()\n"
        "    trained(torch.ones(2, 4)).square().sum().backward()\n"
        "    optimizer.step()\n"
    )
    assert run_auscult("run", "--quiet", script).returncode == 0
    verdict = json.loads(run_auscult("diagnose", "last", "--json").stdout)
    said = {tuple(f["where"]): f["summary"] for f in verdict["findings"] if f["rule"] == "frozen-parameters"}
    assert "never got a gradient" in said["held.weight", "held.bias"]
    assert "no optimizer holds them" in said["trained.weight", "trained.bias"]


def test_a_module_and_its_arguments(tmp_path, runs_dir):
    package = tmp_path / "pack"
    package.mkdir()
    (package / "__init__.py").write_text("")
    (package / "train.py").write_text(
        "import sys, torch\n"
        "print(sys.argv[1:], __name__, __package__)\n"
        "w = torch.ones(3, 3, requires_grad=True)\n"
        "o = torch.optim.SGD([w], lr=.1)\n"
        "for _ in range(30):\n    o.zero_grad(); (w**2).sum().backward(); o.step()\n"
    )
    alone = run_python("-m", "pack.train", "--lr", "0.1", "--help")
    heard = run_auscult("run", "--quiet", "-m", "pack.train", "--lr", "0.1", "--help", fresh=True)
    assert alone.stdout.startswith("['--lr', '0.1', '--help'] __main__ pack")
    assert (heard.stdout, heard.stderr, heard.returncode) == (alone.stdout, alone.stderr, 0)
    assert find_run("last", runs_dir).id.endswith("-train")


def test_a_script_sees_the_world_it_would_see(tmp_path):
    script = tmp_path / "sub" / "look.py"
    script.parent.mkdir()
    (script.parent / "beside.py").write_text("x = 1\n")
    script.write_text(
        "import sys\n"
        "assert 'torch' not in sys.modules and 'numpy' not in sys.modules\n"
        "import beside, os, pickle\n"
        "class A: pass\n"
        "print(sys.argv, sys.path[0], __file__, __spec__, __name__, len(pickle.dumps(A)))\n"
        "import torch\n"
        "print(type(torch.__spec__.loader).__name__, type(torch.__loader__).__name__, sys.flags.interactive)\n"
        "w = torch.ones(2, 2, requires_grad=True)\n"
        "for _ in range(2): (w**2).sum().backward(); w.data -= .1 * w.grad\n"
    )
    alone = run_python("sub/look.py", "a", "--b", fresh=True)
    heard = run_auscult("run", "--quiet", "sub/look.py", "a", "--b", fresh=True)
    assert alone.returncode == 0
    assert (heard.stdout, heard.stderr, heard.returncode) == (alone.stdout, alone.stderr, 0)


def test_models_trained_one_after_another_are_runs_of_their_own(tmp_path, runs_dir):
    script = tmp_path / "sweep.py"
    script.write_text(
        "import torch\n"
        "def train(lr):\n"
        "    torch.manual_seed(0)\n"
        "    model = torch.nn.Linear(4, 2)\n"
        "    opt = torch.optim.SGD(model.parameters(), lr=lr)\n"
        "    for _ in range(40):\n"
        "        opt.zero_grad(); model(torch.ones(2, 4)).pow(2).sum().backward(); opt.step()\n"
        "for lr in (.01, .02): train(lr)\n"
        "for lr in (.1, .2, .4):\n"
        "    W = torch.ones(3, 3, requires_grad=True); b = torch.ones(3, requires_grad=True)\n"
        "    for i in range(50):\n"
        "        W.grad = b.grad = None\n"
        "        ((W**2).sum() + (b**2).sum()).backward()\n"
        "        W.data -= lr * W.grad; b.data -= lr * b.grad\n"
    )
    (tmp_path / "raw.py").write_text("\n".join(["import torch", *script.read_text().splitlines()[8:]]))
    assert run_auscult("run", "--quiet", "sweep.py").returncode == 0
    lrs = [
        find_run(f.name, runs_dir).series(q.LR, "SGD[0]").values[0] for f in sorted(runs_dir.iterdir(), key=_begun)[:2]
    ]
    assert lrs == pytest.approx([0.01, 0.02])
    for folder in list(runs_dir.iterdir()):
        for file in folder.iterdir():
            file.unlink()
        folder.rmdir()
    assert run_auscult("run", "--quiet", "raw.py").returncode == 0
    runs = [find_run(f.name, runs_dir) for f in sorted(runs_dir.iterdir(), key=_begun)]
    assert [run.series(q.LR, q.LOOP).values[0] for run in runs] == pytest.approx([0.1, 0.2, 0.4], rel=1e-3)
    # where one loop ends and the next begins is seen at the next look, at most a tenth of the steps later
    assert [run.steps for run in runs] == pytest.approx([50, 50, 50], abs=5)


def _begun(folder):
    return find_run(folder.name, folder.parent).started


FOR_SECONDS = """
import time
def for_seconds(n):
    step, ends = 0, time.monotonic() + n
    while time.monotonic() < ends:
        yield step
        step += 1
"""
ENDLESS = (
    "import itertools, torch\n"
    "w = torch.ones(50, 50, requires_grad=True)\n"
    "for step in itertools.count():\n"
    "    w.grad = None; (w**2).sum().backward(); w.data -= 1e-6 * w.grad\n"
    "    if step == 2000: print('going', flush=True)\n"
)


def end(process, sent):
    """Send a signal until it is heeded: Python drops a KeyboardInterrupt that falls into a finaliser."""
    for _ in range(5):
        process.send_signal(sent)
        with contextlib.suppress(subprocess.TimeoutExpired):
            return process.communicate(timeout=10)
    process.kill()
    process.communicate()
    raise AssertionError("five signals, and it still runs")


def losses_on_disk(runs_dir, at_least=20, patience=60):
    """How many losses of the living run a reader finds, once there are some: they come every quarter second."""
    until = time.monotonic() + patience
    while time.monotonic() < until:
        if (recorded := len(find_run("last", runs_dir).series(q.LOSS))) >= at_least:
            return recorded
        time.sleep(0.05)
    raise AssertionError(f"fewer than {at_least} losses on disk after {patience} s")


@pytest.mark.parametrize(
    ("sent", "ends_with", "status"), [("SIGINT", -2, "failed"), ("SIGTERM", -15, "lost"), ("SIGKILL", -9, "lost")]
)
def test_signals_end_a_script_as_they_would(tmp_path, runs_dir, sent, ends_with, status):
    (tmp_path / "endless.py").write_text(ENDLESS)
    codes = []
    alone = [["endless.py"]] if sent == "SIGINT" else []  # the others Python leaves to the system
    for command in (*alone, ["-m", "auscult", "run", "endless.py"]):
        process = subprocess.Popen(
            [sys.executable, *command], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=os.environ
        )
        assert process.stdout.readline() == "going\n"
        recorded = losses_on_disk(runs_dir) if "auscult" in command else 0
        out, err = end(process, getattr(signal, sent))
        assert out == ""
        codes.append(process.returncode)
    assert set(codes) == {ends_with}
    run = find_run("last", runs_dir)
    assert run.status == status
    assert len(run.series(q.LOSS)) >= recorded
    if sent == "SIGINT":
        assert "KeyboardInterrupt" in err
        first_frame = err.split("Traceback")[-1].splitlines()[1]
        assert "endless.py" in first_frame, err


def test_a_deleted_folder_costs_the_run_and_not_the_training(tmp_path, runs_dir):
    (tmp_path / "deletes.py").write_text(
        "import os, shutil, torch\n"
        "w = torch.ones(50, 50, requires_grad=True); o = torch.optim.SGD([w], lr=1e-3)\n"
        "for i in range(3000):\n"
        "    o.zero_grad(); (w**2).sum().backward(); o.step()\n"
        "    if i == 500: shutil.rmtree(os.environ['AUSCULT_DIR'])\n"
        "print('trained', w.sum().item())\n"
    )
    alone = run_python("deletes.py", AUSCULT_DIR=str(tmp_path / "gone"))
    assert alone.returncode == 1  # there was no such folder: the script itself is what it should be
    heard = run_auscult("run", "--every", "1", "deletes.py")
    assert heard.returncode == 0
    assert heard.stdout.startswith("trained")
    lines = [line for line in heard.stderr.splitlines() if line.startswith("auscult: ")]
    assert len([line for line in lines if "gone" in line]) == 1
    assert any("could not be written" in line for line in lines)
    assert "Traceback" not in heard.stderr
    assert not runs_dir.exists()


def test_json_of_a_run_has_the_keys_of_the_contract():
    run_auscult("run", "--quiet", SCRIPTS / "accumulation.py")
    told = run_auscult("diagnose", "last", "--json")
    diagnosis = json.loads(told.stdout, parse_constant=pytest.fail)
    assert {"schema", "run", "status", "steps", "findings", "coverage", "overhead"} <= diagnosis.keys()
    assert diagnosis["schema"] == 1
    assert diagnosis["steps"] == 60
    assert diagnosis["overhead"]["sampled_steps"] >= 20
    assert told.returncode == int(any(f["severity"] != "info" for f in diagnosis["findings"]))


def test_progress_is_shown_in_the_title_of_a_terminal_and_nowhere_else(tmp_path):
    (tmp_path / "short.py").write_text(FOR_SECONDS + ENDLESS.replace("itertools.count()", "for_seconds(3)"))
    terminal, end = os.openpty()
    process = subprocess.Popen(
        [sys.executable, "-m", "auscult", "run", "short.py"], stdout=subprocess.PIPE, stderr=end, text=True
    )
    os.close(end)
    with process.stdout:
        out, shown = process.stdout.read(), b""
    try:
        while chunk := os.read(terminal, 65536):
            shown += chunk
    except OSError:  # how a terminal says that the other side is closed
        pass
    os.close(terminal)
    assert process.wait(60) == 0
    assert out == "going\n"
    assert re.search(rb"\x1b\]0;auscult: \w{4}-short, step [\d,]+, loss [\d.e+]+\x07", shown)
    assert shown.count(b"\x1b[22;0t") == shown.count(b"\x1b[23;0t") == 1
    assert b"of wall time" in shown.rpartition(b"\x1b[23;0t")[2]  # what was found comes after
