"""A library for the pages across providers, and its numbers counted again from the raw rows.

Nothing here asks the product's queries: rows are read as they are and counted with Python's sets.
"""

import sqlite3
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from kb.documents import Document, Kind, Party, Role, SectionKind
from kb.refs import passage_key
from kb.settings import Home
from kb.store import Store, judgements
from kb.store.judgements import Verdict
from tests.library_for_tests import (
    BOARD,
    COUNCIL,
    RECURRING,
    TRUST,
    Say,
    document,
    sent_to,
    write_library,
)
from tests.test_webui_roles import WITH_ROLES

SURGERY = "Quietfield Surgery"
UNKNOWN = "Larkhouse"
AREAS = ("Northmoor (East) & Dale", "Dale and East Northmoor", "Westerby")
KIND_OF = {
    TRUST: "NHS trusts",
    COUNCIL: "Councils",
    BOARD: "Integrated care boards",
    SURGERY: "General practices",
    UNKNOWN: "Kind not known",
}
"""What each invented organisation's name tells of its kind."""
AREA_OF = {AREAS[0]: AREAS[0], AREAS[1]: AREAS[0], AREAS[2]: AREAS[2]}
"""Each spelling of an area and the commonest spelling of the same."""
FORM_WORDS = "Your training must be stated."
"""Standard wording: a tag on it counts nowhere, as search does not find it."""
REJECTED = (("many-00", "training"), ("no-theme-left", "staffing"))
"""Tags that an editor rejected, by document and theme: they count nowhere."""
_WORDS = {
    "training": "training",
    "staffing": "rota",
    "discharge": "discharge",
    "info_sharing": "shared",
    "records_it": "record",
}


def raised(docno: str, *themes: str, **values: object) -> Document:
    """Return a report that raises themes, one concern each."""
    said = [
        Say(f"In {docno} the {_WORDS[theme]} was wanting.", {theme: _WORDS[theme]})
        for theme in themes
    ]
    parts = [
        (SectionKind.CONCERNS, "CONCERNS", said or [Say(f"In {docno} something was wanting.")])
    ]
    return document(docno, parts=parts, **values)


MORE = (
    *(
        raised(
            f"many-{n:02}",
            *[theme for at, theme in enumerate(_WORDS) if (n + at) % 3 == 0],
            date=f"209{n % 4 + 4}-0{n % 9 + 1}-11",
            coroner_area=AREAS[n % 3 if n != 4 else 0],
            parties=sent_to(*[one for at, one in enumerate(KIND_OF) if (n + at) % 2 == 0]),
        )
        for n in range(11)
    ),
    raised("no-date", "training", coroner_area=AREAS[0], parties=sent_to(TRUST, SURGERY)),
    raised("no-body", "staffing", "discharge", date="2095-02"),
    raised("only-a-year", "staffing", date="2094", parties=sent_to(UNKNOWN)),
    raised("no-theme-left", "staffing", date="2094-06", parties=sent_to(COUNCIL)),
    raised("no-theme", date="2094-05-05", coroner_area=AREAS[2], parties=sent_to(COUNCIL)),
    document(
        "only-the-form",
        date="2096-01-01",
        parties=sent_to(TRUST),
        parts=[
            (SectionKind.CONCERNS, "CONCERNS", [Say(FORM_WORDS, {"training": "training"}, True)])
        ],
    ),
    document("bare", date="2095-01-01", coroner_area=AREAS[1], parties=sent_to(SURGERY, BOARD)),
    document(
        "their-answer",
        kind=Kind.RESPONSE,
        ref="2099-0001",
        date="2099-05-01",
        parties=(Party(Role.RESPONDENT, COUNCIL, COUNCIL),),
        parts=[
            (SectionKind.ANSWER, "Answer", [Say(f"{RECURRING} No more.", {"staffing": "rota"})])
        ],
    ),
)
LIBRARY = (*WITH_ROLES, *MORE)


@dataclass(frozen=True)
class Raw:
    """The rows of a library as they stand, for counting again."""

    documents: dict[int, dict[str, object]]
    parties: frozenset[tuple[int, str, str]]
    tags: frozenset[tuple[int, str]]
    members: tuple[tuple[str, int], ...]

    def ids(self, **wanted: object) -> set[int]:
        """Return the documents of which every field is as wanted; None lets all through."""
        return {
            id_
            for id_, row in self.documents.items()
            if all(value is None or row[name] == value for name, value in wanted.items())
        }

    def of(self, name: str, role: str) -> set[int]:
        """Return the documents in which an organisation has a role."""
        return {id_ for id_, one, body in self.parties if (one, body) == (role, name)}

    def with_text(self, ids: Iterable[int]) -> set[int]:
        """Return those held with text."""
        return {id_ for id_ in ids if self.documents[id_]["text"]}

    def showing(self, ids: Iterable[int], theme: str) -> set[int]:
        """Return those that show a theme."""
        return {id_ for id_ in ids if (id_, theme) in self.tags}

    def tagged(self, ids: Iterable[int]) -> set[int]:
        """Return those that show any theme."""
        return {id_ for id_ in ids if any(one == id_ for one, _ in self.tags)}

    def rows(self, by: str, role: str, ids: set[int]) -> dict[str, set[int]]:
        """Return the documents of each row of a table, by the row's name."""
        names: dict[str, Callable[[int], Iterable[str]]] = {
            "organisation": lambda id_: self._bodies(id_, role),
            "kind": lambda id_: [KIND_OF[one] for one in self._bodies(id_, role)],
            "area": lambda id_: self._one(id_, "coroner_area", lambda v: AREA_OF.get(v, v)),
            "year": lambda id_: self._one(id_, "date", lambda v: v[:4]),
        }
        found: dict[str, set[int]] = {}
        for id_ in ids:
            for name in names[by](id_):
                found.setdefault(name, set()).add(id_)
        return found

    def _bodies(self, id_: int, role: str) -> list[str]:
        return [body for one, of, body in self.parties if (one, of) == (id_, role)]

    def _one(self, id_: int, field: str, read: Callable[[str], str]) -> list[str]:
        value = self.documents[id_][field]
        return [] if value is None else [read(str(value))]


def write_across(home: Home) -> None:
    """Make the library, with the tags that an editor rejected and a recurring concern."""
    write_library(home, *LIBRARY)
    with Store.writing(home, purpose="test") as store:
        _recurring(store)
        for docno, theme in REJECTED:
            text = f"In {docno} the {_WORDS[theme]} was wanting."
            judgements.judge(
                store.db, passage_key(docno, text), theme, Verdict.REJECT, who="Robin Invented"
            )


def _recurring(store: Store) -> None:
    """Put one recurring concern there, whatever the software finds in invented words."""
    with store.db.atomic():
        store.db.execute("DELETE FROM cluster_members")
        store.db.execute("DELETE FROM clusters")
        store.db.execute(
            "INSERT INTO clusters (id, label, reports, organisations, first_year, last_year,"
            " cohesion) VALUES ('abcdef123456', 'alone on the ward', 3, 2, '2097', '2099', 0.9)"
        )
        store.db.execute(
            "INSERT INTO cluster_members (cluster_id, passage_key, start, end, similarity)"
            " SELECT 'abcdef123456', p.key, 0, length(p.text), 0.9 FROM passages p"
            " JOIN documents d ON d.id = p.document_id"
            " WHERE d.kind = 'report' AND instr(p.text, ?)",
            [RECURRING],
        )


def raw(home: Home) -> Raw:
    """Read the rows of a library, each table whole."""
    db = sqlite3.connect(f"{home.database.resolve().as_uri()}?mode=ro", uri=True)
    names = dict(db.execute("SELECT id, name FROM organisations"))
    passages = dict(db.execute("SELECT id, document_id FROM passages"))
    standard = {id_ for id_, said in db.execute("SELECT id, boilerplate FROM passages") if said}
    fields = ("docno", "kind", "date", "coroner_area", "text", "title")
    rows = db.execute("SELECT id, docno, kind, date, coroner_area, text, title FROM documents")
    parties = db.execute("SELECT document_id, role, organisation_id FROM parties").fetchall()
    tags = db.execute("SELECT passage_id, theme, rejected FROM tags").fetchall()
    keys = dict(db.execute("SELECT key, document_id FROM passages"))
    members = db.execute("SELECT cluster_id, passage_key FROM cluster_members").fetchall()
    return Raw(
        documents={row[0]: dict(zip(fields, row[1:], strict=True)) for row in rows},
        parties=frozenset((id_, role, names[of]) for id_, role, of in parties),
        tags=frozenset(
            (passages[p], theme) for p, theme, no in tags if not no and p not in standard
        ),
        members=tuple((cluster, keys[key]) for cluster, key in members if key in keys),
    )
