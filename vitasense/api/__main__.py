"""`python -m vitasense.api` is the `vitasense` command."""

from vitasense.api.cli import main

main()
