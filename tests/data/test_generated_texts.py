"""Generated texts: entities, dates and additions. What test asks is never in training, and every answer is right."""

import re
from collections import Counter
from datetime import date

import numpy as np
import pytest

from seqlab.data import dates_iso, entity_names
from seqlab.data.catalog import DATASETS, load_dataset
from seqlab.data.held_out import part_of

KEYS = ("generated_entities", "dates_iso", "additions")


@pytest.fixture(scope="module")
def additions():
    return load_dataset("additions", digits=2, sequences=8_000)


@pytest.fixture(scope="module")
def entities():
    return load_dataset("generated_entities")


def chosen(data, part):
    return [("".join(x), "".join(y)) for x, y, p in zip(data.tokens, data.labels, data.parts, strict=True) if p == part]


@pytest.mark.parametrize("key", KEYS)
def test_they_are_what_their_entries_say_and_the_seed_repeats(key):
    entry, data = DATASETS[key], load_dataset(key)
    assert (len(data), data.task, data.unit, data.scheme, data.target_names) == (
        entry.rows,
        entry.task,
        entry.unit,
        entry.scheme,
        entry.targets,
    )
    assert set(data.parts) == {"train", "validation", "test"}
    one, again, other = (load_dataset(key, sequences=100, seed=seed).fingerprint for seed in (0, 0, 1))
    assert one == again != other


def test_additions_are_right_and_no_pair_is_in_two_parts(additions):
    pairs = {part: set() for part in ("train", "validation", "test")}
    for part, found in pairs.items():
        for text, written in chosen(additions, part):
            one, other = map(int, text.split("+"))
            assert int(written) == one + other
            assert 0 <= one < 100
            found.add(frozenset((one, other)))
    fresh = additions.fresh(np.random.default_rng(5), 8_000)
    pairs["train"] |= {frozenset(map(int, "".join(text).split("+"))) for text in fresh.tokens}
    assert len(pairs["train"]) > 3_000, "most of the 5,050 pairs, so that the next lines prove something"
    assert pairs["train"].isdisjoint(pairs["test"] | pairs["validation"])
    assert pairs["validation"].isdisjoint(pairs["test"])


def test_further_additions_have_more_digits(additions):
    for digits, test in additions.tests_at.items():
        assert {len(number) for text in test.tokens for number in "".join(text).split("+")} == {int(digits)}
    assert list(additions.tests_at) == ["2", "3", "4"]


def test_dates_can_be_read_back_and_no_day_is_in_two_parts():
    data = load_dataset("dates_iso")
    days = {part: {written for _, written in chosen(data, part)} for part in ("train", "validation", "test")}
    days["train"] |= {"".join(written) for written in data.fresh(np.random.default_rng(2), 3_000).labels}
    assert days["train"].isdisjoint(days["test"] | days["validation"])
    assert days["validation"].isdisjoint(days["test"])
    for text, written in chosen(data, "test"):
        day = date.fromisoformat(written)
        assert str(day.year) in text
        assert text in {dates_iso.written_date(day, form) for form in dates_iso.FORMATS}


def test_no_two_days_are_written_alike():
    texts = Counter(
        dates_iso.written_date(date.fromordinal(day), form)
        for day in range(date(2001, 1, 1).toordinal(), date(2002, 1, 1).toordinal())
        for form in dates_iso.FORMATS
    )
    # in May the short name of the month is the whole one
    assert {text for text, count in texts.items() if count > 1} == {
        text for text in texts if re.fullmatch(r"May \d+, 2001|\d+ May 2001", text)
    }
    assert dates_iso.written_date(date(1998, 3, 1), "{day}{th}") == "1st"
    endings = {n: dates_iso.written_date(date(1998, 3, n), "{th}") for n in (2, 3, 11, 12, 13, 21, 22, 23, 30)}
    assert endings == {2: "nd", 3: "rd", 11: "th", 12: "th", 13: "th", 21: "st", 22: "nd", 23: "rd", 30: "th"}


def test_parts_by_hash_hold_about_eighty_ten_and_ten_of_a_hundred():
    shares = Counter(part_of(np.repeat(np.arange(100), 100), np.tile(np.arange(100), 100)).tolist())
    assert shares["train"] / 10_000 == pytest.approx(0.8, abs=0.02)
    assert shares["test"] / 10_000 == pytest.approx(0.1, abs=0.02)


def test_entities_are_tagged_by_how_they_were_made(entities):
    spans = Counter()
    for words, tags in zip(entities.tokens, entities.labels, strict=True):
        for place, (word, tag) in enumerate(zip(words, tags, strict=True)):
            before = tags[place - 1] if place else "O"
            if tag.startswith("I-"):
                assert before in (f"B-{tag[2:]}", tag), "an entity begins with B"
            if word in entity_names.SURNAMES and before == "O":
                assert tag in ("B-PER", "B-ORG", "B-MISC")
            if tag.startswith("B-"):
                spans[tag] += 1
            assert "{" not in word
    assert set(spans) == {"B-PER", "B-ORG", "B-LOC", "B-MISC"}
    assert min(spans.values()) > 300
    assert len(set(entities.tokens)) == len(entities) == 3_000


def test_names_of_the_test_part_that_training_never_shows_are_counted(entities):
    seen = {word for words, part in zip(entities.tokens, entities.parts, strict=True) if part == "train" for word in words}
    asked = [
        word
        for words, tags, part in zip(entities.tokens, entities.labels, entities.parts, strict=True)
        if part == "test"
        for word, tag in zip(words, tags, strict=True)
        if tag != "O"
    ]
    unseen = [word for word in asked if word not in seen]
    assert 0.15 < len(unseen) / len(asked) < 0.5
    assert f"{len(unseen):,} of the {len(asked):,} words of names" in " ".join(entities.notes)


def test_made_up_sentences_are_called_synthetic(entities):
    assert "synthetic" in entities.label.lower()
    assert "synthetic" in entities.summary.lower()
    assert "synthetic" in entities.notes[0].lower()
