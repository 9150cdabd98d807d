"""The cue tagger: which words earn which theme, and where."""

import json
from collections import Counter
from pathlib import Path

import pytest

from ingest.cues import cue_book, phrase_key, phrase_regex
from ingest.evidence import LONGEST_EVIDENCE
from ingest.tag import MOST_TAGS, tag
from kb.documents import SectionKind
from kb.themes import TagSource, themes

TRAIN = Path(__file__).resolve().parents[2] / "shared" / "data" / "themes" / "train.jsonl"

LONG = (
    "The inquest heard that in the spring of 2099 the people of Lower Quill had written, met, "
    "walked, argued, waited, written again, met again and gone home again, and that in all of "
    "this time no care coordinator was allocated to Ms Tern, although the mayor, the verger, the "
    "postmistress, the keeper of the ferry and both of the bell ringers had asked, politely and "
    "at some length, what had become of the garden"
)

SHOWN = [
    (
        "care_coordination",
        "No care co-ordinator was allocated to Ms Tern for eleven weeks after her referral.",
        "hyphen; not allocated",
    ),
    (
        "care_coordination",
        "Her care coordinator went on long-term sick leave and nobody covered the role.",
        "no cover",
    ),
    (
        "care_coordination",
        "The named nurse changed four times and no one held overall responsibility for her care.",
        "changing worker",
    ),
    (
        "discharge",
        "Mr Vole was discharged from the ward and no discharge summary was sent to anybody.",
        "nobody told",
    ),
    (
        "discharge",
        "The decision to discharge him was made without any planning of his care at home.",
        "no planning",
    ),
    (
        "risk_assessment",
        "The risk assessment was not updated after she spoke of suicidal thoughts.",
        "not updated",
    ),
    (
        "risk_assessment",
        "Staff relied on a tick-box score and his risk of self-harm was never explored.",
        "scoring in place of formulation",
    ),
    (
        "amhp_escalation",
        "The Mental Health Act assessment was delayed for five days because no AMHP could come.",
        "delayed",
    ),
    (
        "amhp_escalation",
        "The Approved Mental Health Practitioner and the section 12 doctor disagreed about "
        "detention and there was no route of escalation.",
        "Practitioner is written for Professional",
    ),
    (
        "amhp_escalation",
        "The team could not obtain a warrant under section 135 from the magistrates in time.",
        "warrant to enter",
    ),
    (
        "staffing",
        "There were nine vacancies on the ward and shifts were filled by agency nurses.",
        "vacancies and agency",
    ),
    (
        "staffing",
        "Each practitioner's caseload was double the safe number and posts could not be filled.",
        "caseload",
    ),
]

NOT_SHOWN = [
    (
        "care_coordination",
        "His care coordinator told the inquest that she remembered him well.",
        "a coordinator who only speaks",
    ),
    (
        "care_coordination",
        "A lead agency coordinated the search of the river by three police forces.",
        "another kind of coordination",
    ),
    ("care_coordination", "This letter is copied (CC) to Quillshire County Council.", "CC"),
    (
        "discharge",
        "The officer failed to discharge his duty under the licensing regulations.",
        "discharge of a duty",
    ),
    ("discharge", "The shotgun had been discharged by mistake at the range.", "of a firearm"),
    (
        "risk_assessment",
        "The council had made no fire risk assessment of the block and kept no plan of its exits.",
        "of a building",
    ),
    (
        "risk_assessment",
        "No risk assessment of the junction was made by the highway authority.",
        "of a road",
    ),
    (
        "amhp_escalation",
        "This failure warrants further investigation by the maker of the 13 amp plug.",
        "a thing that warrants; an electric amp",
    ),
    (
        "amhp_escalation",
        "He was granted section 17 leave to go to the shop.",
        "leave is no s2 or s3",
    ),
    (
        "staffing",
        "Demand for the service has risen and the pressure on it is not expected to fall.",
        "demand alone",
    ),
    (
        "staffing",
        "The agency that let the house did not pass on the tenant's letter.",
        "letting agency",
    ),
    ("training", "The guard of the train did not hear the alarm at the level crossing.", "rails"),
    (
        "beds_admission",
        "The bed rail in her bedroom had not been fitted to the frame.",
        "furniture",
    ),
]


def found(text: str, section: SectionKind | None = None) -> list[str]:
    return [claim.theme for claim in tag(text, section=section)]


@pytest.mark.parametrize(("theme", "text", "why"), SHOWN)
def test_words_that_show_a_theme_earn_it(theme: str, text: str, why: str) -> None:
    assert theme in found(text), why


@pytest.mark.parametrize(("theme", "text", "why"), NOT_SHOWN)
def test_words_that_only_look_like_a_theme_do_not_earn_it(theme: str, text: str, why: str) -> None:
    assert theme not in found(text), why


@pytest.mark.parametrize(("theme", "text", "why"), SHOWN)
def test_evidence_lies_in_the_text_and_holds_a_cue_of_its_theme(
    theme: str, text: str, why: str
) -> None:
    before = "Ms Tern lived in Lower Quill. "
    (claim,) = [c for c in tag(before + text) if c.theme == theme]
    assert 0 <= claim.start < claim.end <= len(before + text)
    words = (before + text)[claim.start : claim.end]
    assert words == text, "the sentence, without its neighbour"
    assert theme in found(words)


def test_evidence_in_a_long_sentence_is_the_clause_of_the_cue() -> None:
    (claim,) = [c for c in tag(LONG) if c.theme == "care_coordination"]
    words = LONG[claim.start : claim.end]
    assert len(words) <= LONGEST_EVIDENCE < len(LONG)
    assert "no care coordinator was allocated" in words
    assert not words[0].isspace() and not words[-1].isspace()


def test_offsets_survive_letters_that_grow_when_lowered() -> None:
    text = "İİİ. No care coordinator was allocated to İpek Tern by the team."
    (claim,) = [c for c in tag(text) if c.theme == "care_coordination"]
    assert text[claim.start : claim.end].startswith("No care coordinator")


def test_curly_quotes_and_odd_dashes_are_read_as_plain_ones() -> None:
    assert "care_coordination" in found("No care co‑ordinator was allocated to “Ms Tern” at all.")


def test_the_form_and_its_standing_words_earn_nothing() -> None:
    concern = SHOWN[0][1]
    assert tag(concern, boilerplate=True) == ()
    assert tag(concern, section=SectionKind.COPIES) == ()
    assert tag(concern, section=SectionKind.CONCERNS) != ()


@pytest.mark.parametrize(
    "text",
    [
        "",
        " \n ",
        "Risk assessment",
        "5. Staffing and training",
        "The matters of concern are as follows.",
        "The inquest was opened on 3 March 2099 and ended on 4 June 2099.",
        "The sofa was sold without a warning label and has not been withdrawn.",
    ],
)
def test_headings_preambles_and_products_earn_nothing(text: str) -> None:
    assert tag(text) == ()


def test_what_an_action_is_about_counts_in_an_answer_and_not_in_a_story() -> None:
    done = "All discharge summaries are now sent to the GP within one working day."
    assert "discharge" in found(done, SectionKind.ANSWER)
    assert "discharge" not in found(done, SectionKind.CIRCUMSTANCES)


def test_an_action_plan_that_settles_an_amhp_route_shows_it() -> None:
    row = "An escalation route for AMHPs has been agreed with the council."
    assert "amhp_escalation" in found(row, SectionKind.RECOMMENDATIONS)


def test_the_word_policy_in_an_answer_is_no_concern_about_policy() -> None:
    text = "The medicines policy has been shared with every ward and pharmacy."
    assert "policy_procedure" not in found(text, SectionKind.ANSWER)


def test_a_passage_has_at_most_four_themes_the_strongest_first() -> None:
    text = " ".join(words for _, words, _ in SHOWN[::2]) + (
        " Staff had no training. The bed was not available. The records were not kept. "
        "The family was not told. The ambulance was delayed. His medication was not reviewed."
    )
    claims = tag(text)
    assert len(claims) == MOST_TAGS
    assert [c.score for c in claims] == sorted((c.score for c in claims), reverse=True)
    assert all(0 <= c.score <= 1 and c.source is TagSource.RULE for c in claims)


def test_every_cue_can_be_looked_for() -> None:
    book = cue_book()
    for cues in book.starts.values():
        for _, phrases in cues:
            assert phrases.pattern.match("") is None
    assert book.failure.pattern.search("it was not done")


def test_every_theme_has_cues_that_speak_for_it() -> None:
    speaking = Counter(
        cue.theme
        for cue in {cue for row in cue_book().starts.values() for cue, _ in row}
        if cue.weight > 0
    )
    assert speaking.keys() == themes().keys() == cue_book().rules.keys()
    assert min(speaking.values()) >= 5


@pytest.mark.parametrize(
    ("phrase", "key"),
    [("care co-?ordinators?", "car"), ("no ~ bed", "no"), (r"s\.12", "s"), ("ct", "ct")],
)
def test_a_cue_is_looked_up_by_how_its_first_word_begins(phrase: str, key: str) -> None:
    assert phrase_key(phrase) == key


@pytest.mark.parametrize("phrase", ["re-?assess", "cat?s", "(a|b) bed", "be*d", "", "si?"])
def test_a_cue_that_begins_uncertainly_is_refused(phrase: str) -> None:
    with pytest.raises(ValueError, match="three letters"):
        phrase_key(phrase)


def test_a_blank_in_a_cue_stands_for_blanks_hyphens_and_slashes() -> None:
    assert phrase_regex("follow up") == r"follow[\s/-]+up"


@pytest.mark.real_data
def test_cues_agree_with_the_labelled_passages() -> None:
    if not TRAIN.exists():
        pytest.skip("the labelled passages are not beside the checkout")
    hit = claimed = labelled = 0
    for line in TRAIN.read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        shown = set(found(row["text"]))
        hit += len(shown & set(row["themes"]))
        claimed += len(shown)
        labelled += len(row["themes"])
    assert 2 * hit / (claimed + labelled) > 0.62
