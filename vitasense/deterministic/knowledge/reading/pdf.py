"""The text of a PDF, page by page. A scanned PDF has none: it is refused and told so."""

import re
from collections.abc import Iterator
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING

from vitasense.deterministic.platform.problems import InvalidInput, TooLarge

if TYPE_CHECKING:
    from pypdfium2 import PdfDocument

MOST_PAGES = 500
MOST_LETTERS = 8_000_000  # of all pages together
LEAST_LETTERS = 20  # a page on average; less is a scan with some stamps on it
_ONE_AT_A_TIME = Lock()  # PDFium may be used by one thread at a time
_HYPHEN = re.compile(r"(?<=[a-z])(?:-|\u00ad|\ufffe)\n(?=[a-z])")


def text_of_pdf(path: Path) -> str:
    """The pages' text, with words joined that the end of a line parts. Raises InvalidInput and TooLarge."""
    with _ONE_AT_A_TIME:
        return _HYPHEN.sub("", _text(path))


def _text(path: Path) -> str:
    from pypdfium2 import PdfDocument, PdfiumError  # noqa: PLC0415  (loads a library of 7 MB, for PDFs only)

    try:
        document = PdfDocument(path)
    except PdfiumError:
        raise InvalidInput("The PDF cannot be opened: it is damaged, or locked with a password.") from None
    try:
        if len(document) > MOST_PAGES:
            raise TooLarge(
                f"The PDF has {len(document)} pages; at most {MOST_PAGES} are read. Send the part that matters."
            )
        text = "\n".join(_pages(document))
        if len(text) < LEAST_LETTERS * len(document):
            raise InvalidInput(
                "The PDF holds pictures of pages and no text. Send it as text, or after text recognition."
            )
    finally:
        document.close()
    return text


def _pages(document: "PdfDocument") -> Iterator[str]:
    letters = 0
    for number in range(len(document)):
        page = document[number]
        words = page.get_textpage()
        try:
            letters += words.count_chars()
            if letters > MOST_LETTERS:
                raise TooLarge(f"The PDF has more than {MOST_LETTERS:,} letters.")
            text: str = words.get_text_bounded()  # pyright: ignore[reportUnknownMemberType]
            yield text.replace("\r\n", "\n").replace("\r", "\n")
        finally:
            words.close()
            page.close()
