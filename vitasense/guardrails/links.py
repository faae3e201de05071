"""Links and images in a reply are taken out: an address can carry what was read to whoever owns it."""

import re

_IMAGE = re.compile(r"!\[([^\]\n]{0,500})\]\s?(?:\((?:[^()\n]|\([^()\n]{0,500}\)){0,2000}\)|\[[^\]\n]{0,200}\])")
_LINK = re.compile(
    r"\[((?:[^\[\]\n]|\[[^\[\]\n]{0,200}\]){0,500})\]\s?(?:\((?:[^()\n]|\([^()\n]{0,500}\)){0,2000}\)|\[[^\]\n]{0,200}\])"
)
_DEFINITION = re.compile(r"^ {0,3}\[[^\]\n]{1,200}\]:[^\n]*$", re.MULTILINE)
_TAG = re.compile(r"</?[a-zA-Z!][^<>]{0,2000}>")
_UNCLOSED_TAG = re.compile(
    r"<(?:img|a|iframe|script|object|embed|link|video|audio|source|svg|form)\b[^<>]{0,2000}$", re.IGNORECASE
)
_SCHEME = r"(?:https?|hxxps?|ftps?|wss?|data|javascript|vbscript|file|mailto|tel|blob)"
_BARE = re.compile(rf"<?(?<![a-z])(?:{_SCHEME}\s?:\s?/{{0,3}}|www\.)(?=\S)[^\s<>)\]]{{1,2000}}>?", re.IGNORECASE)
_SCHEMELESS = re.compile(r"(?<![\w:/.])//[a-z0-9-]{1,63}(?:\.[a-z0-9-]{1,63}){1,8}[^\s<>)\]]{0,2000}", re.IGNORECASE)
# Only endings that are no English words and no part of a laboratory name ("Hemoglobin.total").
_DOMAIN = re.compile(
    r"(?<![\w@.-])(?:[a-z0-9-]{1,63}\.){1,8}(?:com|org|net|io|info|biz|app|dev|xyz|online|site|example|ru|cn|de|uk|fr|eu)"
    r"(?![\w-])(?:[:/?#][^\s<>)\]]{0,2000})?"
)
_INVISIBLE = re.compile("[\u200b-\u200f\u2060-\u2064\u00ad\ufeff\U000e0000-\U000e007f]")


def strip_links_and_images(markdown: str) -> str:
    """Markdown without links, images, HTML tags and bare addresses; the words of links stay.

    Characters that cannot be seen go as well: they hide an address from this look or a message from the reader.
    """
    text = _DEFINITION.sub("", _INVISIBLE.sub("", markdown))
    text = _LINK.sub(r"\1", _IMAGE.sub("", text))
    text = _UNCLOSED_TAG.sub("", _TAG.sub("", text))
    for address in (_BARE, _SCHEMELESS, _DOMAIN):
        text = address.sub("", text)
    return text
