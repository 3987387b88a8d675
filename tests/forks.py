"""A Python that has imported torch, and runs each program in a fork of itself: what it costs to start is paid once.

Each line of stdin is a request in JSON: what `run` takes. Each is answered with a line, the exit code of the program as
subprocess gives it.
"""

import atexit
import gc
import json
import os
import runpy
import signal
import sys
import threading
from types import ModuleType

import torch._dynamo  # noqa: F401 - every optimizer imports it when it is made


def run(arguments, cwd, environment, stdout, stderr, timeout):
    """Be `python arguments…` from here on."""
    signal.alarm(timeout)
    for number, (path, way) in enumerate([(os.devnull, os.O_RDONLY), (stdout, os.O_WRONLY), (stderr, os.O_WRONLY)]):
        os.dup2(os.open(path, way), number)
    os.chdir(cwd)
    os.environ.clear()
    os.environ.update(environment)
    sys.path[:1] = filter(None, environment.get("PYTHONPATH", "").split(os.pathsep))
    code = 0
    try:
        execute(*arguments)
    except SystemExit as end:
        code = end.code
    except Exception as error:
        trace = error.__traceback__.tb_next.tb_next  # without the frames of this file
        sys.last_value = error.with_traceback(trace)
        sys.excepthook(type(error), error, trace)
        code = 1
    if not isinstance(code, int):
        code = 0 if code is None else print(code, file=sys.stderr) or 1
    # as Python ends, but for the tearing down of what was imported
    threading._shutdown()
    atexit._run_exitfuncs()
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code)


def execute(what, *arguments):
    """Run a script, `-m` a module, or `-c` code, as the main module."""
    sys.modules["__main__"] = main = ModuleType("__main__")
    sys.path.insert(0, {"-m": os.getcwd(), "-c": ""}.get(what, os.path.dirname(os.path.realpath(what))))
    if what == "-m":
        sys.argv = list(arguments)
        runpy._run_module_as_main(arguments[0])
    elif what == "-c":
        sys.argv = ["-c", *arguments[1:]]
        exec(compile(arguments[0], "<string>", "exec"), main.__dict__)
    else:
        sys.argv = [what, *arguments]
        main.__file__ = os.path.abspath(what)
        with open(what, "rb") as file:
            exec(compile(file.read(), main.__file__, "exec"), main.__dict__)


if __name__ == "__main__":
    gc.freeze()  # so that no fork looks through what it shares with the others
    for line in sys.stdin:
        program = os.fork()
        if program == 0:
            run(**json.loads(line))
        print(os.waitstatus_to_exitcode(os.waitpid(program, 0)[1]), flush=True)
