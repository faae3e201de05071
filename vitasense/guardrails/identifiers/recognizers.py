"""Presidio's recognisers of identifying numbers, with their checksums and context words, without any model or network."""

import logging
import re
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from typing import TYPE_CHECKING, Any, cast

from vitasense.guardrails.identifiers.found import SHAPED, Found, IdentifierKind
from vitasense.guardrails.identifiers.shapes import CLOCK_TIMES

if TYPE_CHECKING:
    from presidio_analyzer import AnalyzerEngine, EntityRecognizer
    from presidio_analyzer.nlp_engine import NlpEngine

# Presidio's own score: a weak pattern reaches it with a context word, a checksum that holds gives 1.
_SURE_ENOUGH = 0.4
_WORDS_OF_CONTEXT = 5
_TOKEN = re.compile(r"\w+|[^\w\s]")
_SHORTEST_NUMBER = 8  # digits of a telephone number that nothing else says is one
# Where numbers are written without their country code; numbers with one are found for every country.
PHONE_REGIONS = (
    *("US", "GB", "CA", "AU", "NZ", "IE", "IN", "ZA", "DE", "AT", "CH", "FR", "BE", "NL", "ES", "PT", "IT", "SE", "NO"),
    *("DK", "FI", "PL", "CZ", "GR", "TR", "BR", "MX", "JP", "IL", "NG"),
)
# Each recogniser by its name in presidio_analyzer.predefined_recognizers, and what it finds. Left out: what our own
# shapes and names find better (dates, URLs, postcodes, words), companies' numbers, and numbers without a checksum or
# a word before them.
RECOGNISERS: Mapping[str, IdentifierKind] = {
    "CreditCardRecognizer": "account_number",
    "IbanRecognizer": "account_number",
    "CryptoRecognizer": "account_number",
    "UsBankRecognizer": "account_number",
    "EmailRecognizer": "email",
    "PhoneRecognizer": "phone",
    "IpRecognizer": "device",
    "MacAddressRecognizer": "device",
    "UuidRecognizer": "record_number",
    "MedicalLicenseRecognizer": "record_number",
    "UsSsnRecognizer": "record_number",
    "UsItinRecognizer": "record_number",
    "UsLicenseRecognizer": "record_number",
    "UsPassportRecognizer": "record_number",
    "UsMbiRecognizer": "record_number",
    "UsClaimNumberRecognizer": "record_number",
    "UsPriorAuthorizationNumberRecognizer": "record_number",
    "UsReferralNumberRecognizer": "record_number",
    "NhsRecognizer": "record_number",
    "UkNinoRecognizer": "record_number",
    "UkPassportRecognizer": "record_number",
    "UkDrivingLicenceRecognizer": "record_number",
    "UkVehicleRegistrationRecognizer": "record_number",
    "CaSinRecognizer": "record_number",
    "AuMedicareRecognizer": "record_number",
    "AuTfnRecognizer": "record_number",
    "SgFinRecognizer": "record_number",
    "InAadhaarRecognizer": "record_number",
    "InPanRecognizer": "record_number",
    "InPassportRecognizer": "record_number",
    "InVoterRecognizer": "record_number",
    "PhPassportRecognizer": "record_number",
    "NgNinRecognizer": "record_number",
    "ZaIdNumberRecognizer": "record_number",
    "ZaPassportRecognizer": "record_number",
    "DeTaxIdRecognizer": "record_number",
    "DeHealthInsuranceRecognizer": "record_number",
    "DeSocialSecurityRecognizer": "record_number",
    "DeIdCardRecognizer": "record_number",
    "DePassportRecognizer": "record_number",
    "DeFuehrerscheinRecognizer": "record_number",
    "EsNifRecognizer": "record_number",
    "EsNieRecognizer": "record_number",
    "EsPassportRecognizer": "record_number",
    "ItFiscalCodeRecognizer": "record_number",
    "ItDriverLicenseRecognizer": "record_number",
    "ItPassportRecognizer": "record_number",
    "ItIdentityCardRecognizer": "record_number",
    "SePersonnummerRecognizer": "record_number",
    "FiPersonalIdentityCodeRecognizer": "record_number",
    "PlPeselRecognizer": "record_number",
    "TrNationalIdRecognizer": "record_number",
    "KrRrnRecognizer": "record_number",
    "KrPassportRecognizer": "record_number",
    "ThTninRecognizer": "record_number",
}

_NO_NUMBER = re.compile(rf"{CLOCK_TIMES}|\(?(?:19|20)\d\d-\d\d-\d\d")  # times and dates


class Recognizers:
    """One analyzer over the recognisers above."""

    def __init__(self, engine: "AnalyzerEngine", kinds: Mapping[str, IdentifierKind]) -> None:
        self._engine = engine
        self._kinds = kinds

    def find(self, text: str) -> Iterator[Found]:
        """What the recognisers are sure enough of."""
        for result in self._engine.analyze(text, language="en", entities=list(self._kinds)):
            kind = self._kinds[result.entity_type]
            # Three readings of blood glucose are a valid telephone number somewhere.
            if kind != "phone" or result.score > _SURE_ENOUGH or _dialled(text[result.start : result.end]):
                yield Found(result.start, result.end, kind, SHAPED)


def _dialled(number: str) -> bool:
    digits = sum(map(str.isdigit, number))
    return number[0] in "+0(" and digits >= _SHORTEST_NUMBER and not _NO_NUMBER.match(number)


@cache
def recognizers() -> Recognizers:
    """The analyzer, loaded once: half a second, no download, no file written, no address looked up."""
    # Heavy, as is all of presidio: these three functions are its one loader.
    from presidio_analyzer import AnalyzerEngine, RecognizerRegistry  # noqa: PLC0415
    from presidio_analyzer.context_aware_enhancers import LemmaContextAwareEnhancer  # noqa: PLC0415

    for name in ("presidio-analyzer", "decision_process"):  # they log the words around what they find
        logging.getLogger(name).handlers.clear()
        logging.getLogger(name).setLevel(logging.CRITICAL)
    made = _made()
    engine = AnalyzerEngine(
        registry=RecognizerRegistry(recognizers=list(made.values()), supported_languages=["en"]),
        nlp_engine=_tokens(),
        default_score_threshold=_SURE_ENOUGH,
        context_aware_enhancer=LemmaContextAwareEnhancer(
            context_prefix_count=_WORDS_OF_CONTEXT, context_matching_mode="whole_word"
        ),
    )
    kinds: dict[str, IdentifierKind] = {
        entity: RECOGNISERS[name] for name, each in made.items() for entity in each.supported_entities
    }
    return Recognizers(engine, kinds)


def _made() -> "dict[str, EntityRecognizer]":
    """Each recogniser by its name, for texts in any of the languages that it knows numbers of."""
    from presidio_analyzer import predefined_recognizers  # noqa: PLC0415

    class Email(predefined_recognizers.EmailRecognizer):
        """Any address: whether its domain exists would be asked of a list that is downloaded."""

        def validate_result(self, pattern_text: str) -> bool:  # noqa: ARG002
            return True

    own: dict[str, Any] = {"EmailRecognizer": Email}
    # The other patterns of the Indian number fit any ten signs, and take seconds on a long text.
    settings: dict[str, dict[str, Any]] = {
        "PhoneRecognizer": {"supported_regions": PHONE_REGIONS},
        "InPanRecognizer": {"patterns": predefined_recognizers.InPanRecognizer.PATTERNS[:1]},
    }
    return {
        name: own.get(name, getattr(predefined_recognizers, name))(supported_language="en", **settings.get(name, {}))
        for name in RECOGNISERS
    }


def _tokens() -> "NlpEngine":
    """Words without any model: enough for the context words, fast on any text, and nothing of it is kept."""
    from presidio_analyzer.nlp_engine import NlpArtifacts, NlpEngine  # noqa: PLC0415
    from spacy.lang.en.stop_words import STOP_WORDS  # noqa: PLC0415

    class Tokens(NlpEngine):
        def load(self) -> None:
            """Nothing to load."""

        def is_loaded(self) -> bool:
            return True

        def process_text(self, text: str, language: str) -> NlpArtifacts:
            found = list(_TOKEN.finditer(text))
            words = [match.group() for match in found]
            lower = [word.lower() for word in words]
            tokens = cast("Any", words)  # of the tokens only their lengths are asked
            return NlpArtifacts([], tokens, [match.start() for match in found], lower, self, language)

        def process_batch(self, texts: Iterable[str], language: str, *_: Any, **__: Any) -> Iterator[tuple[str, Any]]:
            return ((text, self.process_text(text, language)) for text in texts)

        def is_stopword(self, word: str, language: str) -> bool:  # noqa: ARG002 the base asks for it
            return word in STOP_WORDS

        def is_punct(self, word: str, language: str) -> bool:  # noqa: ARG002
            return not word[:1].isalnum()

        def get_supported_entities(self) -> list[str]:
            return []

        def get_supported_languages(self) -> list[str]:
            return ["en"]

    return Tokens()
