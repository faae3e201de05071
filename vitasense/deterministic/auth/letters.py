"""The words of the mails. They carry no name and nothing that a stranger could have typed in."""

from datetime import datetime, timedelta
from uuid import UUID

from vitasense.deterministic.notices import Notice

VERIFY_LIFE = timedelta(hours=24)
RESET_LIFE = timedelta(hours=1)
INVITATION_LIFE = timedelta(days=7)

_VERIFY = """Somebody, we hope you, opened a VitaSense account with this e-mail address.

Confirm that the address is yours within 24 hours:
{link}

If it was not you, do nothing: without this step nobody can sign in.
"""
_KNOWN = """Somebody, we hope you, tried to open a VitaSense account with this e-mail address, which has one already.

Sign in here: {link}
If you forgot the password, choose "Forgot password" there. If it was not you, you need to do nothing.
"""
_RESET = """Choose a new password for your VitaSense account within one hour:
{link}

If you did not ask for this, do nothing: the password stays as it is.
"""
_INVITATION = """An administrator opened a VitaSense account for you.

Choose your password within seven days:
{link}
"""


class Letters:
    """Writes the notices of the auth room, with links to this service."""

    def __init__(self, base_url: str) -> None:
        self._base_url = base_url

    def verify(self, notice_id: UUID, email: str, code: str, now: datetime) -> Notice:
        """Asks to confirm the address."""
        link = f"{self._base_url}/#/verify?token={code}"
        return Notice(notice_id, email, "Confirm your e-mail address", _VERIFY.format(link=link), now)

    def already_known(self, notice_id: UUID, email: str, now: datetime) -> Notice:
        """Tells the owner of an address that it was used to register again."""
        return Notice(notice_id, email, "You have an account", _KNOWN.format(link=self._base_url), now)

    def reset(self, notice_id: UUID, email: str, code: str, now: datetime) -> Notice:
        """Gives the link to a new password."""
        link = f"{self._base_url}/#/reset?token={code}"
        return Notice(notice_id, email, "Choose a new password", _RESET.format(link=link), now)

    def invitation(self, notice_id: UUID, email: str, code: str, now: datetime) -> Notice:
        """Gives the link to the first password of an account that an administrator opened."""
        link = f"{self._base_url}/#/reset?token={code}"
        return Notice(notice_id, email, "Your VitaSense account", _INVITATION.format(link=link), now)
