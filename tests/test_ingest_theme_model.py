"""The trained tagger: every tag leads to the words that earned it, and bad input ends in words."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from ingest.tag import MOST_TAGS
from ingest.theme_model import LONGEST, ThemeModel, stretches
from ingest.theme_weights import WEIGHTS, Weights, load, save
from ingest.word_features import BUCKETS, inverse_frequency, occurrences, weighted
from kb.documents import SectionKind
from kb.errors import ModelUnavailable
from kb.tagging import Taggable, TokenStates
from kb.themes import TagSource, themes

KEYS = list(themes())
WORDS = ("ligature", "unallocated", "wheelchair", "zebra")
"""Each is an axis of the invented network's states; no cue stands on the last two."""


class WordReader:
    """A network whose states are which of a few words stands there."""

    def read(self, texts: Sequence[str]) -> Iterator[tuple[int, TokenStates]]:
        for at, text in reversed(list(enumerate(texts))):
            found = list(re.finditer(r"\w+", text))
            states = np.zeros((len(found) + 1, len(WORDS)), np.float32)
            for row, match in enumerate(found, start=1):
                if match[0].lower() in WORDS:
                    states[row, WORDS.index(match[0].lower())] = 1
            starts = np.array([0, *(match.start() for match in found)])
            ends = np.array([0, *(match.end() for match in found)])
            yield at, TokenStates(states, starts, ends)


def weights(**earns: str) -> Weights:
    """Weights by which a word (see WORDS) earns a theme, and nothing else does."""
    of_most = np.zeros((len(KEYS), len(WORDS)), np.float32)
    for word, theme in earns.items():
        of_most[KEYS.index(theme), WORDS.index(word)] = 4
    return Weights(
        of_mean=np.zeros_like(of_most),
        of_most=of_most,
        token_bias=np.zeros(len(KEYS), np.float32),
        idf=np.ones(BUCKETS, np.float32),
        of_words=np.zeros((len(KEYS), BUCKETS), np.float32),
        of_cues=np.zeros((len(KEYS), len(KEYS)), np.float32),
        word_bias=np.zeros(len(KEYS), np.float32),
        thresholds=np.ones(len(KEYS), np.float32),
        share=0.5,
    )


def tagger(**earns: str) -> ThemeModel:
    return ThemeModel(WordReader(), weights(**earns))


def test_a_tag_points_to_the_sentence_that_earned_it() -> None:
    text = "The lift was slow that day. Nobody had brought the wheelchair to him. He went home."
    (found,) = tagger(wheelchair="equality_adjustments").tag([Taggable(text=text)])
    assert [tag.theme for tag in found] == ["equality_adjustments"]
    assert text[found[0].start : found[0].end] == "Nobody had brought the wheelchair to him."
    assert found[0].source is TagSource.MODEL


def test_words_after_thousands_of_characters_still_count_and_keep_their_place() -> None:
    text = "Nothing of note was found on this page. " * 200 + "A zebra stood on the ward at night."
    (found,) = tagger(zebra="observation_environment").tag([Taggable(text=text)])
    assert "zebra" in text[found[0].start : found[0].end]


@pytest.mark.parametrize("length", [0, 1, LONGEST, LONGEST + 1, 3 * LONGEST + 7])
@pytest.mark.parametrize("letters", ["a", "ab cd "])
def test_a_long_text_is_cut_without_losing_a_letter(length: int, letters: str) -> None:
    text = (letters * length)[:length]
    pieces = [text[start:end] for start, end in stretches(text)]
    assert "".join(pieces) == text
    assert all(len(piece) <= LONGEST for piece in pieces)


@pytest.mark.parametrize(
    ("passage", "why"),
    [
        (Taggable(text=""), "there are no words"),
        (Taggable(text="Zebra on ward"), "a heading says nothing of what went wrong"),
        (Taggable(text="A zebra stood on the ward.", boilerplate=True), "it is boilerplate"),
        (
            Taggable(text="A zebra stood on the ward.", section=SectionKind.COPIES),
            "the form's list of copies is not about the death",
        ),
    ],
)
def test_what_can_show_no_theme_earns_none(passage: Taggable, why: str) -> None:
    assert tagger(zebra="staffing").tag([passage]) == [()], why


def test_a_passage_has_at_most_four_themes_the_most_central_first() -> None:
    one = weights(zebra="staffing")
    every = one.of_most.copy()
    every[:, WORDS.index("zebra")] = np.linspace(3, 4, len(KEYS))
    model = ThemeModel(WordReader(), replace(one, of_most=every))
    (found,) = model.tag([Taggable(text="A zebra stood on the ward at night.")])
    assert [tag.theme for tag in found] == KEYS[: -MOST_TAGS - 1 : -1]
    assert [tag.score for tag in found] == sorted((tag.score for tag in found), reverse=True)


def test_tags_stand_with_their_own_passage_in_whatever_order_they_were_read() -> None:
    texts = ["A zebra stood on the ward at night.", "It was a quiet day for all of them there."]
    found = tagger(zebra="staffing").tag([Taggable(text=text) for text in texts])
    assert [[tag.theme for tag in tags] for tags in found] == [["staffing"], []]


def test_the_parts_of_the_tokens_add_up_to_the_judgement() -> None:
    generator = np.random.default_rng(2099)
    one = replace(
        weights(),
        of_mean=generator.normal(size=(len(KEYS), 4)).astype(np.float32),
        of_most=generator.normal(size=(len(KEYS), 4)).astype(np.float32),
    )
    tokens = TokenStates(
        generator.normal(size=(9, 4)).astype(np.float32), np.arange(9), np.arange(9) + 1
    )
    whole = one.tokens(tokens)
    for row in range(len(KEYS)):
        assert one.token_gains(row, tokens).sum() == pytest.approx(whole[row], abs=1e-4)


def test_the_shares_of_repeated_words_add_up_to_the_text_s_vector() -> None:
    words = occurrences("the bed was not the bed that she was given")
    idf = np.ones(BUCKETS, np.float32)
    vector = weighted(words, idf)
    assert np.linalg.norm(vector.values) == pytest.approx(1, abs=1e-6)
    for bucket, value in zip(vector.buckets, vector.values, strict=True):
        assert vector.each[words.buckets == bucket].sum() == pytest.approx(value, abs=1e-6)


def test_a_word_of_one_text_or_of_nearly_all_weighs_nothing() -> None:
    texts = ["a ward", "a ward", "a lift", "a lift", "a stair"]
    idf = inverse_frequency([occurrences(text).buckets for text in texts])
    (a, stair, ward) = (occurrences(word).buckets[0] for word in ("a", "stair", "ward"))
    assert idf[a] == 0
    assert idf[stair] == 0
    assert idf[ward] > 0


def test_weights_come_back_as_they_were_written(tmp_path: Path) -> None:
    one = replace(weights(zebra="staffing"), share=0.25)
    save(tmp_path, one, {"command": "by hand"})
    back = load(tmp_path)
    assert back.share == one.share
    assert (back.of_most == one.of_most).all()


@pytest.mark.parametrize("damage", [b"", b"PK\x03\x04 half a file"])
def test_damaged_weights_are_refused_with_what_to_do(tmp_path: Path, damage: bytes) -> None:
    save(tmp_path, weights(), {"command": "by hand"})
    (tmp_path / WEIGHTS).write_bytes(damage)
    with pytest.raises(ModelUnavailable, match="PFDKB_TAGGER=cues"):
        load(tmp_path)


def test_weights_of_another_codebook_are_refused(tmp_path: Path) -> None:
    one = weights()
    save(tmp_path, replace(one, of_words=one.of_words[:3]), {"command": "by hand"})
    with pytest.raises(ModelUnavailable, match="of 3 themes"):
        load(tmp_path)
