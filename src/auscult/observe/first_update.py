"""How a program ends of which only the start is asked for."""


class BeforeFirstUpdate(BaseException):
    """Raised in the program where it would make its first update: no `except Exception` of its own holds it."""
