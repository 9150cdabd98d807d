"""The counts across providers, by function and by command, against counts made another way."""

import csv
import io
import json
from pathlib import Path

import pytest

from kb.across import BY, Scope
from kb.areas import area_key
from kb.cli import run
from kb.documents import Role
from kb.errors import NotHeld, UnknownFilterValue
from kb.intervals import Share
from kb.kinds import BY_NAME, KINDS, NOT_KNOWN, kind_of
from kb.organisations import OrganisationKind
from kb.settings import Home
from kb.store import Store
from kb.store.across import across, area_names, cell, rows_held
from kb.store.clusters import held
from kb.store.providers import answered, concerns_of, organisations_named
from kb.themes import themes
from tests.across_library import AREAS, KIND_OF, REJECTED, SURGERY, UNKNOWN, raw, write_across
from tests.library_for_tests import BOARD, COUNCIL, TRUST

ROLES = ("recipient", "respondent", "mentioned")


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Home:
    """A library with every sort of row, and documents that have none."""
    home = Home(Path(tmp_path_factory.mktemp("across")) / "home")
    write_across(home)
    return home


@pytest.mark.parametrize("by", BY)
@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("kind", ["report", None])
def test_every_number_equals_a_count_over_the_raw_rows(
    library: Home, by: str, role: str, kind: str | None
) -> None:
    found = raw(library)
    with Store.reading(library) as store:
        table = across(store.db, Scope(by=by, role=Role(role), kind=kind))
    ids = found.ids(kind=kind)
    rows = found.rows(by, role, ids)
    assert {row.name for row in table.rows} == set(rows)
    for row in table.rows:
        of = rows[row.name]
        counted = (row.held, row.with_text, row.tagged)
        assert counted == (len(of), len(found.with_text(of)), len(found.tagged(of))), row.name
        for theme in themes():
            assert table.count(row.key, theme) == len(found.showing(of, theme)), (row, theme)
    assert table.whole.held == len(ids)
    assert table.whole.with_text == len(found.with_text(ids))
    assert table.whole.tagged == len(found.tagged(ids))
    assert table.totals == {theme: n for theme in themes() if (n := len(found.showing(ids, theme)))}
    nowhere = ids.difference(*rows.values())
    assert table.nowhere.held == len(nowhere)
    assert table.nowhere.with_text == len(found.with_text(nowhere))


def test_the_library_has_what_makes_counting_hard(library: Home) -> None:
    found = raw(library)
    with Store.reading(library) as store:
        table = across(store.db, Scope())
    assert table.nowhere.held, "a report that names no organisation"
    assert sum(row.held for row in table.rows) > table.whole.held, "a report of two organisations"
    assert any(row.with_text < row.held for row in table.rows), "a report without text"
    assert any(row.with_text >= 10 for row in table.rows) and any(
        0 < row.with_text < 10 for row in table.rows
    )
    rejected = {(found.documents[i]["docno"], theme) for i, theme in found.tags} & set(REJECTED)
    assert not rejected and "no-theme-left" in {row["docno"] for row in found.documents.values()}
    assert len(found.rows("area", "recipient", found.ids(kind="report"))) >= 3


@pytest.mark.parametrize("by", BY)
@pytest.mark.parametrize("role", ROLES)
def test_the_passages_behind_a_number_are_of_as_many_documents(
    library: Home, by: str, role: str
) -> None:
    found = raw(library)
    scope = Scope(by=by, role=Role(role), kind=None)
    with Store.reading(library) as store:
        table = across(store.db, scope)
        for row in table.rows:
            behind = cell(store.db, scope, row=row.key, theme=None)
            assert len(behind) == row.held
            for theme in table.totals:
                ids = {document for _, document in cell(store.db, scope, row=row.key, theme=theme)}
                of = found.rows(by, role, found.ids())[row.name]
                assert ids == found.showing(of, theme)
        for theme, count in table.totals.items():
            ids = {document for _, document in cell(store.db, scope, row=None, theme=theme)}
            assert len(ids) == count


@pytest.mark.parametrize(
    ("limits", "among"),
    [
        ({"organisations": (TRUST,)}, lambda raw, ids: ids & raw.of(TRUST, "recipient")),
        (
            {"organisations": (TRUST, COUNCIL)},
            lambda raw, ids: ids & (raw.of(TRUST, "recipient") | raw.of(COUNCIL, "recipient")),
        ),
        ({"body": "council"}, lambda raw, ids: ids & raw.of(COUNCIL, "recipient")),
        (
            {"area": AREAS[1]},
            lambda raw, ids: {
                i for i in ids if raw.documents[i]["coroner_area"] in (AREAS[0], AREAS[1])
            },
        ),
        (
            {"from_date": "2095", "to_date": "2096-05"},
            lambda raw, ids: {
                i
                for i in ids
                if (date := raw.documents[i]["date"]) and "2095" <= str(date)[:4] < "2097"
                and str(date)[:7] <= "2096-05"
            },
        ),
    ],
)  # fmt: skip
@pytest.mark.parametrize("by", BY)
def test_a_narrowed_table_counts_what_is_left(library: Home, by: str, limits, among) -> None:  # type: ignore[no-untyped-def]
    found = raw(library)
    ids = among(found, found.ids(kind="report"))
    assert ids
    with Store.reading(library) as store:
        table = across(store.db, Scope(by=by, **limits))
    rows = found.rows(by, "recipient", ids)
    if by == "organisation" and ("organisations" in limits or "body" in limits):
        wanted = limits.get("organisations", (COUNCIL,))
        rows = {name: of for name, of in rows.items() if name in wanted}
    if by == "kind" and ("organisations" in limits or "body" in limits):
        wanted = {KIND_OF[one] for one in limits.get("organisations", (COUNCIL,))}
        rows = {name: of for name, of in rows.items() if name in wanted}
    assert {row.name: row.held for row in table.rows} == {
        name: len(of) for name, of in rows.items()
    }
    for row in table.rows:
        for theme in themes():
            assert table.count(row.key, theme) == len(found.showing(rows[row.name], theme))
    assert table.whole.held == len(ids)
    assert sum(table.totals.values()) == sum(len(found.showing(ids, theme)) for theme in themes())


def test_rows_stand_by_name_and_never_by_number(library: Home) -> None:
    with Store.reading(library) as store:
        organisations = [row.name for row in across(store.db, Scope()).rows]
        years = [row.name for row in rows_held(store.db, Scope(by="year"))]
        kinds = [row.key for row in across(store.db, Scope(by="kind")).rows]
    assert organisations == sorted(organisations, key=str.casefold)
    assert years == sorted(years)
    assert kinds == [key for key in KINDS if key in kinds]


def test_what_was_answered_is_told_of_what_is_held(library: Home) -> None:
    with Store.reading(library) as store:
        council, trust = answered(store.db, COUNCIL), answered(store.db, TRUST)
        mine = len(raw(library).of(COUNCIL, "recipient"))
    assert (council.received, council.answered, council.without) == (mine, 1, mine - 1)
    assert [(docno, report.docno) for docno, report in council.pairs] == [
        ("their-answer", "full-report")
    ]
    assert (trust.answered, trust.others) == (0, ("trust-letter",))


def test_recurring_concerns_are_counted_by_the_reports_of_the_organisation(library: Home) -> None:
    found = raw(library)
    for name in (TRUST, COUNCIL, UNKNOWN):
        mine = found.of(name, "recipient")
        expected = {
            cluster: len({d for c, d in found.members if c == cluster and d in mine})
            for cluster, _ in found.members
        }
        with Store.reading(library) as store:
            told = {one.id: n for one, n in concerns_of(store.db, name, held(store.db))}
        assert told == {cluster: n for cluster, n in expected.items() if n}
    assert any(found.of(TRUST, "recipient") & {d for _, d in found.members})


@pytest.mark.parametrize(
    ("name", "kind", "why"),
    [
        ("NHS England", OrganisationKind.ARMS_LENGTH_BODY, "the register knows it"),
        (SURGERY, "general_practice", "its name tells"),
        ("Larkhouse Care Home Ltd", "care_home", "a home, whoever's"),
        ("Larkhouse Ltd", OrganisationKind.PRIVATE_PROVIDER, "a company of some kind"),
        ("Larkhouse Officers Association", NOT_KNOWN, "an association is not what it is of"),
        ("Larkhouse Prison Officers' Association", NOT_KNOWN, "nor a prison"),
        ("Policeman Larkhouse", NOT_KNOWN, "whole words only"),
        (UNKNOWN, NOT_KNOWN, "nothing tells"),
    ],
)
def test_a_kind_is_told_by_the_register_then_by_the_name(name: str, kind: str, why: str) -> None:
    assert kind_of(name) == kind, why


def test_every_kind_has_a_name() -> None:
    assert {*map(str, OrganisationKind), *(str(kind) for kind, _ in BY_NAME)} <= set(KINDS)


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("London Inner (North)", "Inner North London", True),
        ("Stoke-on-Trent & North Staffordshire Coroner's Court",
         "Stoke on Trent and North Staffordshire", True),
        ("London (North)", "London Inner (North)", False),
        ("Manchester South", "Greater Manchester South", False),
    ],
)  # fmt: skip
def test_spellings_of_one_area_are_one(one: str, other: str, same: bool) -> None:
    assert (area_key(one) == area_key(other)) is same


def test_an_area_goes_by_its_commonest_spelling(library: Home) -> None:
    with Store.reading(library) as store:
        assert area_names(store.db, "EAST NORTHMOOR, DALE") == (AREAS[0], AREAS[1])
        assert area_names(store.db, "Nowhere") == ()


@pytest.mark.parametrize(
    ("values", "error"),
    [({"by": "coroner"}, UnknownFilterValue), ({"body": "friend"}, UnknownFilterValue)],
)
def test_a_scope_that_cannot_be_is_refused(values: dict[str, str], error: type[Exception]) -> None:
    with pytest.raises(error, match=r"organisation|kind"):
        Scope(**values)  # type: ignore[arg-type]


def test_an_organisation_is_found_in_whatever_case_or_refused(library: Home) -> None:
    with Store.reading(library) as store:
        assert organisations_named(store.db, [TRUST.upper(), TRUST]) == (TRUST,)
        with pytest.raises(NotHeld, match="Nobody"):
            organisations_named(store.db, ["Nobody at All"])


@pytest.mark.parametrize(
    ("count", "of", "told"),
    [
        (3, 9, "3 of 9"),
        (0, 0, "0 of 0"),
        (3, 10, "3 of 10 (30%, 95% interval 11 to 60%)"),
        (0, 10, "0 of 10 (0%, 95% interval 0 to 28%)"),
    ],
)
def test_small_numbers_are_counts_and_shares_carry_an_interval(
    count: int, of: int, told: str
) -> None:
    assert Share(count, of).told == told


def call(capsys: pytest.CaptureFixture[str], home: Home, *arguments: str) -> str:
    assert run(["--home", str(home.root), "themes", *arguments]) == 0
    return capsys.readouterr().out


@pytest.mark.parametrize("by", BY)
@pytest.mark.parametrize("role", ROLES)
def test_the_command_prints_the_same_numbers(
    library: Home, capsys: pytest.CaptureFixture[str], by: str, role: str
) -> None:
    found = raw(library)
    kind = {"recipient": "report", "respondent": "response"}.get(role)
    ids = found.ids(kind=kind)
    rows = found.rows(by, role, ids)
    printed = call(capsys, library, "--by", by, "--role", role, "--least", "1", "--csv")
    lines = list(csv.reader(io.StringIO(printed)))
    head, body = lines[0], lines[1 : lines.index([])]
    assert head[:4] == [by, "held", "with_text", "any_theme"] and len(head) == 30
    shown = {name: of for name, of in rows.items() if by == "year" or found.with_text(of)}
    assert [line[0] for line in body] == [*(line[0] for line in body[:-1]), "(all, each once)"]
    assert {line[0] for line in body[:-1]} == set(shown)
    for name, *numbers in body:
        of = shown.get(name, ids)
        expected = [len(of), len(found.with_text(of)), len(found.tagged(of))]
        expected += [len(found.showing(of, theme)) for theme in head[4:]]
        assert list(map(int, numbers)) == expected, name
    notes = [line[1] for line in lines[lines.index([]) + 1 :]]
    assert any("no ranking" in note for note in notes)
    assert any(f"{len(found.with_text(ids))} are held with text" in note for note in notes)
    told = json.loads(call(capsys, library, "--by", by, "--role", role, "--least", "1", "--json"))
    assert {row["name"]: row["held"] for row in told["rows"]} == {
        name: len(of) for name, of in shown.items()
    }
    assert told["caveats"] == notes
    assert sum(one["held"] for one in told["coverage"]) == sum(
        len(of) for of in found.rows("year", role, ids).values()
    )
    for one in told["themes"]:
        for name, count in one["counts"].items():
            assert count == len(found.showing(shown[name], one["theme"]))


def test_the_command_shows_organisations_with_ten_documents_unless_told(
    library: Home, capsys: pytest.CaptureFixture[str]
) -> None:
    found = raw(library)
    told = json.loads(call(capsys, library, "--by", "organisation", "--json"))
    rows = found.rows("organisation", "recipient", found.ids(kind="report"))
    many = {name for name, of in rows.items() if len(found.with_text(of)) >= 10}
    assert {row["name"] for row in told["rows"]} == many and 0 < len(many) < len(rows)
    assert told["rows_in_all"] == len(rows)
    plain = call(capsys, library, "--by", "organisation", "--least", "1")
    assert f"{BOARD}: " in plain and "no ranking" in plain


@pytest.mark.parametrize(
    "arguments",
    [
        ["--organisation", "Nobody at All"],
        ["--kind", "friend"],
        ["--from", "soon"],
        ["--body", "friend"],
        ["--least", "0"],
    ],
)
def test_what_cannot_be_asked_ends_in_a_sentence(
    library: Home, capsys: pytest.CaptureFixture[str], arguments: list[str]
) -> None:
    assert run(["--home", str(library.root), "themes", *arguments]) in (1, 2)
    assert "Traceback" not in capsys.readouterr().err
