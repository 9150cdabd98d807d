"""Everything that a briefing says, once: the page and the Word document only lay it out."""

from dataclasses import dataclass, replace

from kb.citations import date_words
from kb.clusters import Cluster
from kb.documents import Kind
from kb.intervals import Share
from kb.queries import Filters
from kb.store.briefing import Coverage
from kb.store.caveats import NO_RESPONSE, SMALL, noun, plural
from kb.themes import Theme
from webui.answered import Answered
from webui.briefed import ViewAsked
from webui.chosen import Chosen
from webui.csvs import Cell
from webui.drawings import Point, trend_svg
from webui.phrases import counted
from webui.standing import METHOD, today, with_standing

_TITLE = 3
"""Things asked for that the title names."""
COVERAGE = (
    "Of documents without text only the published details are held, and they cannot show a theme. "
    "Text that is not in a document's own words was lightly rewritten by an export's maker, or is "
    "a digest of ours."
)
GROUPED = (
    "Recurring concerns are grouped by software; each counts the reports of this view that raise "
    "it, and all reports held that do."
)
LINKED = (
    "A response is linked to a report only by its ref, or by the report's date and coroner area "
    "where exactly one report held can be meant."
)
BY_SEARCH = (
    "The documents are those that the search found by words and by meaning, up to about a thousand "
    "passages; some only resemble what was asked."
)


@dataclass(frozen=True, slots=True)
class ThemeLine:
    """A theme and how many of the view's documents show it; `filters` lead to them, or None."""

    theme: Theme
    share: Share
    filters: Filters | None


@dataclass(frozen=True, slots=True)
class ClusterLine:
    """A recurring concern and how many documents of the view raise it."""

    cluster: Cluster
    here: int

    @property
    def years(self) -> str:
        """The first and last year of the reports that raise it; empty where none is dated."""
        ends = [one for one in (self.cluster.first_year, self.cluster.last_year) if one]
        return " to ".join(dict.fromkeys(ends))


@dataclass(frozen=True, slots=True, kw_only=True)
class Briefing:
    """A view as one reads it. `kind` is that of the documents counted.

    `held` is the view's documents of that kind with text, `shown` those of them that show what was
    asked for: the same where no theme and no part was asked for.
    """

    asked: ViewAsked
    kind: Kind
    coverage: tuple[Coverage, ...]
    held: int
    shown: int
    themes: tuple[ThemeLine, ...]
    years: tuple[Point, ...]
    undated: int
    clusters: tuple[ClusterLine, ...]
    clusters_note: str
    quotations: tuple[Chosen, ...]
    rule: str
    answers: Answered
    trust: str
    accessed: str
    generation: int

    @property
    def title(self) -> str:
        """What the briefing is on."""
        said = [
            f"{label.lower()} {value}" if label in ("From", "To") else value
            for label, value in self.asked.words
            if not label.lower().endswith("counted as")
        ][:_TITLE]
        return f"Briefing: {'; '.join(said) or 'all documents held'}"

    @property
    def narrowed(self) -> bool:
        """Whether documents are counted by what a passage of theirs shows."""
        return bool(self.asked.themes or self.asked.section)

    @property
    def nouns(self) -> str:
        """What is counted, in the plural."""
        return plural(self.kind)

    @property
    def found(self) -> str:
        """The first thing to say: how many documents, of how many."""
        if not self.narrowed:
            return f"{counted(self.held, noun(self.kind))} held with text."
        share = Share(self.shown, self.held)
        told = f" ({share.percent}%, 95% interval {share.interval_words})" if share.enough else ""
        shows = "shows" if self.shown == 1 else "show"
        return f"{self.shown:,} of {self.held:,} {self.nouns} held with text {shows} it{told}."

    @property
    def chart(self) -> str:
        """The drawing of its years; empty where no document has a date."""
        if not any(point.count for point in self.years):
            return ""
        what = f"{self.nouns.capitalize()} {self.which}"
        return trend_svg(self.years, title=f"{what}, by year", unit=self.nouns)

    def about(self, *, whole: bool = True) -> list[tuple[Cell, Cell]]:
        """What every file of it says: what was asked, date, library, method, caveats.

        `whole` False leaves out what only quotations, recurring concerns and answers need.
        """
        asked: list[tuple[Cell, Cell]] = [*self.asked.words] or [("Search", "(everything)")]
        asked.append(("Found", self.found))
        method = [BY_SEARCH] if self.asked.ranks is not None else []
        method += [METHOD, *((self.rule_words, GROUPED, LINKED) if whole else ())]
        asked.append(("Method", " ".join(method)))
        asked += [("Caveat", SMALL), ("Caveat", self.trust)]
        if whole:
            asked.append(("Caveat", self.clusters_note))
        return with_standing(asked)

    def reading(self) -> dict[str, list[str]]:
        """How to read it, by label: `about` without what its first parts say."""
        said: dict[str, list[str]] = {}
        for label, value in self.about()[max(1, len(self.asked.words)) + 1 :]:
            said.setdefault(str(label), []).append(str(value))
        return said

    @property
    def made(self) -> str:
        """When it was made, and from which state of the library."""
        return (
            f"Made by pfd-kb on {date_words(today())} from a library last changed on "
            f"{date_words(self.accessed or None)} (generation {self.generation})."
        )

    @property
    def themes_caption(self) -> str:
        """What the table of themes counts."""
        other = "Other themes" if len(self.asked.themes) == 1 else "Themes"
        return f"{other} of the {self.nouns} {self.which}, those in most of them first"

    @property
    def which(self) -> str:
        """Which of the documents are counted."""
        return "that show what was asked for" if self.narrowed else "held with text"

    @property
    def chart_caption(self) -> str:
        """What stands below the chart."""
        left_out = f"; {self.undated:,} without a date left out" if self.undated else ""
        return (
            f"{self.nouns.capitalize()} {self.which}, by year of the document{left_out}. The line "
            "below is the share of each year's documents that is held with text: where it is low, "
            "a low bar says little."
        )

    @property
    def filters(self) -> Filters | None:
        """What a search narrows to that finds the documents counted; None where none does."""
        if self.asked.filters is None or not self.narrowed or len(self.asked.themes) > 1:
            return None
        theme = self.asked.keys[0] if self.asked.themes else None
        return replace(self.asked.filters, theme=theme, kind=str(self.kind))

    @property
    def nothing_quoted(self) -> str:
        """What stands in the place of quotations where there are none."""
        return (
            "No passage of this view can be quoted: none that states a concern is held in a "
            "document's own words or nearly so."
        )

    @property
    def tells_answers(self) -> bool:
        """Whether it has a part on how recipients answered."""
        return self.kind is Kind.REPORT or bool(self.answers.told)

    @property
    def answered_words(self) -> str:
        """How many reports have a response in the material held; empty for other kinds."""
        if self.kind is not Kind.REPORT:
            return ""
        have = "has" if self.answers.reports == 1 else "have"
        of = f"{self.answers.reports} of {counted(self.shown, noun(self.kind))}"
        return f"{of} {have} a response in the material held. {NO_RESPONSE} {LINKED}"

    @property
    def rule_words(self) -> str:
        """How the quotations were chosen."""
        return f"Quotations are chosen by rule. {self.rule}"
