"""Who takes medicines."""

from tests.deterministic.medications.taking import takes

__all__ = ["takes"]
