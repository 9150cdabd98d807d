"""Numbers, dates and lists as a person reads them, for the templates."""

import functools
from collections.abc import Sequence
from urllib.parse import quote_plus

from flask import Flask

from kb.citations import date_words, web_link
from kb.library import CONTENT_NOTE, INDEPENDENCE
from webui import case_list, doubted


def attach(app: Flask) -> None:
    """Make the phrases known to the templates."""
    app.jinja_env.filters.update(
        counted=counted,
        number=number,
        date_words=date_words,
        joined=joined,
        quoted=quoted,
        web_link=web_link,
        field_words=doubted.field_words,
    )
    app.jinja_env.tests.update(closed_doubt=doubted.is_closed)
    app.jinja_env.globals.update(
        CONTENT_NOTE=CONTENT_NOTE,
        INDEPENDENCE=INDEPENDENCE,
        CLOSED_WORDS=doubted.CLOSED_WORDS,
        case_keys=case_list.keys,
    )


def number(value: int) -> str:
    """Return 5516 as "5,516"."""
    return f"{value:,}"


def counted(value: int, one: str, many: str | None = None) -> str:
    """Return "1 passage", "2 passages"; `many` where an s is not enough."""
    return f"{value:,} {one if value == 1 else many or one + 's'}"


def joined(words: Sequence[str], last: str = "and") -> str:
    """Return "a", "a and b", "a, b and c"."""
    if len(words) < 2:
        return "".join(words)
    return f"{', '.join(words[:-1])} {last} {words[-1]}"


@functools.lru_cache(maxsize=4096)
def quoted(value: str) -> str:
    """Return a value as it stands in an address; the same ones narrow most pages of results."""
    return quote_plus(value)
