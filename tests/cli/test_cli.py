"""The command line as a person meets it: help that teaches, one clear line for bad input, exit codes."""

import json
import sqlite3

import pytest
import torch

import auscult
from auscult import rules
from auscult.cli import _COMMANDS
from auscult.runs import list_runs
from programs import run_auscult, run_python


@pytest.fixture
def run(runs_dir):
    """A short training of a plain tensor, recorded."""
    W = torch.randn(5, 5, requires_grad=True)
    optimizer = torch.optim.SGD([W], lr=0.01)
    with auscult.watch({"W": W}, optimizer, every=1, name="small") as recorder:
        for _ in range(80):
            optimizer.zero_grad()
            (W**2).sum().backward()
            optimizer.step()
    return recorder.run


@pytest.mark.parametrize("command", _COMMANDS)
def test_help_teaches_with_an_example(command):
    told = run_auscult(command, "--help")
    assert told.returncode == 0
    assert told.stdout.startswith(f"Usage: auscult {command}")
    assert f"  auscult {command}" in told.stdout
    overview = run_auscult("--help").stdout
    assert f"  {command} " in overview


def cut(run):
    data = run.file.read_bytes()
    run.file.write_bytes(data[: len(data) // 2])


def other_database(run):
    run.file.unlink()
    with sqlite3.connect(run.file) as db:
        db.execute("CREATE TABLE t (x)")


@pytest.mark.parametrize("harm", [cut, other_database, lambda run: run.file.write_bytes(b"not a database at all" * 99)])
@pytest.mark.parametrize("command", ["diagnose", "report", "show"])
def test_a_damaged_run_is_one_clear_line(run, harm, command):
    harm(run)
    told = run_auscult(command, run.id)
    assert_one_line(told, "auscult: ")


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["diagnose", "nosuch"], "auscult ls"),
        (["report", "nosuch"], "auscult ls"),
        (["show", "last"], "auscult run"),
        (["diagnose", "."], "auscult ls"),
        (["run"], "give a script"),
        (["run", "nosuch.py"], "no script nosuch.py"),
        (["run", "."], "is a folder"),
        (["run", "-m", "nosuch.module"], "no module"),
        (["run", "--budget", "7", "there.py"], "between 0 and 1"),
        (["run", "--budget", "much", "there.py"], "not a valid float"),
        (["run", "--every", "0", "there.py"], "1 or more"),
        (["run", "--dir", "there.py/runs", "there.py"], "there.py is no folder"),
        (["examine", "--dir", "there.py", "there.py"], "there.py is no folder"),
        (["explain", "learning-rate-too-hihg"], "learning-rate-too-high"),
        (["frobnicate"], "No such command"),
        (["diagnose", "--nosuch"], "No such option"),
        (["demo", "--names", "nosuch.txt"], "nosuch.txt"),
        (["demo", "--steps", "1"], "range"),
    ],
)
def test_bad_input_is_one_clear_line(tmp_path, arguments, says):
    (tmp_path / "there.py").write_text("x = 1\n")
    assert_one_line(run_auscult(*arguments), says)


def assert_one_line(told, says):
    assert told.returncode == 2
    assert told.stdout == ""
    assert told.stderr.count("\n") == 1
    assert told.stderr.startswith("auscult: ")
    assert says in told.stderr


def test_a_script_that_does_not_train_keeps_its_own_bad_end(tmp_path):
    (tmp_path / "exits.py").write_text("import sys; sys.exit('no data')\n")
    told = run_auscult("run", "exits.py")
    assert (told.returncode, told.stdout, told.stderr) == (1, "", "no data\n")
    assert not (tmp_path / "runs").exists()


def test_a_script_that_never_trains_ends_as_it_does_and_is_told_so(tmp_path):
    (tmp_path / "there.py").write_text("print('done')\n")
    told = run_auscult("run", "there.py")
    assert (told.returncode, told.stdout) == (0, "done\n")
    assert told.stderr.count("\n") == 1
    assert "nothing was recorded" in told.stderr


def test_a_baseline_that_is_no_run_is_one_clear_line(run):
    for command in ("diagnose", "report"):
        assert_one_line(run_auscult(command, run.id, "--baseline", "nosuch"), "no run 'nosuch'")


def test_a_run_is_found_by_prefix_folder_and_last(run):
    for name in (run.id, run.id[:4], str(run.path), "last"):
        told = run_auscult("diagnose", name, "--json")
        assert json.loads(told.stdout)["run"] == run.id


def test_list_show_report_explain(run, tmp_path):
    assert run.id in run_auscult("ls").stdout
    assert f"{run.id}: nothing wrong was found" in run_auscult("ls", "--findings").stdout
    shown = run_auscult("show")
    assert shown.returncode == 0
    assert "W" in shown.stdout
    written = run_auscult("report", "last", "-o", "page.html")
    assert written.returncode == 0
    assert written.stdout.strip() == "page.html"
    assert "plotly" in (tmp_path / "page.html").read_text()[:5_000_000].lower()
    assert run_auscult("report").stdout.strip() == str(run.path / "report.html")
    listed = run_auscult("explain").stdout
    assert "learning-rate-too-high" in listed
    assert all(line.alarmed in listed for line in rules.lines())
    assert "Measured" in run_auscult("explain", "learning-rate-too-high").stdout


def test_an_empty_folder_has_no_runs():
    told = run_auscult("ls")
    assert (told.returncode, told.stdout) == (0, "")
    assert "no runs" in told.stderr


def test_a_report_that_cannot_be_written_is_one_clear_line(run, tmp_path):
    (tmp_path / "there.txt").write_text("")
    assert_one_line(run_auscult("report", "last", "-o", str(tmp_path / "there.txt" / "page.html")), "page.html")


def test_diagnose_exits_1_where_something_is_wrong(tmp_path):
    (tmp_path / "sick.py").write_text(
        "import torch\n"
        "torch.manual_seed(0)\n"
        "model = torch.nn.Sequential(torch.nn.Linear(8, 8), torch.nn.Tanh(), torch.nn.Linear(8, 1))\n"
        "opt = torch.optim.SGD(model.parameters(), lr=1e-2)\n"
        "for _ in range(150):\n"
        "    model(torch.randn(16, 8)).pow(2).mean().backward()\n"
        "    opt.step()\n"
    )
    assert run_auscult("run", "--quiet", "sick.py").returncode == 0
    told = run_auscult("diagnose")
    assert told.returncode == 1
    assert "gradients-not-zeroed" in told.stdout


@pytest.mark.parametrize("command", [["ls"], ["show"], ["diagnose"], ["diagnose", "--json"], ["report"], ["explain"]])
def test_reading_never_imports_torch(run, command):
    code = (
        "import sys, atexit\n"
        "atexit.register(lambda: print('torch' in sys.modules, file=sys.stderr))\n"
        f"sys.argv = ['auscult', *{command!r}]\n"
        "from auscult.cli import main\n"
        "main()\n"
    )
    assert run_python("-c", code, fresh=True).stderr.strip().endswith("False")


def test_the_demo_from_end_to_end(tmp_path):
    told = run_auscult("demo", "--steps", "3000", timeout=180)
    assert told.returncode == 0, told.stderr
    path = told.stdout.strip().splitlines()[-1]
    assert path.endswith("demo-rates.html")
    page = (tmp_path / "runs" / "demo-rates.html").read_text()
    assert all(name in page for name in ("demo-too-low", "demo-about-right", "demo-too-high"))
    parts = told.stdout.split(": learning rate ")
    low, right, high = (next(p for p in parts if p.startswith(f"{lr} ─")) for lr in ("0.0001", "0.1", "20"))
    assert "learning-rate-too-low" in low
    assert "Nothing wrong was found" in right
    assert "learning-rate-too-high" in high


def test_the_story_of_the_names_and_its_comparison(tmp_path):
    told = run_auscult("demo", "names", "--steps", "800", timeout=180)
    assert told.returncode == 0, told.stderr
    stages = told.stdout.split("side by side")[0].split("update ratio")[1:]
    assert len(stages) == 5
    assert "overconfident-init" in stages[0]
    assert "overconfident-init" not in stages[1]
    assert all("saturated-units" in stage for stage in stages[:2])
    assert all("Nothing wrong was found" in stage for stage in stages[2:])
    assert "softmax     gone: overconfident-init; still there: saturated-units" in told.stdout
    page = (tmp_path / "runs" / "demo-names.html").read_text()
    assert "Made up names" in page

    again = run_auscult("compare", "original", "kaiming", "--json", "-o", tmp_path / "two.html")
    assert again.returncode == 0, again.stderr
    said = json.loads(again.stdout)
    assert [run["name"] for run in said["runs"]] == ["original", "kaiming"]
    assert said["changes"][0]["gone"] == ["overconfident-init", "saturated-units"]
    first, mended = said["runs"]
    assert first["saturated_share"]["first"] > 0.5 > mended["saturated_share"]["first"]
    assert first["logged"]["valid_loss"] > mended["logged"]["valid_loss"]
    assert len(first["notes"]["made up names"]) == 10
    assert (tmp_path / "two.html").exists()


@pytest.mark.parametrize(("arguments", "says"), [([], "RUN"), (["nosuch"], "nosuch")])
def test_what_compare_refuses(arguments, says):
    told = run_auscult("compare", *arguments)
    assert told.returncode == 2
    assert says in told.stderr
    assert len(told.stderr.splitlines()) == 1


TWO = """
import torch

for lr in (1e-5, 0.1):
    torch.manual_seed(0)
    x = torch.randn(256, 6)
    y = (x[:, 0] + x[:, 1] > 0).long()
    net = torch.nn.Sequential(torch.nn.Linear(6, 16), torch.nn.ReLU(), torch.nn.Linear(16, 2))
    optimizer = torch.optim.SGD(net.parameters(), lr=lr)
    for _ in range(600):
        at = torch.randint(0, 256, (32,))
        optimizer.zero_grad()
        torch.nn.functional.cross_entropy(net(x[at]), y[at]).backward()
        optimizer.step()
raise KeyboardInterrupt
"""


def test_of_several_trainings_what_ails_the_first_is_told_too(tmp_path):
    (tmp_path / "two.py").write_text(TWO)
    told = run_auscult("run", tmp_path / "two.py").stderr
    assert "learning-rate-too-low; more by: auscult diagnose" in told
    assert "The training was interrupted." in told
    assert [run.steps for run in list_runs(tmp_path / "runs")] == [600, 600]


def test_a_command_with_more_commands_shows_them():
    told = run_auscult("study")
    assert told.returncode == 2
    assert told.stderr.startswith("Usage: auscult study")
    assert "batch-size" in told.stderr


def test_a_misspelt_option_is_no_script():
    told = run_auscult("run", "--updats", "1", "train.py")
    assert told.returncode == 2
    assert "No such option '--updats'" in told.stderr
    assert "--updates" in told.stderr
