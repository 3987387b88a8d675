"""Running somebody's script under observation, as Python would run it, until it ends however it ends.

Nothing is imported that the script has not imported: PyTorch is hooked into when the script imports it, so environment
variables the script sets before that still count.
"""

from __future__ import annotations

import builtins
import importlib.abc
import importlib.machinery
import importlib.util
import io
import os
import runpy
import sys
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from time import perf_counter
from types import FrameType, ModuleType, TracebackType
from typing import TYPE_CHECKING, Any

from auscult.errors import LaunchError, RunError
from auscult.observe.first_update import BeforeFirstUpdate
from auscult.settings import Settings, check_writable

if TYPE_CHECKING:
    from auscult.observe.recorder import Recorder
    from auscult.observe.rest import Rest

_ALWAYS = 10  # trainings of one program that are listened to whatever that costs
_SHARE = 0.1  # of the program's time, which listening to more of them may have cost


@dataclass(frozen=True)
class Program:
    """What to run: a script's path or a module's name, and its arguments."""

    name: str
    arguments: tuple[str, ...] = ()
    is_module: bool = False

    @property
    def title(self) -> str:
        """A short name for the run."""
        return self.name.rpartition(".")[2] if self.is_module else Path(self.name).stem

    def check(self) -> None:
        """Raise LaunchError where there is no such program."""
        if self.is_module:
            sys.path.insert(0, os.getcwd())
            try:
                found = importlib.util.find_spec(self.name)
            except (ImportError, ValueError):
                found = None
            finally:
                del sys.path[0]
            if found is None:
                raise LaunchError(f"there is no module {self.name!r}; give one that `python -m {self.name}` would run")
        elif Path(self.name).is_dir():
            raise LaunchError(f"{self.name} is a folder; give the script that trains")
        elif not Path(self.name).is_file():
            raise LaunchError(f"there is no script {self.name}; give the path of the script that trains")


@dataclass
class Session:
    """The trainings of one program: a run each, one after another.

    Setting up for a training takes some .1 to .3 s, more than many a training of a few steps: from the eleventh on they
    are listened to while all listening has taken less than a tenth of the time, and passed over else.

    only_start: end the program before its first update.

    Raises SettingsError where no run could be written.
    """

    settings: Settings
    title: str
    only_start: bool = False
    recorders: list[Recorder] = field(default_factory=list)
    error: BaseException | None = None

    def __post_init__(self) -> None:
        check_writable(self.settings.dir)
        self._began = perf_counter()
        self._rest: Rest | None = None

    @property
    def runs(self) -> list[Path]:
        """The folders of the runs that were recorded."""
        return [r.path for r in self.recorders if r.path is not None]

    @property
    def passed_over(self) -> int:
        """Optimizers whose trainings nobody listened to."""
        return self._rest.optimizers if self._rest is not None else 0

    def listen(self) -> Recorder:
        """Listen for a training."""
        from auscult.observe.census import Census
        from auscult.observe.recorder import Recorder

        number = len(self.recorders) + 1
        name = self.title if number == 1 else f"{self.title}-{number}"
        census = Census(native=self.settings.native)
        self.recorders.append(Recorder(census, self.settings, name, self._listen_on, self.only_start))
        return self.recorders[-1]

    def close(self) -> None:
        """Nothing more is heard."""
        if self._rest is not None:
            self._rest.close()
        for recorder in self.recorders:
            recorder.close(self.error)
        if self.passed_over and self.runs:
            self._note_passed_over()

    def _note_passed_over(self) -> None:
        """Keep with the last run how many trainings came that nobody listened to."""
        from auscult.runs import add_fact

        with suppress(RunError):  # a folder that is gone misses it with all else
            add_fact(self.runs[-1], "passed_over", self.passed_over)

    def _listen_on(self) -> Recorder | Rest:
        """Another training has begun: listen to it, or rest until there is time again."""
        from auscult.observe.rest import Rest

        share = max(_SHARE, self.settings.budget)
        free_at = self._began + sum(recorder.cost_s for recorder in self.recorders) / share
        always = self.settings.every is not None or len(self.recorders) < _ALWAYS
        if always or perf_counter() >= free_at:
            return self.listen()
        self._rest = self._rest or Rest(lambda: self.listen().clock)
        return self._rest.until(free_at)


def execute(program: Program, session: Session) -> None:
    """Run the program to its end; what ended it, if not reaching its end, is `session.error`."""
    program.check()
    _when_imported("torch", session.listen)
    sys.argv[1:] = program.arguments
    try:
        if program.is_module:
            sys.path[0] = os.getcwd()
            runpy.run_module(program.name, run_name="__main__", alter_sys=True)
        else:
            _run_script(program.name)
    except BeforeFirstUpdate:
        pass
    except BaseException as error:
        session.error = error
    session.close()


def show_only_the_scripts_frames() -> None:
    """From now on an uncaught exception is printed without the frames that lie below the script's own."""
    print_it = sys.excepthook

    def hook(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        while trace is not None and _is_below(trace.tb_frame):
            trace = trace.tb_next
        print_it(kind, error.with_traceback(trace), trace)

    sys.excepthook = hook


_entry_point = os.path.abspath(sys.argv[0])  # where the `auscult` command itself begins


def _is_below(frame: FrameType) -> bool:
    module = frame.f_globals.get("__name__", "") + "."
    return module.startswith(("auscult.", "runpy.")) or os.path.abspath(frame.f_code.co_filename) == _entry_point


def _run_script(path: str) -> None:
    sys.argv[0] = path
    sys.path[0] = os.path.dirname(os.path.realpath(path))
    path = os.path.abspath(path)
    main = ModuleType("__main__")
    main.__dict__.update(
        __file__=path,
        __builtins__=builtins,
        __loader__=importlib.machinery.SourceFileLoader("__main__", path),
        __spec__=None,
        __cached__=None,
    )
    with io.open_code(path) as file:
        code = compile(file.read(), path, "exec", dont_inherit=True)
    sys.modules["__main__"] = main
    exec(code, main.__dict__)


def _when_imported(name: str, then: Callable[[], Any]) -> None:
    if name in sys.modules:
        then()
    else:
        sys.meta_path.insert(0, _Finder(name, then))


class _Finder(importlib.abc.MetaPathFinder):
    """Finds one module as if it were not there itself, once, and has `then` called after that is imported."""

    def __init__(self, name: str, then: Callable[[], Any]) -> None:
        self._name = name
        self._then = then

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> importlib.machinery.ModuleSpec | None:
        """The module's true spec, with a loader that tells when it is done."""
        if fullname != self._name:
            return None
        sys.meta_path.remove(self)
        spec = importlib.util.find_spec(fullname)
        if spec is not None and spec.loader is not None:
            spec.loader = _Loader(spec.loader, self._then)
        return spec


class _Loader(importlib.abc.Loader):
    def __init__(self, loader: Any, then: Callable[[], Any]) -> None:
        self._loader = loader
        self._then = then

    def __getattr__(self, name: str) -> Any:
        return getattr(self._loader, name)

    def create_module(self, spec: importlib.machinery.ModuleSpec) -> ModuleType | None:
        """As the true loader does."""
        return self._loader.create_module(spec)

    def exec_module(self, module: ModuleType) -> None:
        """As the true loader does; then leave no trace of this one, and call."""
        if module.__spec__ is not None:
            module.__spec__.loader = self._loader
        module.__loader__ = self._loader
        self._loader.exec_module(module)
        self._then()
