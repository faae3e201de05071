"""What makes a faithful reply false: each function alters one thing, or gives None where it has nothing to alter."""

from collections.abc import Mapping

from vitasense.evals.grounding.additions import ADDITIONS
from vitasense.evals.grounding.number_alterations import OF_NUMBERS
from vitasense.evals.grounding.opposites import OPPOSITES
from vitasense.evals.grounding.word_alterations import OF_WORDS
from vitasense.evals.grounding.wording import Alteration

ALTERATIONS: Mapping[str, Alteration] = {**OF_NUMBERS, **OF_WORDS, **OPPOSITES, **ADDITIONS}
