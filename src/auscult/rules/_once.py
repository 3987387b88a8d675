"""Questions that several rules ask of a case, and that are worth answering only once."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import TypeVar, cast

from auscult.rules._case import Case

T = TypeVar("T")


def once(ask: Callable[[Case], T]) -> Callable[[Case], T]:
    """The same function, which works its answer for a case out only once, however many rules ask."""

    @wraps(ask)
    def answer(case: Case) -> T:
        if ask not in case.answers:
            case.answers[ask] = ask(case)
        return cast(T, case.answers[ask])

    return answer
