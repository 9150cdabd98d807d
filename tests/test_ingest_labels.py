"""Labels: bad files end in a sentence, and no text of a report goes with the shipped ones."""

import json
from pathlib import Path

import numpy as np
import pytest

from ingest.labels import place_of, read_labels, read_places, short_hash
from ingest.theme_training import fit_thresholds, held_out, label_table
from kb.errors import UsageError
from kb.settings import corpus_folder
from kb.themes import themes


def lines(folder: Path, *rows: object) -> Path:
    file = folder / "labels.jsonl"
    file.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return file


def test_labels_are_read_with_what_is_disputed(tmp_path: Path) -> None:
    row = {"text": "No bed.", "themes": ["beds_admission"], "disputed": ["staffing"], "report": "r"}
    (one,) = read_labels(lines(tmp_path, row))
    assert one.themes == {"beds_admission"}
    assert one.disputed == {"staffing"}


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ("only words", 'line 1 is not a JSON object with a "text"'),
        ({"themes": []}, 'line 1 is not a JSON object with a "text"'),
        ({"text": "No bed.", "themes": ["beds"]}, "hold beds. The themes are: care_coordination"),
        ({"text": "No bed."}, "no list"),
        ({"text": "No bed.", "themes": "staffing"}, "no list"),
        ({"text": "No bed.", "themes": [], "disputed": ["x"]}, 'the "disputed" of "No bed."'),
    ],
)
def test_a_label_file_that_cannot_be_used_is_refused_with_its_line(
    tmp_path: Path, row: object, said: str
) -> None:
    with pytest.raises(UsageError) as error:
        read_labels(lines(tmp_path, row))
    assert said in error.value.sentence


def test_a_label_whose_words_are_not_held_is_counted_and_left_out(tmp_path: Path) -> None:
    held = {**place_of("2099-a", 4, "No bed."), "themes": ["beds_admission"]}
    lost = {**place_of("2099-b", 0, "No lift."), "themes": []}
    words = {held["sha256"]: "No bed."}
    found, missing = read_places(lines(tmp_path, held, lost), lambda row: words.get(row["sha256"]))
    assert [one.text for one in found] == ["No bed."]
    assert missing == 1


def test_the_shipped_labels_hold_hashes_and_themes_and_no_words() -> None:
    file = corpus_folder() / "labels" / "passages.jsonl"
    for line in file.read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        assert set(row) == {"document", "start", "length", "sha256", "themes"}
        assert set(row["themes"]) <= set(themes())
        assert len(row["document"]) == len(row["sha256"]) == len(short_hash(""))


def test_one_report_never_sets_thresholds_and_trains(tmp_path: Path) -> None:
    rows = [{"text": f"Words {n}.", "themes": [], "report": f"r{n // 3}"} for n in range(300)]
    labelled = read_labels(lines(tmp_path, *rows))
    apart = {one.report for one in labelled if held_out(one)}
    rest = {one.report for one in labelled if not held_out(one)}
    assert apart
    assert not apart & rest


def test_thresholds_part_what_is_labelled_from_what_is_not(tmp_path: Path) -> None:
    rows = [
        {"text": "x", "themes": ["staffing"] if n % 2 else ["discharge"], "report": str(n)}
        for n in range(40)
    ]
    wanted = label_table(read_labels(lines(tmp_path, *rows)))
    generator = np.random.default_rng(2099)
    judged = np.where(wanted, 2.0, -2.0) + generator.normal(0, 0.3, wanted.shape)
    found = judged >= fit_thresholds(judged.astype(np.float32), wanted)
    assert (found == wanted).mean() > 0.97
