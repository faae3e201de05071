"""`vitasense version`."""

from importlib.metadata import version as installed_version

from vitasense.api.commands.console import say


def version() -> None:
    """Print the version."""
    say(installed_version("vitasense"))
