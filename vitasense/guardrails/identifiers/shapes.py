"""What is an identifier by its shape or by the word before it: numbers of records, cards and telephones, addresses of
the network, user names, ages over 89."""

import re
from collections.abc import Iterator
from functools import cache

from vitasense.guardrails.identifiers.found import CUED, KNOWN, SHAPED, Found, IdentifierKind
from vitasense.guardrails.identifiers.rules import cues

_UNITS = (
    r"(?:%|mg|mcg|µg|ug|ng|pg|g|kg|lbs?|pounds|stone|cm|mm|m|km|ml|l|dl|mmol|µmol|iu|u|units?|bpm|mmhg|kcal|cal"
    r"|calories|steps|hours?|hrs?|h|min|minutes|seconds|s|days?|weeks?|months?|tablets?|pills?|beats|percent|degrees|°)"
)
CLOCK_TIMES = r"(?:[01]\d|2[0-3])[0-5]\d(?:[\s,-](?:[01]\d|2[0-3])[0-5]\d)+(?!\d)"  # 0800 1200 1800
_IS = (
    r"(?:\s?(?:number|numbers|num|no|nr|nbr|id|code|#|№)\b\.?#?)?[\s:#=.-]{0,4}(?:(?:is|was|are|number)\W{1,3}){0,2}"
    r"[#:]?\s{0,3}"
)
# Letters, digits, hyphens and spaces between digits, with a digit; no year, no date, no pair of values.
_NUMBER = (
    r"(?!(?:19|20)\d\d(?![\w-])|\d{4}-\d\d-\d\d|\d{1,3}[/-]\d{1,3}(?![\w/-]))(?:(?-i:[A-Z]{1,3})\s)?"
    r"(?=[a-z0-9/-]{0,18}\d)[a-z0-9](?:[a-z0-9]|[-/](?=[a-z0-9])|\s(?=\d)){3,24}(?!\w)"
)
# Thirteen to nineteen digits, together or in groups as cards have them (ISO/IEC 7812-1:2017).
_CARD = r"(?:\d{13,19}|(?:\d{4}[ -]){3}\d{4}(?:[ -]\d{1,3})?|\d{4}[ -]\d{6}[ -]\d{4,5})"
_CODE_SYSTEM = re.compile(
    r"(?<!\w)(?:loinc|snomed(?:[ -]ct)?|sct(?:id)?|rxnorm|rxcui|ndc|atc|icd(?:-?(?:9|10|11)(?:-?cm)?)?|cpt|hcpcs|cvx|omim|pmid|doi"
    r"|dbsnp|clinvar|hgnc|cas|unii|ucum)[\s:#|]{0,3}(?:(?:code|id|no\.?|number)[\s:#]{0,3})?$",
    re.IGNORECASE,
)
_LONGEST_CODE_SYSTEM = 24
_CODES: frozenset[IdentifierKind] = frozenset({"phone", "account_number", "record_number", "device"})
Shape = tuple[IdentifierKind, int, re.Pattern[str]]


_EXTENSION = r"(?:\s?(?:x|ext\.?)\s?\d{1,5})?"
_ENDS = r"(?![\w/]|[.,]\d)"
_PHONE = r"\+?\(?\d(?:[\s().-]{0,2}\d){6,13}"
_TOP = "com|org|net|edu|gov|io|app|health|info"


def _shape(kind: IdentifierKind, weight: int, pattern: str, flags: int = 0) -> Shape:
    return kind, weight, re.compile(pattern, flags)


_FIXED: tuple[Shape, ...] = (
    _shape("account_number", CUED, rf"(?<![\w.]){_CARD}(?!\w)"),  # no measurement has thirteen digits
    _shape("account_number", SHAPED, r"(?<!\w)[A-Z]{2}\d{2}(?:[ -]?[A-Z0-9]{4}){3,7}(?:[ -]?[A-Z0-9]{1,3})?(?!\w)"),
    _shape("record_number", SHAPED, r"(?<!\w)\d{3}-\d{2}-\d{4}(?!\w)"),
    # Telephone numbers: with a country code, as in North America, with a leading 0, with brackets, in pairs.
    _shape(
        "phone",
        SHAPED,
        rf"(?<![\w.])(?:\+|00)\d{{1,3}}[\s.-]?(?:\(?\d{{1,4}}\)?[\s.-]?){{1,5}}\d{{2,4}}{_EXTENSION}(?!\w)",
    ),
    _shape(
        "phone",
        SHAPED,
        rf"(?<![\w.])(?:1[\s.-])?(?:\(\d{{3}}\)\s?|\d{{3}}[\s.-])\d{{3}}[\s.-]\d{{4}}{_EXTENSION}(?!\w)",
        re.IGNORECASE,
    ),
    _shape(
        "phone",
        SHAPED,
        rf"(?<![\w.,/-])(?=(?:[^\w\n]{{0,2}}\d){{8}})(?!{CLOCK_TIMES})\(?0\d{{1,4}}\)?(?:[\s.-]?\d{{2,4}}){{2,4}}{_ENDS}",
    ),
    _shape("phone", SHAPED, rf"(?<![\w.,/-])\(\d{{2,4}}\)\s?\d{{3,4}}[\s.-]\d{{3,4}}{_ENDS}"),
    _shape(
        "phone",
        SHAPED,
        r"(?<![\w.,/-])\d{2}(?P<mark>[-.])\d{2}(?P=mark)\d{2}(?P=mark)\d{2}(?:(?P=mark)\d{2})?(?![\w/-]|[.,]\d)",
    ),
    _shape(
        "phone",
        CUED,
        rf"(?<![\w./])(?<!\d,)(?P<it>{_PHONE})[\s(-]{{1,2}}(?:office|fax|mobile|home|cell|work)\b",
        re.IGNORECASE,
    ),
    _shape("email", SHAPED, r"[\w.%+'-]{1,64}\s?(?:@|\(at\)|\[at\])\s?[\w-]{1,63}(?:\.[\w-]{1,63}){1,8}"),
    _shape(
        "email", SHAPED, r"(?<!\w)[\w.+-]{2,64} at [\w-]{2,63} dot (?:com|org|net|edu|gov|[a-z]{2})\b", re.IGNORECASE
    ),
    # Network addresses; without a scheme only with a usual ending or a path: "fever.In the morning" is none.
    _shape(
        "url",
        SHAPED,
        r"\b(?:(?:https?|ftps?|sftp|file|mailto)://|www\.)[^\s<>\"')\]|]{1,2000}(?<![.,;:!?])",
        re.IGNORECASE,
    ),
    _shape("url", SHAPED, rf"(?<![\w@.-])(?:[a-z0-9-]{{2,63}}\.){{1,8}}(?:{_TOP})(?![\w-])(?:/[^\s<>\"')\]]*)?"),
    _shape("url", SHAPED, r"(?<![\w@.-])(?:[a-z0-9-]{1,63}\.){1,8}[a-z]{2,4}/[a-z0-9][^\s<>\"')\],;]*"),
    _shape("url", SHAPED, r"(?<![\w@.])@[a-z_][\w.]{2,30}\b", re.IGNORECASE),
    _shape(
        "device",
        SHAPED,
        r"(?<![\w.])(?:25[0-5]|2[0-4]\d|1?\d?\d)(?:\.(?:25[0-5]|2[0-4]\d|1?\d?\d)){3}(?![\w.]*\w)",
    ),
    _shape(
        "age_over_89",
        SHAPED,
        r"(?<![\w.,/-])(?P<it>(?:9\d|1[0-2]\d)\s?-?\s?(?:y/o|yo|y\.o\.|years?|yrs?)(?:[\s-]?(?:old|of age))?)(?!\w)",
        re.IGNORECASE,
    ),
    _shape(
        "age_over_89",
        CUED,
        r"(?<!\w)(?:aged?(?: of| is)?|turn(?:s|ed|ing)?|(?:i|he|she|who)(?:['’][ms]| am| is| was)"
        r"(?: just| now| nearly| almost)?)\s{1,2}"
        rf"(?P<it>(?:9\d|1[01]\d))(?![\w/%°]|[.,:-]\d|\s?{_UNITS}\b)",
        re.IGNORECASE,
    ),
)


@cache
def _cued() -> tuple[Shape, ...]:
    """The numbers that a word before them gives away."""
    known = cues()
    number = rf"(?<!\w)(?:{known.number_follows})(?:'s)?(?:s\b)?{_IS}(?P<it>{_NUMBER})(?!\s?{_UNITS}\b)"
    card = rf"(?P<it>{_CARD}|\d{{12}}|(?:\d{{4}}[ -]){{3}}\d{{1,4}})"
    account = rf"(?<!\w)(?:{known.card_words})\b[^\n.?!;]{{0,24}}?(?<![\w.]){card}(?!\w)"
    phone = (
        rf"(?<!\w)(?:{known.phone_words})\b[^\d\n.?!;]{{0,24}}\n?\s{{0,4}}(?<![\w.,/])(?P<it>{_PHONE}{_EXTENSION}){_ENDS}"
        rf"(?!\s?{_UNITS}\b)"
    )
    return (
        _shape("record_number", CUED, number, re.IGNORECASE),
        _shape("account_number", CUED, account, re.IGNORECASE),
        _shape("phone", CUED, phone, re.IGNORECASE),
    )


def shapes(text: str) -> Iterator[Found]:
    """Every identifier of these shapes; the group `it` of a pattern that has one is the identifier."""
    for kind, weight, pattern in (*_FIXED, *_cued()):
        for match in pattern.finditer(text):
            yield Found(*match.span("it" if "it" in pattern.groupindex else 0), kind, weight)


def is_code(found: Found, text: str) -> bool:
    """Whether what looks like a number is the code of a terminology, which names nobody."""
    before = text[max(0, found.start - _LONGEST_CODE_SYSTEM) : found.start]
    return found.weight < KNOWN and found.kind in _CODES and _CODE_SYSTEM.search(before) is not None
