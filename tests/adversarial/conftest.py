"""The demo's people and assistants, for attacks on them."""

from tests.graphs.conftest import assistant, james, maria, model, talk

__all__ = ["assistant", "james", "maria", "model", "talk"]
