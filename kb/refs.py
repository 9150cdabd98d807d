"""The names things go by: slugs, docnos, PFD refs, partial dates."""

import hashlib
import re
import unicodedata
from pathlib import Path
from typing import NewType
from urllib.parse import unquote, urlsplit

Docno = NewType("Docno", str)
"""A document's name: the slug of its URL, or its file's name without the extension."""

_REF = re.compile(r"(?<!\d)(20\d{2})\s*[-–—‐/]\s*(\d{3,4})\s*\(?([A-Za-z]?)\)?(?!\w)")
_PARTIAL = re.compile(r"\d{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12]\d|3[01]))?)?")


def slug_of(url: str) -> str:
    """Return the last path segment of an address, lower case: a published report's identity."""
    try:
        path = urlsplit(url.strip()).path
    except ValueError:  # "http://[" is no address
        return ""
    return unquote(path.rstrip("/").rsplit("/", 1)[-1]).lower()


def docno_of_name(stem: str) -> Docno:
    """Return a docno for a file's name without extension; hostile names become harmless ones.

    Letters, digits, dot, underscore and hyphen stay; everything else is a hyphen. An empty result
    is named by a hash of the original, so that two nameless files do not meet.
    """
    plain = unicodedata.normalize("NFKC", stem)
    safe = re.sub(r"[^\w.-]+", "-", plain).strip("-.")[:120]
    if not safe:
        safe = "unnamed-" + hashlib.sha256(stem.encode("utf-8", "surrogatepass")).hexdigest()[:8]
    return Docno(safe)


def normalise_ref(written: str) -> str | None:
    """Return a PFD ref as `2019-0135` (or `2019-0135A`), or None if the words hold none.

    Spellings met in the published rows: "2016 – 0396", "2019-0135A", "2015-0102(A)", a three-digit
    number ("2017-046"), a stray non-breaking space in front.
    """
    match = _REF.search(written.replace("\xa0", " "))
    if match is None:
        return None
    return f"{match[1]}-{match[2].zfill(4)}{match[3].upper()}"


def is_partial_date(value: str) -> bool:
    """Tell whether a value is a date as stored: `2021`, `2021-09` or `2021-09-11`."""
    return _PARTIAL.fullmatch(value) is not None


def passage_key(docno: str, text: str, repeat: int = 0) -> str:
    """Return the stable name of a passage: it stays the same while its document and words do.

    `repeat` counts earlier passages of the same document with the same words.
    """
    raw = f"{docno}\n{text}\n{repeat}"
    return hashlib.sha256(raw.encode("utf-8")).hexdigest()[:12]


def text_hash(text: str) -> str:
    """Return the sha256 of a text, under which its vector is kept."""
    return hashlib.sha256(text.encode("utf-8")).hexdigest()


def file_hash(file: Path) -> str:
    """Return the sha256 of a file's bytes. Raises `OSError` where it cannot be read."""
    with file.open("rb") as handle:
        return hashlib.file_digest(handle, "sha256").hexdigest()
