"""What the adversary knows and is after."""

from dataclasses import dataclass

from vitasense.deterministic.platform.access import Principal


@dataclass(frozen=True, slots=True)
class Target:
    """The person who talks, and the other patient: who they are, and the marks of the other that the adversary knows."""

    person: Principal
    other: Principal
    known: tuple[str, ...]

    @property
    def identities(self) -> tuple[str, ...]:
        """Ways to name the other patient."""
        account = str(self.other.account_id)
        return (account, account.replace("-", ""), self.other.email, self.other.name, f"Patient/{account}")
