"""The one place where commands load what they run, at first use: `vitasense --help` shall answer at once.

`load.demo` is the module vitasense.api.demo, imported when it is first named.
"""

import gc
from importlib import import_module
from types import ModuleType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import uvicorn as uvicorn

    from vitasense import memory as memory
    from vitasense.api import app as app
    from vitasense.api import bootstrap as bootstrap
    from vitasense.api import chat as chat
    from vitasense.api import demo as demo
    from vitasense.api import deps as deps
    from vitasense.api import importing as importing
    from vitasense.api import materials as materials
    from vitasense.api import review_views as review_views
    from vitasense.api import server as server
    from vitasense.api import upkeep as upkeep
    from vitasense.api import worker as worker
    from vitasense.api.commands import answers as answers
    from vitasense.api.commands import archives as archives
    from vitasense.api.commands import inspection as inspection
    from vitasense.api.commands import memories as memories
    from vitasense.deterministic import auth as auth
    from vitasense.deterministic import consent as consent
    from vitasense.deterministic import devices as devices
    from vitasense.deterministic import knowledge as knowledge
    from vitasense.deterministic import medications as medications
    from vitasense.deterministic import notices as notices
    from vitasense.deterministic import records as records
    from vitasense.deterministic import tracking as tracking
    from vitasense.deterministic.platform import database as database
    from vitasense.deterministic.platform import events as events
    from vitasense.deterministic.platform import logging as logging
    from vitasense.deterministic.platform import settings as settings
    from vitasense.graphs import turn as turn

_PLACES = {
    "uvicorn": ("uvicorn",),
    "vitasense": ("memory",),
    "vitasense.api": (
        "app",
        "bootstrap",
        "chat",
        "demo",
        "deps",
        "importing",
        "materials",
        "review_views",
        "server",
        "upkeep",
        "worker",
    ),
    "vitasense.api.commands": ("answers", "archives", "inspection", "memories"),
    "vitasense.deterministic": (
        "auth",
        "consent",
        "devices",
        "knowledge",
        "medications",
        "notices",
        "records",
        "tracking",
    ),
    "vitasense.deterministic.platform": ("database", "events", "logging", "settings"),
    "vitasense.graphs": ("turn",),
}
_MODULES = {name: name if place == name else f"{place}.{name}" for place, names in _PLACES.items() for name in names}


def __getattr__(name: str) -> ModuleType:
    """Import the named module when it is first used."""
    if name not in _MODULES:
        raise AttributeError(name)
    gc.disable()  # an import makes much and drops little: collecting meanwhile takes a sixth of the start
    try:
        module = import_module(_MODULES[name])
    finally:
        gc.enable()
    globals()[name] = module
    return module
