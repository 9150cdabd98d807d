"""Questions made at random, and how each is answered: `python -m tests.queries --number 1000`.

The generator is seeded: the same seed, number and library make the same questions. Each goes
through the one search path and the offer of another spelling, as on the search page. Without
`--home` the library is the shipped starter, read in with the encoder that tests use.
"""

import argparse
import os
import random
import re
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st

from index.search import Searcher
from kb.cli import run as command
from kb.cli.base import encoder_or_reason, failings_or_none, question_reader
from kb.documents import Kind, Role, SectionKind
from kb.errors import UnknownFilterValue
from kb.queries import Filters, SearchPage, SearchQuery
from kb.settings import FAKE_MODEL, Home
from kb.store import Store
from kb.themes import themes

MOST_SECONDS = 2.0
_TRIES = 3
"""A slow answer is asked for again: only the quickest tells what the program itself needs."""
_BATCH = 1000
"""Hypothesis remembers every example of a run, so a long run is cut into short ones."""
_LONGEST = 10_000

_COMMANDS = """
    OR or ref: org: theme: year: -theme:staffing ref:2099-0001 ref:x org:nhs org:"a" org:%
    theme:staffing theme:"Staffing" theme:own:x theme:weather year:2019 year:2021-2018 year:99999
    -plan -"care plan" -"" - -- " "" \"\"\" “ ” “care plan” 2019-0135 2019 – 0135 co-ordinator
    in-patient re- -re
""".split()
_SYNTAX = """
    NEAR( NEAR(care,2) AND NOT ^plan plan* * text: text:plan {text} col:x ( ) (( + { } "plan"* ^
""".split()
_MARKS = """
    ' ’ '' ; \\ % _ ? ~ | & < > # @ 14/03/2021 £3,000 1e999 -1 0x7f 9999999999999999999999
""".split()
_NASTY = (
    "\0",
    "a\0b",
    "\r\n",
    "\t",
    "\x1b[31m",
    "\x7f",
    "\ud800",  # half of a surrogate pair
    "plan\udcff",
    'org:"nhs\udcff"',
    "\ufeff",
    "\u202eplan",
    "\u200b",
    "\u2028",
    "🦓",
    "👩‍⚕️👨‍👩‍👧",
    "e\u0301" * 3,
    "z\u0335\u0336\u0337" * 20,
    "رعاية",
    "照護計劃",
    "ﬁle",
    "İIıſß",
    "Ⅷ²½",
    "' OR 1=1; DROP TABLE passages; --",
    "'; SELECT * FROM documents WHERE '1'='1",
    "<script>alert('x')</script>",
    "</mark><b>&amp;&lt;",
    "{{ 7*7 }}",
    "%00%ff%",
    "../../etc/passwd",
    "$(id)`id`",
    "(?:a+)+$",
)
_LONG = (
    "a",
    "\0",
    "é",
    "\u0301",
    "🦓",
    '"',
    "-a ",
    "OR ",
    "a OR ",
    '"a b" ',
    '-"a b" ',
    "“a” OR ",
    "org:nhs ",
    "theme:staffing ",
    "ref:2019-0135 ",
    "2019-0135 ",
    "(",
    "* ",
    "NEAR(",
    "'",
    "9",
    "co-",
    "-",
    " ",
    "care ",
    "care plan ",
)


@dataclass(frozen=True, slots=True)
class Known:
    """What a library holds that a question may name."""

    words: tuple[str, ...]
    snippets: tuple[str, ...]
    organisations: tuple[str, ...]
    areas: tuple[str, ...]
    categories: tuple[str, ...]
    refs: tuple[str, ...]

    @classmethod
    def of(cls, store: Store) -> "Known":
        """Return the words of a library, each list in an order of its own."""
        rows = store.db.execute("SELECT text FROM passages WHERE boilerplate = 0 ORDER BY key")
        texts = [row[0] for row in rows][:4000]
        words = {word for text in texts for word in re.findall(r"[^\W_]+", text)}
        return cls(
            words=tuple(sorted(words)) or ("plan",),
            snippets=tuple(text[:60].rsplit(" ", 1)[0] for text in texts[:500]) or ("a plan",),
            organisations=_column(store, "SELECT name FROM organisations"),
            areas=_column(store, "SELECT DISTINCT coroner_area FROM documents"),
            categories=_column(store, "SELECT DISTINCT category FROM categories"),
            refs=_column(store, "SELECT DISTINCT ref FROM documents"),
        )


def _column(store: Store, sql: str) -> tuple[str, ...]:
    return tuple(sorted(row[0] for row in store.db.execute(sql) if row[0])) or ("none",)


@dataclass(frozen=True, slots=True, kw_only=True)
class Asking:
    """A question, its filters by name, and which hits to show."""

    text: str
    filters: dict[str, str] = field(default_factory=dict)
    limit: int = 10
    offset: int = 0
    per_document: int | None = 3


def texts(known: Known) -> st.SearchStrategy[str]:
    """Return questions of all kinds: likely ones, odd ones, and some of 10,000 characters."""
    word, snippet = st.sampled_from(known.words), st.sampled_from(known.snippets)
    named = st.one_of(
        st.sampled_from(known.organisations).map('org:"{}"'.format),
        st.sampled_from(known.refs).map("ref:{}".format),
        st.sampled_from(sorted(themes())).map("theme:{}".format),
        st.integers(2014, 2026).map("year:{}".format),
    )
    plain, nasty = st.one_of(word, snippet), st.sampled_from(_NASTY)
    odd = st.one_of(
        word.map("-{}".format),
        word.map("{} OR ".format),
        word.map(_misspelt),
        word.map('"{}"'.format),
        snippet.map('"{}"'.format),
        named,
        st.sampled_from(_COMMANDS),
        st.sampled_from(_SYNTAX),
        st.sampled_from(_MARKS),
        *(nasty, nasty, nasty),
        st.text(max_size=12),
    )
    piece = st.one_of(plain, odd)
    some = st.one_of(
        st.lists(plain, min_size=1, max_size=8),
        st.lists(st.one_of(plain, plain, odd), min_size=1, max_size=8),
        st.lists(piece, min_size=1, max_size=8),
    )
    short = st.builds(str.join, st.sampled_from(("", " ", " ", " ")), some)
    long = st.one_of(
        st.builds(_repeated, st.one_of(st.sampled_from(_LONG), piece), st.integers(0, 3)),
        st.builds(_many, st.just(known.words), st.integers(0, 2**32), st.sampled_from(_BETWEEN)),
    )
    rare = st.integers(0, 24)
    return rare.flatmap(
        lambda one: st.text(max_size=300) if one == 1 else long if not one else short
    )


_BETWEEN = (" ", "q ", " -", '" "', " OR ", "\0", ", ")


def _misspelt(word: str) -> str:
    return word[1:2] + word[:1] + word[2:]


def _repeated(piece: str, more: int) -> str:
    """Return a piece over and over: 10,000 characters, or a few more than are read."""
    return (piece * (_LONGEST // max(1, len(piece)) + 1))[: _LONGEST + more]


def _many(words: Sequence[str], number: int, between: str) -> str:
    """Return a thousand words of the library, picked by a number."""
    return between.join(random.Random(number).choices(words, k=1000))


def filters(known: Known) -> st.SearchStrategy[dict[str, str]]:
    """Return what a search may be narrowed to: mostly nothing, then things held, then others."""
    odd = st.one_of(st.sampled_from((*_NASTY, "", "%", "x" * _LONGEST)), st.text(max_size=9))
    day = st.dates(date(2012, 1, 1), date(2027, 1, 1)).map(str)
    when = st.one_of(day, day.map(lambda one: one[:7]), day.map(lambda one: one[:4]))
    values: dict[str, Sequence[str] | st.SearchStrategy[str]] = {
        "kind": list(Kind),
        "theme": [*themes(), "own:none"],
        "organisation": [*known.organisations, "NHS", "council"],
        "role": list(Role),
        "area": known.areas,
        "category": known.categories,
        "section": list(SectionKind),
        "year": when,
        "from_date": when,
        "to_date": when,
    }
    held = [
        st.tuples(
            st.just(name), one if isinstance(one, st.SearchStrategy) else st.sampled_from(one)
        )
        for name, one in values.items()
    ]
    strange = st.tuples(st.sampled_from(sorted(values)), odd)
    pair = st.one_of(*held, *held, strange)
    number = st.sampled_from((0,) * 12 + (1, 1, 1, 2, 2, 3))
    return number.flatmap(lambda n: st.lists(pair, min_size=n, max_size=n).map(_named))


def _named(pairs: list[tuple[str, str]]) -> dict[str, str]:
    return {name: str(value) for name, value in pairs}


def askings(known: Known) -> st.SearchStrategy[Asking]:
    """Return questions with their filters."""
    return st.builds(
        Asking,
        text=texts(known),
        filters=filters(known),
        limit=st.sampled_from((10, 10, 1, 50)),
        offset=st.sampled_from((0,) * 16 + (10, 10, 1000)),
        per_document=st.sampled_from((3, 3, None, 1)),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """How a question was answered: by hits, or with a sentence that refuses it.

    `fault` says what is wrong with it, None where nothing is. `seconds` is of the search and of
    the other spelling together.
    """

    asking: Asking
    seconds: float
    refused: bool = False
    empty: bool = False
    fault: str | None = None


def answered(searcher: Searcher, store: Store, asking: Asking) -> Answer:
    """Ask a question and look at the answer; one that takes too long is asked again."""
    found = _answered(searcher, store, asking)
    for _ in range(_TRIES - 1):
        if found.seconds > MOST_SECONDS:
            found = min(found, _answered(searcher, store, asking), key=lambda one: one.seconds)
    if found.fault is None and found.seconds > MOST_SECONDS:
        return Answer(asking=asking, seconds=found.seconds, fault=f"took {found.seconds:.1f} s")
    return found


def _answered(searcher: Searcher, store: Store, asking: Asking) -> Answer:
    began = time.perf_counter()

    def ended(**values: Any) -> Answer:
        return Answer(asking=asking, seconds=time.perf_counter() - began, **values)

    try:
        query = SearchQuery(
            text=asking.text,
            filters=Filters(**asking.filters),
            limit=asking.limit,
            offset=asking.offset,
            per_document=asking.per_document,
        )
        page = searcher.search(store, query)
        other = searcher.suggestion(store, asking.text)
    except UnknownFilterValue as error:
        return ended(refused=True, fault=None if error.sentence else "refused without a sentence")
    except Exception as error:  # noqa: BLE001 - anything that comes out is what is looked for
        return ended(fault=f"{type(error).__name__}: {error}")
    if other is not None and not other.strip():
        return ended(fault="offers nothing as another spelling")
    return ended(empty=not page.hits, fault=fault_of(page, asking))


def fault_of(page: SearchPage, asking: Asking) -> str | None:
    """Return what is wrong with an answer, None where nothing is."""
    return next((sentence for sentence, wrong in _CHECKS.items() if wrong(page, asking)), None)


def _spans_astray(page: SearchPage, _: Asking) -> bool:
    for hit in page.hits:
        at = 0
        for start, end in hit.highlights:
            if not at <= start < end <= len(hit.text):
                return True
            at = end
    return False


def _too_many_shown(page: SearchPage, asking: Asking) -> bool:
    each = asking.per_document
    documents = {hit.docno for hit in page.hits}
    return len(documents if each else page.hits) > asking.limit or (
        each is not None and len(page.hits) > each * len(documents)
    )


_CHECKS: dict[str, Callable[[SearchPage, Asking], bool]] = {
    "a highlight lies outside its text": _spans_astray,
    "more is shown than was asked for": _too_many_shown,
    "the ranks do not count up": lambda page, asking: (
        [hit.rank for hit in page.hits]
        != list(range(asking.offset + 1, asking.offset + 1 + len(page.hits)))
    ),
    "more hits than the total": lambda page, _: len(page.hits) > page.total,
    "more documents than passages": lambda page, _: page.documents > page.total,
    "a facet counts more documents than were found": lambda page, _: any(
        not 0 < value.count <= page.documents for facet in page.facets.values() for value in facet
    ),
    "an empty notice": lambda page, _: page.notice is not None and not page.notice.strip(),
}


@dataclass(slots=True)
class Tally:
    """What a run has found so far."""

    questions: int = 0
    refused: int = 0
    empty: int = 0
    seconds: float = 0.0
    slowest: Answer | None = None
    faults: list[Answer] = field(default_factory=list)

    def add(self, answer: Answer) -> None:
        """Count an answer."""
        self.questions += 1
        self.refused += answer.refused
        self.empty += answer.empty
        self.seconds += answer.seconds
        if self.slowest is None or self.slowest.seconds < answer.seconds:
            self.slowest = answer
        if answer.fault:
            self.faults.append(answer)

    def __str__(self) -> str:
        slowest = self.slowest.seconds if self.slowest else 0.0
        mean = 1000 * self.seconds / max(1, self.questions)
        return (
            f"{self.questions} questions, {self.refused} refused with a sentence, {self.empty} "
            f"found nothing: {len(self.faults)} errors, slowest {slowest:.2f} s, mean {mean:.0f} ms"
        )


def made(strategy: st.SearchStrategy[Asking], *, number: int, chosen: int) -> Iterator[Asking]:
    """Yield questions; the same seed and number always yield the same ones."""
    for at in range(0, number, _BATCH):
        yield from _batch(strategy, size=min(_BATCH, number - at), name=f"{chosen}/{at}")


def _batch(strategy: st.SearchStrategy[Asking], *, size: int, name: str) -> list[Asking]:
    found: list[Asking] = []

    @seed(name)
    @settings(
        max_examples=size,
        database=None,
        deadline=None,
        phases=[Phase.generate],  # earlier examples would make it another run each time
        suppress_health_check=list(HealthCheck),
    )
    @given(strategy)
    def draw(asking: Asking) -> None:
        found.append(asking)

    draw()
    return found


def run(home: Home, searcher: Searcher, *, number: int, chosen: int) -> Tally:
    """Ask a library questions; faults are told on stderr as they are found."""
    tally = Tally()
    with Store.reading(home) as store:
        for asking in made(askings(Known.of(store)), number=number, chosen=chosen):
            answer = answered(searcher, store, asking)
            tally.add(answer)
            if answer.fault:
                print(_told(answer), file=sys.stderr, flush=True)
            if tally.questions % 10_000 == 0:
                print(tally, file=sys.stderr, flush=True)
    return tally


def _told(answer: Answer) -> str:
    text = ascii(answer.asking.text)
    shown = text if len(text) < 400 else f"{text[:400]}... ({len(answer.asking.text)} characters)"
    return f"{answer.fault!a} for {shown} with {ascii(answer.asking.filters)[:300]}"


def main() -> int:
    """Print a summary of the answers to questions made at random; 1 where any was wrong."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--number", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--home", type=Path, help="A library, read with the model of its home.")
    chosen = parser.parse_args()
    with ExitStack() as stack:
        root = chosen.home or Path(stack.enter_context(tempfile.TemporaryDirectory()))
        if chosen.home is None:
            os.environ["PFDKB_MODEL"] = FAKE_MODEL
            if command(["--home", str(root), "demo", "--no-serve"]):
                return 1
        home = Home(root)
        searcher = Searcher(
            encoder_or_reason(home), reader=question_reader(home), failings=failings_or_none(home)
        )
        tally = run(home, searcher, number=chosen.number, chosen=chosen.seed)
    print(tally)
    if tally.slowest:
        print(f"The slowest: {_told(tally.slowest)}", file=sys.stderr)
    return 1 if tally.faults else 0


if __name__ == "__main__":
    raise SystemExit(main())
