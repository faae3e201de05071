# scikit-learn has no types:
# pyright: reportMissingTypeStubs=false, reportUnknownMemberType=false, reportUnknownVariableType=false
# pyright: reportUnknownArgumentType=false, reportUnknownLambdaType=false, reportArgumentType=false
"""`python -m vitasense.evals.training`: trains the weights of the safety gates on the corpora of this project.

Logistic regression (scikit-learn) over TF-IDF of words, pairs and pieces of words. Needs the development install; the
service itself only reads the tables that are written here.
"""

import sys
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from scipy.sparse import diags, hstack
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.feature_selection import SelectKBest, chi2
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import StratifiedKFold

from vitasense.evals import corpora, instructions
from vitasense.guardrails import likeness
from vitasense.guardrails.likeness import BLOCKS, LITTLE, Weights, features_of
from vitasense.guardrails.words import Spelling

WEIGHTS = Path(likeness.__file__).parent / "weights"
_STRENGTH = 10.0  # inverse of the L2 penalty
_RAREST = 3  # messages that must have a feature
_FREQUENT, _RARE, _SHORTEST_SLIP = 60, 3, 5
_FOLDS, _SEED = 5, 0
_ALARMS = (0.005, 0.01, 0.02, 0.03, 0.04, 0.06)

Words = Sequence[str]
Features = Callable[[Words], Iterator[str]]


@dataclass(frozen=True, slots=True)
class Lesson:
    """What one table is trained on: messages of the class, messages that are not, and how many features it keeps.

    None keeps every feature of at least three messages: requests differ by their turns of phrase more than by words.
    """

    table: str
    kind: str
    positive: Sequence[str]
    negative: Sequence[str]
    kept: int | None = 12_000


def lessons() -> Iterator[Lesson]:
    """Every class that is trained: emergencies, the kinds of emergency that share an advice, and harmful requests."""
    emergencies = corpora.training_emergencies()
    yield Lesson("triage", "emergency", [text for _, text in emergencies], corpora.training_ordinary())
    for advice, families in ADVICE.items():
        inside = [text for family, text in emergencies if family in families]
        if not inside:
            continue
        outside = [text for family, text in emergencies if family and family not in families]
        yield Lesson("advice", advice, inside, outside, kept=600)
    ordinary = [*corpora.permitted(), *corpora.training_ordinary(), *(text for _, text in emergencies)]
    yield Lesson("scope", "harmful", [text for _, text in corpora.harmful()], list(dict.fromkeys(ordinary)), kept=None)
    harmless = [*corpora.training_ordinary(), *(text for _, text in emergencies), *instructions.training_ordinary()]
    yield Lesson("injection", "instruction", instructions.training_attacks(), list(dict.fromkeys(harmless)))


# Families of the corpus by the advice of rules/advice.yaml that fits them; the others get the general one.
ADVICE: Mapping[str, frozenset[str]] = {
    "cardiac": frozenset({"heart", "aorta", "rhythm"}),
    "stroke": frozenset({"stroke"}),
    "breathing": frozenset({"breathing"}),
    "choking": frozenset({"choking"}),
    "anaphylaxis": frozenset({"anaphylaxis"}),
    "sepsis": frozenset({"sepsis", "meningitis"}),
    "bleeding": frozenset({"bleeding", "inner_bleeding"}),
    "headache": frozenset({"headache"}),
    "not_breathing": frozenset({"unconscious"}),
    "seizure": frozenset({"seizure"}),
    "abdomen": frozenset({"abdomen"}),
    "pregnancy": frozenset({"pregnancy", "after_birth"}),
    "ketoacidosis": frozenset({"ketoacidosis"}),
    "poisoning": frozenset({"overdose", "poison"}),
    "crisis": frozenset({"suicide", "suicide_other"}),
    "safety": frozenset({"abuse"}),
    "infant": frozenset({"infant"}),
    "injury": frozenset({"injury", "head_injury"}),
    "eye": frozenset({"eye"}),
}


def main() -> None:
    """Cross-validate and write every table, or those named on the command line."""
    tables: dict[str, list[str]] = {}
    wanted = set(sys.argv[1:])
    for lesson in lessons():
        if wanted and lesson.table not in wanted:
            continue
        print(f"{lesson.table}/{lesson.kind}: {len(lesson.positive)} of the class, {len(lesson.negative)} others")
        if lesson.table != "advice":
            _report(lesson)
        tables.setdefault(lesson.table, []).extend(
            _rows(lesson.kind, train(lesson.positive, lesson.negative, lesson.kept))
        )
    (WEIGHTS / "words.txt").write_text("\n".join(sorted(_common_words())) + "\n", "utf-8")
    for name, rows in tables.items():
        (WEIGHTS / f"{name}.tsv").write_text("\n".join(rows) + "\n", "utf-8")


def _common_words() -> Iterator[str]:
    """What at least two messages of the corpora use, without slips of the keys: rare words beside a frequent one."""
    told = {text for lesson in lessons() for text in (*lesson.positive, *lesson.negative)}
    counts = Counter(word for text in told for word in set(features_of(text)[1]) if word.isalpha())
    frequent = Spelling([word for word, count in counts.items() if count >= _FREQUENT], ())
    for word, count in counts.items():
        slip = count <= _RARE and len(word) >= _SHORTEST_SLIP and _is_slip(word, frequent.mend(word))
        if count > 1 and not slip:
            yield word


def _is_slip(word: str, meant: str) -> bool:
    """Whether two letters changed places; a letter more, less or other often makes another word."""
    return word != meant and sorted(word) == sorted(meant)


def train(positive: Sequence[str], negative: Sequence[str], kept: int | None) -> Weights:
    """The weights of the class of `positive` against `negative`, with the `kept` most telling features (chi-squared), or all."""
    said = [features_of(text)[1] for text in (*positive, *negative)]
    labels = np.array([1] * len(positive) + [0] * len(negative))
    blocks = [_vectors(features, said, rarest=2 if kept else _RAREST) for features in BLOCKS]
    if kept:
        blocks = [_vectors(features, said, _telling(blocks, labels, kept)) for features in BLOCKS]
    model = LogisticRegression(C=_STRENGTH, max_iter=5000).fit(_side_by_side(blocks), labels)
    frequencies = [frequency for _, block in blocks for frequency in block.values()]
    features = [name for _, block in blocks for name in block]
    table = dict(zip(features, zip(map(float, frequencies), map(float, model.coef_[0]), strict=True), strict=True))
    return Weights(float(model.intercept_[0]), table)


def _telling(blocks: Sequence[tuple[Any, Mapping[str, float]]], labels: Any, kept: int) -> set[str]:
    names = [name for _, block in blocks for name in block]
    best = SelectKBest(chi2, k=min(kept, len(names))).fit(_side_by_side(blocks), labels).get_support()
    return {name for name, taken in zip(names, best, strict=True) if taken}


def _vectors(
    features: Features, said: Sequence[Words], chosen: set[str] | None = None, *, rarest: int = 1
) -> tuple[Any, dict[str, float]]:
    """The TF-IDF matrix of one kind of feature, and each feature with its inverse document frequency."""
    known = chosen and sorted(chosen.intersection(name for words in said for name in features(words)))
    vectorizer = TfidfVectorizer(
        analyzer=lambda words: list(features(words)),
        sublinear_tf=True,
        min_df=1 if known else rarest,
        vocabulary=known or None,
        norm=None,
    )
    values = vectorizer.fit_transform(said)
    lengths = np.sqrt(LITTLE + np.asarray(values.multiply(values).sum(axis=1)).ravel())
    matrix = diags(1 / lengths) @ values
    return matrix, dict(zip(vectorizer.get_feature_names_out(), vectorizer.idf_, strict=True))


def _side_by_side(blocks: Sequence[tuple[Any, Mapping[str, float]]]) -> Any:
    return hstack([matrix for matrix, _ in blocks]).tocsr()


def _report(lesson: Lesson) -> None:
    """What share of the class is found on messages left out of the training, at several shares of false alarms."""
    texts = [*lesson.positive, *lesson.negative]
    labels = np.array([1] * len(lesson.positive) + [0] * len(lesson.negative))
    scores = np.zeros(len(texts))
    for learnt, left_out in StratifiedKFold(_FOLDS, shuffle=True, random_state=_SEED).split(texts, labels):
        positive = [texts[at] for at in learnt if labels[at]]
        weights = train(positive, [texts[at] for at in learnt if not labels[at]], lesson.kept)
        scores[left_out] = [weights.probability(features_of(texts[at])[1]) for at in left_out]
    for rate in _ALARMS:
        limit = float(np.quantile(scores[labels == 0], 1 - rate))
        found = float((scores[labels == 1] > limit).mean())
        print(f"  probability above {limit:.2f}: {rate:.1%} of the others, {found:.1%} of the class")


def _rows(kind: str, weights: Weights) -> Iterator[str]:
    yield f"{kind}\t\t\t{weights.intercept:.4g}"
    for feature, (frequency, weight) in sorted(weights.table.items()):
        yield f"{kind}\t{feature}\t{frequency:.4g}\t{weight:.3g}"


if __name__ == "__main__":
    sys.exit(main())
