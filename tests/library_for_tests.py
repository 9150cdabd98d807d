"""A small library of invented documents of 2099, written straight through the store.

The pages are tested over exactly known themes, organisations and dates, so nothing here is read,
tagged or classified: every value is given.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from flask import Flask
from flask.testing import FlaskClient

from index.build import build_index
from index.clusters import find_clusters
from index.failings import FailingModel
from ingest.own_themes import add_own_theme
from ingest.pasted import read_pasted
from kb.documents import (
    Concern,
    Document,
    Draft,
    Kind,
    Origin,
    Party,
    Passage,
    Role,
    Section,
    SectionKind,
)
from kb.encoder import WordHashEncoder
from kb.refs import passage_key
from kb.settings import Home
from kb.similar import PastedConcern
from kb.store import Store, contributions, documents, ledger, vectors
from kb.store.verify import verify
from kb.themes import ThemeTag
from webui import create_app

SITE = "https://www.judiciary.uk/prevention-of-future-death-reports"
TRUST = "Northmoor Partnership NHS Foundation Trust"
COUNCIL = "Westerby County Council"
BOARD = "Eastvale & Dale Integrated Care Board"
DECEASED = "Ash Inventedname"
COORDINATOR = "No care coordinator was allocated for eleven weeks, so nobody held the plan."
RECURRING = "The same rota left one nurse alone on the ward at night without any relief."
HOSTILE = "Staff wrote <script>alert('x')</script> & \"both\" names into the notes."
CIRCUMSTANCES = "The person was found near the disused lighthouse at Northmoor."
PREAMBLE = "It is my statutory duty to report to you."
BETWEEN = "(Page 2 of 3)"


@dataclass(frozen=True)
class Say:
    """A passage to be: its words, and for each theme the words of it that are the evidence."""

    text: str
    themes: Mapping[str, str] = field(default_factory=dict)
    boilerplate: bool = False
    label: str | None = None
    page: int | None = None


Parts = Sequence[tuple[SectionKind, str, Sequence[Say | str]]]
"""Sections as (kind, heading, what they say); a bare str is text that no passage holds."""


def document(docno: str, *, parts: Parts = (), **values: object) -> Document:
    """Return a document whose text, sections and passages follow from its parts."""
    text = ""
    sections: list[Section] = []
    passages: list[Passage] = []
    for at, (kind, heading, said) in enumerate(parts):
        start = len(text)
        text += f"{heading}\n\n"
        for one in said:
            if isinstance(one, Say):
                passages.append(_passage(one, section=at, start=len(text)))
            text += f"{one.text if isinstance(one, Say) else one}\n\n"
        sections.append(Section(kind, heading, start, len(text)))
    given: dict[str, object] = {
        "kind": Kind.REPORT,
        "title": f"Report {docno}",
        "origin": Origin.FILE,
        "source": f"{docno}.txt",
    }
    return Document(
        docno=docno,
        text=text,
        sections=tuple(sections),
        passages=tuple(passages),
        concerns=tuple(
            Concern(passage.label, passage.start, passage.end)
            for passage in passages
            if sections[passage.section].kind is SectionKind.CONCERNS and not passage.boilerplate
        ),
        **(given | values),  # type: ignore[arg-type]
    )


def _passage(say: Say, *, section: int, start: int) -> Passage:
    tags = tuple(
        ThemeTag(
            theme=theme,
            score=0.9,
            start=say.text.index(words),
            end=say.text.index(words) + len(words),
        )
        for theme, words in say.themes.items()
    )
    return Passage(
        section=section,
        start=start,
        end=start + len(say.text),
        text=say.text,
        label=say.label,
        page=say.page,
        boilerplate=say.boilerplate,
        tags=tags,
    )


def sent_to(*names: str) -> tuple[Party, ...]:
    """Return recipients."""
    return tuple(Party(Role.RECIPIENT, name, name) for name in names)


FULL = document(
    "full-report",
    title="Nobody held the plan",
    url=f"{SITE}/full-report/",
    ref="2099-0001",
    date="2099-03-03",
    coroner="Rowan Testerby",
    coroner_area="Northmoor",
    categories=("Mental Health related deaths",),
    parties=sent_to(TRUST, COUNCIL),
    deceased=DECEASED,
    licence="Open Government Licence v3.0",
    digest="## Summary\n\nA digest with <b>bold</b> & a [link](javascript:alert(1)).",
    parts=[
        (SectionKind.SENT_TO, "THIS REPORT IS BEING SENT TO", [Say(TRUST, boilerplate=True)]),
        (
            SectionKind.CIRCUMSTANCES,
            "4 CIRCUMSTANCES OF THE DEATH",
            [Say(CIRCUMSTANCES, {"care_coordination": "person"})],
        ),
        (
            SectionKind.CONCERNS,
            "5 CORONER'S CONCERNS",
            [
                Say(PREAMBLE, boilerplate=True),
                Say(COORDINATOR, {"care_coordination": "care coordinator"}, label="1", page=2),
                BETWEEN,
                Say(HOSTILE, {"records_it": "into the notes"}, label="2", page=3),
                Say(RECURRING, {"staffing": "one nurse alone"}, label="3", page=3),
                Say("A second coordinator was not allocated either.", label="4"),
                Say("A third coordinator left and was not replaced.", label="5"),
            ],
        ),
    ],
)
REWRITTEN = document(
    "rewritten-report",
    title="Discharged without a summary",
    origin=Origin.TOOLKIT,
    source="toolkit_reports.csv",
    url=f"{SITE}/rewritten-report/",
    ref="2098-0002",
    date="2098-07",
    coroner_area="Westerby",
    parties=sent_to(COUNCIL),
    parts=[
        (
            SectionKind.CONCERNS,
            "concerns",
            [
                Say("The discharge summary was late.", {"discharge": "discharge summary"}),
                Say(f"{RECURRING} Twice.", {"staffing": "one nurse alone"}),
            ],
        )
    ],
)
DIGEST = document(
    "digest-report",
    title="A digest of nobody's plan",
    origin=Origin.DIGEST,
    source="2097-0003.md",
    date="2097",
    parties=sent_to(TRUST),
    url=f"{SITE}/digest-report/",
    parts=[
        (
            SectionKind.CONCERNS,
            "## Concerns",
            [
                Say("No key worker was named.", {"care_coordination": "key worker"}, label="1"),
                Say(f"{RECURRING} Once.", {"staffing": "one nurse alone"}, label="2"),
            ],
        )
    ],
)
RESPONSE = document(
    "trust-letter",
    kind=Kind.RESPONSE,
    title="Letter to the coroner",
    date="2099-04-20",
    url="javascript:alert(1)",
    parties=(Party(Role.RESPONDENT, TRUST, TRUST),),
    facts={"report_date": "2099-03-03"},
    parts=[
        (
            SectionKind.ANSWER,
            "Care coordination",
            [Say("A care coordinator is now named in a week.", {"care_coordination": "named"})],
        )
    ],
)
DETAILS_ONLY = document(
    "details-only",
    title="Regulation 28 report 2096-0004",
    origin=Origin.TRACKER,
    source="tracker_reports.csv",
    url=f"{SITE}/details-only/",
    ref="2096-0004",
    date="2096-02-01",
    parties=sent_to(BOARD),
    deceased=DECEASED,
)
SMALL = tuple(
    document(
        f"small-{n:02}",
        title=f"Small report {n}",
        date=f"{2080 + n}-01-01",
        url=f"{SITE}/small-{n:02}/",
        parties=sent_to(*([TRUST, BOARD][: 1 + n % 2])),
        parts=[
            (
                SectionKind.CONCERNS,
                "CONCERNS",
                [
                    Say(
                        f"Training number {n} on the zebra protocol was missed.",
                        {"training": "zebra"},
                    )
                ],
            )
        ],
    )
    for n in range(12)
)
EVERY = (FULL, REWRITTEN, DIGEST, RESPONSE, DETAILS_ONLY, *SMALL)


def key_of(document: Document, text: str) -> str:
    """Return the key under which a passage of a document is held."""
    return passage_key(document.docno, text)


def write_library(home: Home, *held: Document) -> None:
    """Make a library of documents, with its index and recurring concerns, and verify it."""
    encoder = WordHashEncoder()
    with Store.writing(home, purpose="test") as store:
        for one in held:
            _write(store, one, encoder)
        with store.db.atomic():
            ledger.record(store.db, _entry("scan.pdf", None, reason="no_text"))
        build_index(store, encoder)
        find_clusters(store, FailingModel(encoder))
        assert verify(store.db) == []


def _write(store: Store, one: Document, encoder: WordHashEncoder) -> None:
    draft = Draft(
        key=one.source, docno=one.docno, origin=one.origin, source=one.source, sha256="0" * 64
    )
    with store.db.atomic():
        wanted = documents.write_document(store.db, one, organisation_key=str.lower)
        contributions.write_contribution(store.db, draft)
        if wanted:
            hashes = [hashed for hashed, _ in wanted]
            made = encoder.encode([text for _, text in wanted])
            vectors.keep(store.db, hashes, made, encoder.fingerprint)
        ledger.record(store.db, _entry(f"{one.source}#{one.docno}", one.docno))


def _entry(key: str, docno: str | None, *, reason: str | None = None) -> ledger.Entry:
    return ledger.Entry(
        key=key,
        source=key,
        docno=docno,
        sha256="0" * 64,
        recipe="test",
        state="failed" if reason else "done",
        reason=reason,
        detail="It holds pictures <b>only</b>. Read it with OCR first." if reason else None,
    )


def remove(home: Home, docno: str) -> None:
    """Take a document out of a library."""
    with Store.writing(home, purpose="test") as store, store.db.atomic():
        documents.remove_document(store.db, docno)
        store.db.execute("DELETE FROM ledger WHERE docno = ?", [docno])


def app_over(home: Home) -> Flask:
    """Return the application over a home."""
    return create_app(
        home,
        encoder=WordHashEncoder(),
        add_own_theme=add_own_theme,
        read_concerns=read_concerns,
    )


def read_concerns(text: str) -> tuple[PastedConcern, ...]:
    """Return the concerns of a pasted text, a word counted as a token."""
    return read_pasted(text, count=lambda words: len(words.split()))


def token(client: FlaskClient) -> str:
    """Return the token that this client's forms must send."""
    client.get("/search?q=coordinator")
    with client.session_transaction() as session:
        held: str = session["csrf"]
    return held


def add_to_case(client: FlaskClient, *keys: str) -> None:
    """Put passages into the client's case list."""
    csrf = token(client)
    for key in keys:
        answer = client.post("/case/add", data={"csrf": csrf, "key": key, "back": "/search"})
        assert answer.status_code == 302
