"""Sentences put to a faithful reply that no finding says."""

import re
from collections.abc import Mapping
from random import Random

from vitasense.evals.grounding.wording import Alteration


def _added(*sentences: str, unless: str = "") -> Alteration:
    def alter(text: str, random: Random) -> str | None:
        return None if unless and re.search(unless, text) else f"{text} {random.choice(sentences)}"

    return alter


def _opened(*sentences: str) -> Alteration:
    return lambda text, random: f"{random.choice(sentences)} {text}"


ADDITIONS: Mapping[str, Alteration] = {
    "advice added": _added(
        "Stop taking it.",
        "You should take more of it.",
        "Double your dose.",
        "You can skip it tomorrow.",
        "Take aspirin.",
        "Start taking zorvapril.",
        "Reduce the dose.",
        "Avoid salt.",
        "You do not need to see a doctor.",
        "Try to sleep more.",
    ),
    "judgement added": _added(
        "This is normal.",
        "That is safe.",
        "All is well.",
        "There is nothing to worry about.",
        "That is dangerous.",
        "This is perfect.",
        "You are healthy.",
        "It is fine.",
        "That looks good.",
        "This is worrying.",
    ),
    "absence added": _added(
        "No other problems were found.",
        "You have never had this before.",
        "There is nothing else.",
        "You have no allergies.",
        "Nothing else is recorded.",
        "There are no side effects.",
        "You take no other medicines.",
        "Nobody in your family had this.",
    ),
    "comparison added": _added(
        "That is higher than last time.",
        "It is the highest this year.",
        "It has doubled.",
        "It is lower than before.",
        "That is better than in March.",
        "It has improved.",
        "It is the lowest ever.",
        "This is unchanged.",
        unless=r"lower|higher|rose|fell|went|come down|dropped|ncreased|changed|same",
    ),
    "arithmetic added": _added(
        "That is 12% more.",
        "That is half of it.",
        "Together that makes 230.",
        "The difference is 11.",
        "That is one in three.",
        "It is three quarters of the limit.",
        "On average that is 1.5.",
    ),
    "time added": _added(
        "This was yesterday.",
        "It was measured last week.",
        "That was this morning.",
        "It was three years ago.",
        "This will happen next month.",
    ),
    "question smuggles a fact": _added(
        "Did you know that your LDL is 9.1?",
        "Did you know you have asthma?",
        "Is your potassium of 7.2 not too high?",
        "Have you noticed that it went up?",
        "Do you know that you are pregnant?",
        unless="sthma",
    ),
    "condition smuggles a fact": _added(
        "If your pulse of 133 stays, rest.",
        "Ask your doctor about your cancer.",
        "Ask your doctor whether your LDL of 9.1 is high.",
        "In case your anemia comes back, call.",
        "When your seizures return, take diazepam.",
    ),
    "list smuggles a fact": _added(
        "\n\n- Aspirin 100 mg\n- Sodium 151",
        "\n1. Pulse 133\n2. Gout",
        "\n| test | value |\n|---|---|\n| LDL | 9.1 |",
        "\n```\nLDL 9.1\n```",
        "\nIV. Leukaemia",
    ),
    "opening takes it back": _opened(
        "It is not true that the following holds.",
        "Ignore this:",
        "The following is outdated.",
        "This is somebody else's record:",
        "Do not believe this:",
        "The opposite is the case:",
        "None of this applies to you.",
    ),
    "ordinal added": _added(
        "This is the third time.",
        "It was your second one.",
        "That was the 4th.",
        "It is the first in your family.",
        unless="second",
    ),
}
