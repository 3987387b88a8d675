"""`python -m auscult` is the `auscult` command."""

from auscult.cli import main

main()
