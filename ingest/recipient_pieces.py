"""Lists of recipients that a scraper put together, and the names in them that nobody wrote."""

import functools
import re
from collections.abc import Iterable

from ingest.organisations import organisation_key, plain_key, registered
from ingest.wording import table

_TIGHT_BAR = re.compile(r"\w\)?\|\w")
_TIGHT_COMMA = re.compile(r"(?:^|[\w)]),,?(?=[A-Z])")
_JOINING = frozenset(("of", "and", "for", "in", "as"))


def is_scraped(written: str) -> bool:
    """Tell whether a list was put together by a scraper, from pieces of the names it met.

    One of the exports has such lists ("...|Department of Health|Social Care|..."): names joined
    without a space, each beside shorter ones that are made of its words. Where another source
    lists the recipients of the same report, that list is the better one.
    """
    # One comma without a space is a slip; a person makes no list of them.
    return bool(_TIGHT_BAR.search(written)) or len(_TIGHT_COMMA.findall(written)) > 1


def made_of_others(read: Iterable[tuple[str, str]]) -> frozenset[str]:
    """Return the keys of names all of whose words stand in another name of the same list.

    `read` holds the words as written and the name read from them; the words are compared, since
    "Medway NHS Trust" is a piece and the full name of the trust would hide it.
    A body of the register is a piece only of another one ("East London" of "North East London");
    any other name may also be pieced together from several ("Care Agency").
    """
    forms: dict[str, list[frozenset[str]]] = {}
    for written, name in read:
        forms.setdefault(organisation_key(name), []).append(_words(written))
    known = {key for key in forms if registered(key)}
    whole = {key: _words(key).union(*each) for key, each in forms.items()}
    pieces: set[str] = set()
    for key in sorted(forms, key=lambda key: max(map(len, forms[key]))):
        loose = key not in known or key in _made_up()
        others = [
            whole[other]
            for other in forms
            if other not in pieces | {key} and (loose or other in known)
        ]
        if loose:
            others.append(frozenset().union(*others))
        if all(any(words < other for other in others) for words in forms[key]):
            pieces.add(key)
    return frozenset(pieces)


def _words(name: str) -> frozenset[str]:
    return frozenset(plain_key(name).split()) - _JOINING


@functools.cache
def _made_up() -> frozenset[str]:
    return frozenset(table("organisations")["pieces"])
