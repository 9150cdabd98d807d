"""What has to stand beside every number of the commissioner's pages and in every file of them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from sqlite_utils import Database

from kb.across import Across, Row
from kb.documents import Kind, Role
from kb.measured import Measured, measured
from kb.store import meta
from kb.themes import Theme, is_own

_WEAK = 0.6
_FEW = 10
_CUES_ALONE = "cues"
_NOUNS = {
    Kind.REPORT: "report",
    Kind.RESPONSE: "response",
    Kind.ACTION_PLAN: "action plan",
    Kind.ANNUAL_REPORT: "annual report",
    Kind.OTHER: "other document",
}
_OF_ROLE = {
    Role.RECIPIENT: "sent to",
    Role.RESPONDENT: "written by",
    Role.OWNER: "owned by",
    Role.AUTHOR: "written by",
    Role.MENTIONED: "that name",
}
HELD = (
    "Counts are of distinct documents held in this library, not of events, and not of all reports "
    "that coroners wrote."
)
NO_SAMPLE = "A concern need not have caused a death, and reports are not a sample of all care."
NO_RANKING = (
    "How many reports an organisation is sent depends on its size, on the coroner areas it works "
    "in and on what was published. More reports do not mean less safe care: this is no ranking."
)
NO_RESPONSE = "No response in the material held does not mean that none was sent."
BY_SOFTWARE = "Themes are tagged by software. Read the passage before relying on a figure."
SMALL = (
    "Shares are told, with a 95% interval (Wilson's), only of ten documents held with text or more;"
    " of fewer, only counts. The interval allows for small numbers, not for what is not held."
)


def noun(kind: str | None) -> str:
    """Return what is counted, in the singular; None stands for documents of every kind."""
    return "document" if kind is None else _NOUNS[Kind(kind)]


def plural(kind: str | None) -> str:
    """Return what is counted, in the plural."""
    return f"{noun(kind)}s"


def role_clause(role: Role) -> str:
    """Return how documents stand to an organisation counted as this, as in "sent to"."""
    return _OF_ROLE[role]


@dataclass(frozen=True, slots=True)
class Trust:
    """How far the tags of the themes in a view can be trusted.

    `weak` holds the themes measured as weak and `few` those measured on very few labels, by key;
    `sentence` says it in words.
    """

    weak: Mapping[str, str]
    few: frozenset[str]
    sentence: str


def trust(db: Database, themes: Iterable[Theme]) -> Trust:
    """Return how far themes can be trusted, by the shipped tagger's measured accuracy."""
    found = measured()
    chosen = list(themes)
    own = sum(is_own(one.key) for one in chosen)
    of_own = " The accuracy of themes of your own is not known." if own else ""
    if found is None:
        return Trust({}, frozenset(), f"How accurate the tags are was not measured.{of_own}")
    weak = {
        one.key: f"{one.name}: precision {row.precision:.0%}, recall {row.recall:.0%}"
        for one in chosen
        if (row := found.themes.get(one.key)) and row.f1 < _WEAK
    }
    few = {one.key for one in chosen if _labels(found, one.key) < _FEW}
    names = [one.name for one in chosen if one.key in few]
    sentence = (
        f"The tagger was measured on {found.passages} passages that language models labelled; no "
        "person labelled them."
    )
    if weak:
        sentence += f" Its tags are weak for {'; '.join(weak.values())}."
    if names:
        sentence += f" Fewer than {_FEW} labels stand behind {', '.join(names)}."
    if meta.get(db, "tagger") == _CUES_ALONE:
        sentence += (
            " The figures are of the trained model; the tags held here are by cue words alone, "
            "which are less exact."
        )
    return Trust(weak, frozenset(few), sentence + of_own)


def _labels(found: Measured, key: str) -> int:
    row = found.themes.get(key)
    return row.labels if row else _FEW


def coverage_words(years: Iterable[Row], whole: Row, kind: str | None) -> str:
    """Return how many documents are held with text, in all and of each year."""
    told = "; ".join(f"{one.name}: {one.with_text} of {one.held}" for one in years)
    return (
        f"Of {whole.held} {plural(kind)} held here {whole.with_text} are held with text, and only "
        f"these can show a theme{f'. Held with text by year: {told}' if told else ''}."
    )


def about_rows(table: Across) -> str:
    """Return what to know of rows of this sort, and what has no row."""
    scope, nowhere = table.scope, table.nowhere
    many = plural(scope.kind)
    missing = f"{nowhere.held} ({nowhere.with_text} with text)"
    if scope.by == "year":
        return (
            f"The first and last years held may be incomplete. Without a date: {missing}; they are "
            "in the total only."
        )
    if scope.by == "area":
        return (
            "Spellings of a coroner area that differ only in order, brackets or small words count "
            f"together, others apart; areas were merged and renamed. No area is known of {missing}."
        )
    sort = (
        "The kind is that of the register of organisations, or else told by words of the name; "
        "what neither tells is counted apart."
        if scope.by == "kind"
        else "A predecessor counts under its own name."
    )
    return (
        f"One of the {many} {role_clause(scope.role)} several organisations counts with each of "
        f"them, and once in the total. {sort} Without any organisation in this role: {missing}; "
        "they are in the total only."
    )


def caveats(
    db: Database, table: Across, themes: Iterable[Theme], years: Iterable[Row]
) -> list[str]:
    """Return everything that a view of a table must say, the most important first."""
    return [
        HELD,
        coverage_words(years, table.whole, table.scope.kind),
        about_rows(table),
        NO_RANKING,
        NO_SAMPLE,
        SMALL,
        BY_SOFTWARE,
        trust(db, themes).sentence,
        NO_RESPONSE,
    ]
