"""Finding a run by what a person types, and what is said where there is none."""

from __future__ import annotations

import random
import sqlite3
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from auscult.errors import RunError, RunNotFound
from auscult.runs import Run, RunWriter, find_run, list_runs, new_folder
from auscult.runs.schema import CHUNK


def make(folder: Path, started: float) -> Path:
    writer = RunWriter(folder)
    writer.fact("started", started)
    writer.close()
    return folder


@pytest.fixture
def runs(tmp_path):
    for i, name in enumerate(["abcd-train", "abxy-train", "wxyz-other"]):
        make(tmp_path / name, float([100, 300, 200][i]))
    (tmp_path / "notes").mkdir()
    return tmp_path


def one_line(error: Exception) -> str:
    assert "\n" not in str(error)
    assert len(str(error)) < 400
    return str(error)


def test_by_folder_id_and_unique_prefix(runs):
    assert find_run(runs / "abcd-train", "nowhere").id == "abcd-train"
    assert find_run(str(runs / "abcd-train"), "nowhere").id == "abcd-train"
    assert find_run("wxyz-other", runs).id == "wxyz-other"
    assert find_run("w", runs).id == "wxyz-other"
    assert find_run("abx", runs).id == "abxy-train"


def test_an_id_that_begins_another(runs):
    make(runs / "abcd-train-2", 50.0)
    assert find_run("abcd-train", runs).id == "abcd-train"


def test_last_is_the_one_begun_last(runs):
    assert find_run("last", runs).id == "abxy-train"
    assert [run.id for run in list_runs(runs)] == ["abxy-train", "wxyz-other", "abcd-train"]


def test_last_does_not_pass_over_a_damaged_run(runs):
    (runs / "zzzz-cut").mkdir()
    (runs / "zzzz-cut" / "rank-0.sqlite").write_bytes(b"no database at all" * 100)
    assert len(list_runs(runs)) == 3
    with pytest.raises(RunError, match="zzzz-cut"):
        find_run("last", runs)


def test_a_name_means_the_run_of_that_name_begun_last(runs):
    assert find_run("train", runs).id == find_run("last", runs).id
    with pytest.raises(RunNotFound, match="no run 'rain'"):
        find_run("rain", runs)


def test_a_folder_of_that_name_does_not_hide_a_run(runs, monkeypatch):
    monkeypatch.chdir(runs.parent)
    Path("abcd").mkdir(exist_ok=True)
    assert find_run("abcd", runs).id == "abcd-train"


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("ab", "abcd-train, abxy-train; type more"),
        ("nope", "no run 'nope'"),
        ("", "empty"),
        ("x" * 5000, "no run"),
        ("nul\0", "no run"),
        ("no/such/place", "no run"),
    ],
)
def test_what_is_said_of_a_name_that_finds_none(runs, name, says):
    with pytest.raises(RunNotFound) as caught:
        find_run(name, runs)
    assert says in str(caught.value)


def test_a_folder_that_is_no_run(runs):
    for open_it in (lambda: Run(runs / "notes"), lambda: find_run(runs / "notes", runs)):
        with pytest.raises(RunNotFound, match="is no run") as caught:
            open_it()
        one_line(caught.value)


def test_a_file_is_no_run(runs):
    with pytest.raises(RunError, match=r"is a file; .*abcd-train"):
        find_run(runs / "abcd-train" / "rank-0.sqlite", runs)


def test_no_runs_at_all(tmp_path):
    assert list_runs(tmp_path / "none") == []
    with pytest.raises(RunNotFound, match="auscult run"):
        find_run("last", tmp_path / "none")


def test_new_folders_differ_and_draw_from_no_seeded_generator(tmp_path):
    random.seed(0)
    before = random.getstate()
    folders = {new_folder(tmp_path, "train my/script.py") for _ in range(20)}
    assert len(folders) == 20
    assert all(folder.name[4:] == "-train-my-script.py" and not folder.exists() for folder in folders)
    assert random.getstate() == before
    assert new_folder(tmp_path, "//").name.endswith("-run")


def test_a_run_is_not_written_over_another(runs):
    with pytest.raises(RunError, match="choose another folder"):
        RunWriter(runs / "abcd-train")
    assert find_run("abcd", runs).status == "finished"


def test_where_nothing_can_be_written(tmp_path):
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(RunError, match="choose another folder") as caught:
        RunWriter(tmp_path / "file" / "run")
    one_line(caught.value)


# -- damage ----------------------------------------------------------------------------------------

READS = {
    "status": lambda run: run.status,
    "started": lambda run: run.started,
    "parameters": lambda run: run.parameters,
    "optimizers": lambda run: run.optimizers,
    "bill": lambda run: run.bill,
    "steps": lambda run: run.steps,
    "quantities": lambda run: run.quantities,
    "fact": lambda run: run.fact("status"),
    "events": lambda run: run.events(),
    "series": lambda run: run.series("q", "layer.1").values.tobytes(),
    "table": lambda run: run.table("q", subject="layer.1").tobytes(),
    "matrix": lambda run: run.matrix("q").values.tobytes(),
    "heatmap": lambda run: run.matrix("q", bins=10).values.tobytes(),
    "at": lambda run: run.at(5, "q"),
    "layers": lambda run: run.layers,
    "task": lambda run: run.task,
    "notes": lambda run: run.notes,
    "arrays": lambda run: [array.values.tobytes() for array in run.arrays("a")],
}


def test_every_public_way_to_read_is_tried_on_damage():
    public = {name for name in vars(Run) if not name.startswith("_")}
    assert public <= READS.keys()


@pytest.fixture
def sound(record):
    values = np.random.default_rng(0).standard_normal((3 * CHUNK + 100, 20)).astype(np.float32)
    return record(values)


def test_a_file_cut_in_half(sound):
    content = sound.file.read_bytes()
    sound.file.write_bytes(content[: len(content) // 2])
    with pytest.raises(RunError, match="cut or damaged") as caught:
        Run(sound.path)
    one_line(caught.value)
    for read in READS.values():
        with pytest.raises(RunError, match="cut or damaged"):
            read(sound)
    assert "cannot be read" in repr(sound)


@pytest.mark.parametrize("size", [0, 1, 100, 1024, 16384])
def test_a_file_cut_very_short(sound, size):
    sound.file.write_bytes(sound.file.read_bytes()[:size])
    with pytest.raises(RunError, match="cut or damaged"):
        Run(sound.path)


def test_damage_that_lies_deeper_is_never_taken_for_values(sound):
    """Whatever page is lost, every way to read gives the right answer or one clear error."""
    right = {name: read(sound) for name, read in READS.items()}
    content, page = sound.file.read_bytes(), 16384
    failed: set[str] = set()
    said: set[str] = set()
    for at in range(page, len(content), page):
        sound.file.write_bytes(content[:at] + b"\0" * page + content[at + page :])
        for name, read in READS.items():
            try:
                found = read(sound)
            except RunError as e:
                found = right[name]
                failed.add(name)
                said.add(one_line(e).rpartition(";")[2])
            assert found == right[name], (name, at)
    assert len(said) == 1
    assert failed >= {"series", "table", "matrix", "heatmap", "at", "steps", "status", "quantities"}
    sound.file.write_bytes(content)
    assert {name: read(sound) for name, read in READS.items()} == right


@pytest.mark.parametrize(
    ("break_it", "fails"),
    [
        ("UPDATE meta SET value = '{oh' WHERE key = 'status'", ["status", "fact", "bill", "steps"]),
        ("DELETE FROM meta WHERE key = 'heartbeat'", ["status"]),
        ("INSERT INTO meta VALUES ('parameters', '[{\"name\": 3}]')", ["parameters"]),
        ("INSERT INTO meta VALUES ('bill', '[3]')", ["bill", "steps"]),
        ("UPDATE meta SET value = '7' WHERE key = 'process'", ["status"]),
        ("UPDATE chunks SET data = substr(data, 5)", ["series", "table", "matrix", "at"]),
        ("UPDATE blocks SET steps = x'00'", ["series", "table", "matrix", "heatmap", "at"]),
        ("UPDATE blocks SET rollup = 'text'", ["heatmap"]),
        ("DELETE FROM chunks WHERE id % 7 = 3", ["matrix", "at"]),
        ("INSERT INTO events VALUES (1, 1, 1, 'odd', 'not json')", ["events"]),
        ("DROP TABLE blocks", ["series", "table", "matrix", "heatmap", "at", "steps"]),
    ],
)
def test_rows_that_make_no_sense(sound, break_it, fails):
    db = sqlite3.connect(sound.file)
    with db:
        db.execute(break_it)
    db.close()
    for name in fails:
        with pytest.raises(RunError, match="cut or damaged") as caught:
            READS[name](sound)
        one_line(caught.value)


def test_not_a_database(tmp_path):
    (tmp_path / "rank-0.sqlite").write_text("step,loss\n" * 1000)
    with pytest.raises(RunError, match="not a database"):
        Run(tmp_path)


def test_another_database(tmp_path):
    db = sqlite3.connect(tmp_path / "rank-0.sqlite")
    db.execute("CREATE TABLE mine (x)")
    db.close()
    with pytest.raises(RunError, match="no run of auscult's"):
        Run(tmp_path)


def test_another_version(runs):
    db = sqlite3.connect(runs / "abcd-train" / "rank-0.sqlite")
    with db:
        db.execute("UPDATE meta SET value = '99' WHERE key = 'version'")
    db.close()
    with pytest.raises(RunError, match="has format 99, this auscult reads 2"):
        Run(runs / "abcd-train")


def test_a_run_that_vanishes_while_it_is_open(runs):
    run = Run(runs / "abcd-train")
    run.file.unlink()
    with pytest.raises(RunError):
        run.series("q")
    assert not run.file.exists()


# -- folders one may not write to ------------------------------------------------------------------

READER = """
import os, sys
from auscult.runs import Run
folder = sys.argv[1]
assert not os.access(folder, os.W_OK)
run = Run(folder)
print(run.status, len(run.series("q", "x")), run.series("q", "x").values.sum())
"""
BOUND = """
import ctypes, os, sys
CAP_DAC_OVERRIDE, PR_CAPBSET_DROP = 1, 24  # what lets root write where the permissions do not
dropped = os.geteuid() != 0 or ctypes.CDLL(None).prctl(PR_CAPBSET_DROP, CAP_DAC_OVERRIDE) == 0
if not dropped:
    sys.exit(77)
os.execv(sys.executable, [sys.executable, *sys.argv[1:]])
"""
WRITER = """
import os, signal, sys
from pathlib import Path
import numpy as np
from auscult.runs import RunWriter
from auscult.runs.limits import Limits
writer = RunWriter(Path(sys.argv[1]), limits=Limits(reserve_bytes=0))
layout = writer.layout([("q", "x")])
for step in range(1500):
    writer.frame(step, layout, np.ones(1, np.float32))
assert writer.flush()
if sys.argv[2] == "killed":
    os.kill(os.getpid(), signal.SIGKILL)
writer.close()
"""


def contents(folder: Path) -> dict[str, bytes]:
    return {file.name: file.read_bytes() for file in folder.iterdir() if not file.name.endswith("-shm")}


@pytest.mark.parametrize("end", ["finished", "killed", "killed, its index gone"])
def test_a_folder_one_may_not_write_to(tmp_path, end):
    """Read by a process that may not write there: root always may, so root's gives that up first."""
    folder = tmp_path / "run"
    subprocess.run([sys.executable, "-c", WRITER, folder, end.split(",")[0]], check=False)
    if end.endswith("gone"):
        (folder / "rank-0.sqlite-shm").unlink()
    before = contents(folder)
    for file in folder.iterdir():
        file.chmod(0o444)
    folder.chmod(0o555)
    command = [sys.executable, "-c", BOUND, "-c", READER, folder]
    read = subprocess.run(command, capture_output=True, text=True, check=False)
    folder.chmod(0o755)
    if read.returncode == 77:
        pytest.skip("root may not give up here what lets it write everywhere")
    assert read.stdout.split() == ["finished" if end == "finished" else "lost", "1500", "1500.0"], read.stderr
    assert contents(folder) == before


def test_a_disk_that_is_read_only(small_disk):
    folder = small_disk / "run"
    subprocess.run([sys.executable, "-c", WRITER, folder, "killed"], check=False)
    (folder / "rank-0.sqlite-shm").unlink()
    subprocess.run(["mount", "-o", "remount,ro", small_disk], check=True)
    run = Run(folder)
    assert run.status == "lost"
    assert len(run.series("q", "x")) == 1500
