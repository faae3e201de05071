"""The `vitasense` command, put together: the service's commands, and the evals above them."""

from vitasense.api import cli
from vitasense.evals import commands

cli.app.add_typer(commands.app, name="eval")


def main() -> None:
    """Run the command; every failure is said in plain words on standard error and has an exit code."""
    cli.main()


if __name__ == "__main__":
    main()
