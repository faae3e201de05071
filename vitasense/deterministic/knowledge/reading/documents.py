"""A file that is to be read into candidates, as text: plain text, Markdown, PDF, or one label of openFDA as JSON."""

from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from vitasense.deterministic.knowledge.formats.openfda import Label, labels
from vitasense.deterministic.knowledge.reading.pdf import text_of_pdf
from vitasense.deterministic.platform.problems import InvalidInput, NotFound, TooLarge
from vitasense.deterministic.platform.untrusted import visible

LARGEST = 32 << 20  # bytes of a file
KINDS = (".txt", ".md", ".pdf", ".json")


@dataclass(frozen=True, slots=True)
class Document:
    """What a file says. `names` are the medicines that it is about, as far as the file itself says so."""

    text: str
    names: tuple[str, ...] = ()


def text_of(path: Path, kind: str | None = None) -> Document:
    """The text of a file; `kind` is its suffix when the path has another one, such as that of an upload.

    Raises NotFound, TooLarge, and InvalidInput with what to do for a file that has no text or is of no such kind.
    """
    suffix = (kind or path.suffix).lower()
    if suffix not in KINDS:
        raise InvalidInput(
            f"Files of the kind “{suffix or 'without a suffix'}” are not read. There are: {', '.join(KINDS)}."
        )
    if not path.is_file():
        raise NotFound(f"There is no file {path.name}.")
    if path.stat().st_size > LARGEST:
        raise TooLarge(f"The file is larger than {LARGEST >> 20} MB.")
    if suffix == ".json":
        return _label(path)
    text = text_of_pdf(path) if suffix == ".pdf" else _plain(path)
    if not any(letter.isalpha() for letter in text):
        raise InvalidInput("The file has no words in it.")
    return Document(visible(text))


def _plain(path: Path) -> str:
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError:
        raise InvalidInput("The file is not text in UTF-8: save it as UTF-8.") from None
    if "\x00" in text:
        raise InvalidInput("The file holds NUL characters: it is damaged or not text.")
    return text


def _label(path: Path) -> Document:
    found = list(islice(labels(path), 2))
    if len(found) != 1:
        told = "no label" if not found else "more than one label: import it as a release of openFDA instead"
        raise InvalidInput(f"The JSON holds {told}.")
    return document_of(found[0])


def document_of(label: Label) -> Document:
    """A label's sections under their headings, and its brand and ingredients as names."""
    sections = (f"{section.name.replace('_', ' ').upper()}\n\n{section.text}" for section in label.sections)
    return Document(visible("\n\n".join(sections)), (label.name, *label.ingredients))
