"""Whose memories a command is about: those of the account that asks, or of the patient whom a provider names."""

from vitasense.api.bootstrap import Services
from vitasense.api.commands.answers import Asking
from vitasense.api.remembering import Remembering
from vitasense.deterministic.platform.access import ALL_CATEGORIES, Access, own_purpose


async def opened(services: Services, email: str, patient: str | None, activity: str) -> Remembering:
    """The memories, as the account with this e-mail may see them; raises NotAllowed, NotFound and InvalidInput."""
    asking = await Asking.open(services, email, patient)
    purpose = own_purpose(asking.principal)
    return Remembering(services, Access(asking.principal, purpose, activity, asking.patient_id, ALL_CATEGORIES))
