"""Text as the XML of office files can hold it."""

import re

# XML 1.0 has no way to write these; a PDF's text layer may hold them.
_IMPOSSIBLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def possible(text: str) -> str:
    """Return text with U+FFFD for every character that XML cannot hold."""
    return _IMPOSSIBLE.sub("\ufffd", text)
