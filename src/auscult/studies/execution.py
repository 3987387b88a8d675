"""Where the trials of a study are run: here, in processes of this machine, or on a cluster with Ray.

All run the same function on the same arguments and give back the same outcomes, as they come. A trial that raises, or
whose process dies, is a failed outcome and stops no other.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
import time
import traceback
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from multiprocessing.connection import Connection
from multiprocessing.connection import wait as wait_for
from typing import Any, Protocol

import torch

from auscult.errors import StudyError

Work = Callable[..., Any]  # a function of a module, so that another process finds it


@dataclass(frozen=True)
class Outcome:
    """What came of one call: its place among the calls, the result or the error, and how long it took."""

    index: int
    result: Any
    error: str | None
    seconds: float


class Executor(Protocol):
    """Runs calls somewhere."""

    def run(self, work: Work, calls: Sequence[tuple[Any, ...]]) -> Iterator[Outcome]:
        """Call work(*arguments) for each of the calls, and give the outcomes as they come."""
        ...


class Here:
    """One call after the other in this process: for what cannot be sent to another, and for a debugger."""

    def run(self, work: Work, calls: Sequence[tuple[Any, ...]]) -> Iterator[Outcome]:
        """Call work(*arguments) for each of the calls, and give the outcomes as they come."""
        for i, arguments in enumerate(calls):
            yield _outcome(i, work, arguments)


class Processes:
    """Several processes of this machine, each with its share of the cores for torch's threads.

    workers: how many; by default one for each core. They end with this process, however that ends.
    """

    def __init__(self, workers: int | None = None) -> None:
        cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
        self.workers = cores if workers is None else workers
        if self.workers < 1:
            raise StudyError(f"workers is a number of processes from 1 up, got {workers}")
        self.threads = max(1, cores // self.workers)

    def run(self, work: Work, calls: Sequence[tuple[Any, ...]]) -> Iterator[Outcome]:
        """Call work(*arguments) for each of the calls, and give the outcomes as they come."""
        left, suspects = list(range(len(calls))), []
        while left or suspects:
            # after a process has died, those that ran then are tried again one at a time, so that one is to blame
            batch, width = ([suspects.pop(0)], 1) if suspects else (left, self.workers)
            left = [] if batch is left else left
            lost = yield from self._round(work, calls, batch, width)
            if len(batch) == 1:
                for i in lost:
                    yield Outcome(i, None, "the process died; it was killed, or ran out of memory", 0.0)
            else:
                running, never = lost[: self.workers], lost[self.workers :]
                suspects, left = suspects + running, left + never

    def _round(self, work: Work, calls: Sequence[tuple[Any, ...]], batch: Sequence[int], width: int) -> Any:
        """Run a batch in a pool of its own; what had no outcome when a process died, oldest first."""
        spawn = multiprocessing.get_context("spawn")
        ours, theirs = spawn.Pipe()  # what reads from it ends when ours is closed, by us or by our end
        pool = ProcessPoolExecutor(min(width, len(batch)), spawn, _begin, (self.threads, theirs))
        futures: dict[Future[Outcome], int] = {}
        try:
            futures = {pool.submit(_outcome, i, work, calls[i]): i for i in batch}
            pending = set(futures)
            lost: list[int] = []
            while pending:
                done, pending = wait(pending, return_when=FIRST_COMPLETED)
                for future in done:
                    error = future.exception()
                    if isinstance(error, BrokenProcessPool):
                        lost.append(futures[future])
                    elif error is not None:  # what came back could not be sent, or the call not be found
                        yield Outcome(futures[future], None, f"{type(error).__name__}: {error}", 0.0)
                    else:
                        yield future.result()
            return sorted(lost)
        except BaseException:  # of Ctrl-C too, and where nobody asks for more
            ours.close()
            raise
        finally:
            pool.shutdown(wait=True, cancel_futures=True)
            ours.close()
            theirs.close()


class Ray:
    """A cluster, or this machine, through Ray (`pip install auscult[ray]`); its dashboard stays off.

    address: of the cluster; by default one that is there, else one started here. cores: of each trial.
    """

    def __init__(self, address: str | None = None, cores: int = 1, **init: Any) -> None:
        try:
            import ray
        except ModuleNotFoundError:
            raise StudyError("Ray is not installed; `pip install auscult[ray]`, or use Processes()") from None
        self._ray, self.cores = ray, cores
        if not ray.is_initialized():
            ray.init(address=address, include_dashboard=False, log_to_driver=False, **init)

    def run(self, work: Work, calls: Sequence[tuple[Any, ...]]) -> Iterator[Outcome]:
        """Call work(*arguments) for each of the calls, and give the outcomes as they come."""
        ray, cores = self._ray, self.cores

        def remote(i: int, work: Work, arguments: tuple[Any, ...]) -> Outcome:
            torch.set_num_threads(cores)
            return _outcome(i, work, arguments)

        call = ray.remote(num_cpus=cores, max_retries=0)(remote)
        running = {call.remote(i, work, arguments): i for i, arguments in enumerate(calls)}
        while running:
            (done,), _ = ray.wait(list(running), num_returns=1)
            i = running.pop(done)
            try:
                yield ray.get(done)
            except Exception as e:  # the worker is gone
                yield Outcome(i, None, f"{type(e).__name__}: {str(e).splitlines()[0] if str(e) else ''}", 0.0)


def _outcome(index: int, work: Work, arguments: tuple[Any, ...]) -> Outcome:
    began = time.perf_counter()
    try:
        result, error = work(*arguments), None
    except Exception as e:
        where = traceback.extract_tb(e.__traceback__)[-1]
        result, error = None, f"{type(e).__name__}: {e} ({os.path.basename(where.filename)}, line {where.lineno})"
    return Outcome(index, result, error, time.perf_counter() - began)


def _begin(threads: int, end: Connection) -> None:
    """In a new process: its share of threads, and an end when the one that started it is done with it, or is gone."""
    torch.set_num_threads(threads)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for that one to hear
    threading.Thread(target=_end_with, args=(end,), daemon=True).start()


def _end_with(end: Connection) -> None:
    wait_for([end])
    os._exit(1)
