"""Sequences made ready: padding, numbers of words, answers, and what only the training part may decide."""

import numpy as np
import pytest

from seqlab.config import ModelConfig, RunSpec, SequenceConfig, SplitConfig
from seqlab.data.catalog import load_dataset
from seqlab.data.prepare import prepare
from seqlab.data.sequences import SequenceDataset
from seqlab.data.tokens import TokenDataset
from seqlab.errors import ConfigError, DataError

SPEC = RunSpec(dataset="demo")
PUBLISHED = SPEC.replace(split=SplitConfig(method="published", validation_size=1))


def measured(**changes):
    random = np.random.default_rng(0)
    lengths = random.integers(2, 9, 40)
    given = {
        "label": "Demo",
        "sequences": tuple(random.normal(5, 3, (length, 2)).astype(np.float32) for length in lengths),
        "feature_names": ("x", "y"),
        "task": "classify",
        "labels": ("a", "b") * 20,
    }
    return SequenceDataset(**given | changes)


def tagged(train, test, **changes):
    words = [*train, *test]
    given = {
        "label": "Demo",
        "task": "tag",
        "tokens": tuple(tuple(text.split()) for text in words),
        "labels": tuple(tuple("N" if word[0].isupper() else "O" for word in text.split()) for text in words),
        "parts": ("train",) * len(train) + ("test",) * len(test),
    }
    return TokenDataset(**given | changes)


def test_every_sequence_comes_back_from_its_padded_scaled_row():
    data = measured(parts=("train",) * 30 + ("test",) * 10)
    prepared = prepare(data, PUBLISHED)
    train = np.concatenate([data.sequences[number] for number in prepared.windows("train").origins])
    seen = []
    for part, count in prepared.window_counts.items():
        windows = prepared.windows(part)
        assert windows.x.shape == (1, count, max(data.lengths), 2)
        assert windows.future.shape == (1, count, 1, 0)
        for sample, number in enumerate(windows.origins):
            row, length = windows.x[0, sample], data.lengths[number]
            assert np.isnan(row[length:]).all()
            np.testing.assert_allclose(row[:length] * train.std(axis=0) + train.mean(axis=0), data.sequences[number], atol=1e-4)
            assert prepared.classes[int(windows.y[0, sample, 0, 0])] == data.labels[number]
            assert len(prepared.step_labels(part, sample)) == length
        seen.extend(windows.origins)
    assert sorted(seen) == list(range(40))
    assert prepared.class_counts == tuple(int((prepared.windows("train").y == number).sum()) for number in (0, 1))
    assert (prepared.output_size, prepared.input_size, prepared.known_size, prepared.endless) == (1, 2, 0, False)


def test_long_sequences_are_cut_with_their_tags_and_said():
    data = measured(task="tag", labels=tuple(tuple("ab"[step % 2] for step in range(len(each))) for each in measured().sequences))
    prepared = prepare(data, SPEC.replace(sequence=SequenceConfig(longest=3), model=ModelConfig(segment_length=2, many_targets="shared")))
    windows = prepared.windows("train")
    assert windows.x.shape[2] == windows.y.shape[2] == 4, "a multiple of the segment"
    assert np.isnan(windows.y[0, :, 3]).all()
    cut = sum(length > 3 for length in data.lengths)
    assert prepared.notes[0].startswith(f"{cut} of 40 sequences are longer than 3 steps and are cut: their first 3 are kept.")


def test_words_are_numbers_of_what_training_holds():
    data = tagged(["In Rome in", "in Oslo", "rome Falls in", "rome Oslo"], ["in Riga", "Rome falls"])
    spec = PUBLISHED.replace(model=ModelConfig(spelling="cnn", word_shape=True))
    prepared = prepare(data, spec)
    held = [data.tokens[number] for number in prepared.windows("train").origins]
    counts = {word: sum(other.lower() == word for each in held for other in each) for word in ("in", "rome", "oslo", "falls", "riga")}
    assert set(prepared.vocabulary[2:]) == {word for word, count in counts.items() if count >= 2}
    row = prepared.windows("test").x[0, 0, 1]  # Riga
    assert row[0] == 1, "unknown"
    letters = [prepared.characters[int(number)] for number in row[1 : 1 + prepared.word_length] if number]
    assert letters == [letter if letter in {sign for each in held for word in each for sign in word} else "<unknown>" for letter in "Riga"]
    assert row[1 + prepared.word_length :].tolist() == [1, 0, 0, 0, 0]
    assert len(prepared.feature_names) == prepared.input_size == 1 + prepared.word_length + 5
    assert prepared.step_labels("test", 0) == ("in", "Riga")
    assert any("of 4 words of the test part" in note and "unknown" in note for note in prepared.notes)
    # the test part changes no number that the network reads
    other = prepare(tagged(["In Rome in", "in Oslo", "rome Falls in", "rome Oslo"], ["riga riga riga", "Up"]), spec)
    assert (other.vocabulary, other.characters) == (prepared.vocabulary, prepared.characters)


def test_copies_leave_training_and_a_class_only_the_test_part_holds_is_said():
    data = tagged(
        ["in Rome", "in Oslo", "in Rome", "at Rome", "is Rome"], ["in Oslo", "to X"], labels=(*[("O", "N")] * 5, ("O", "N"), ("O", "Z"))
    )
    prepared = prepare(data, PUBLISHED.replace(sequence=SequenceConfig(minimum_count=1)))
    kept = {number for part in prepared.window_counts for number in prepared.windows(part).origins}
    assert kept == {0, 3, 4, 5, 6}
    assert prepared.notes[0].startswith("2 of 7 texts are copies of others and were left out")
    assert "The training part holds no 'Z', so it cannot be learned, yet the test part asks for it 1 time" in prepared.notes[1]
    assert prepared.class_counts[prepared.classes.index("Z")] == 0


def test_a_written_sequence_ends_and_its_decoder_is_told_the_symbol_before():
    data = TokenDataset(
        label="Demo",
        task="translate",
        unit="character",
        tokens=tuple(tuple(text) for text in ("ab", "ba", "abb", "bb", "a")),
        labels=tuple(tuple(text) for text in ("AB", "BA", "ABB", "BB", "A")),
    )
    prepared = prepare(data, SPEC.replace(split=SplitConfig(train_size=3, validation_size=1)))
    windows = prepared.windows("train")
    assert windows.y.shape == windows.future.shape == (1, 3, 4, 1)
    for sample, number in enumerate(windows.origins):
        symbols = [prepared.classes[int(code)] for code in windows.y[0, sample, :, 0] if np.isfinite(code)]
        assert symbols == [*data.labels[number], ""]
        told = [prepared.classes[int(code)] for code in windows.future[0, sample, : len(symbols), 0]]
        assert told == ["", *data.labels[number]]
    assert (prepared.joint, prepared.known_size, prepared.output_size) == ("", 1, len(prepared.classes))


def test_numbers_are_scaled_and_come_back_and_teaching_tasks_keep_theirs():
    answers = tuple(np.array([10.0 * number, -number]) for number in range(40))
    data = measured(task="regress", labels=answers, target_names=("p", "q"))
    prepared = prepare(data, SPEC)
    windows = prepared.windows("train")
    assert abs(windows.y.mean()) < 1e-6
    np.testing.assert_allclose(prepared.to_data_units(windows.y[0])[:, 0], [answers[number] for number in windows.origins], atol=1e-4)

    def fresh(random, count):
        return measured(
            sequences=tuple(random.normal(size=(500, 2)).astype(np.float32) for _ in range(count)),
            task="regress",
            labels=tuple(random.normal(size=2) for _ in range(count)),
            target_names=("p", "q"),
        )

    endless = prepare(measured(task="regress", labels=answers, target_names=("p", "q"), fresh=fresh), SPEC)
    np.testing.assert_array_equal(endless.windows("train").y[0, 0, 0], np.float32(answers[endless.windows("train").origins[0]]))
    new = endless.fresh_windows(seed=1, epoch=2)
    assert new.x.shape == (1, endless.window_counts["train"], 500, 2), "never cut"
    np.testing.assert_array_equal(new.x, endless.fresh_windows(seed=1, epoch=2).x)
    assert not np.array_equal(new.x, endless.fresh_windows(seed=1, epoch=3).x)
    with pytest.raises(ConfigError, match="cannot make new sequences"):
        prepared.fresh_windows(0, 0)


def test_what_cannot_be_used_says_why():
    with pytest.raises(DataError, match=r"one class only, 'a', so there is nothing to tell apart. Give sequences of at least two"):
        prepare(measured(labels=("a",) * 40), SPEC)
    with pytest.raises(DataError, match=r"No word of the training part occurs 9 times.*Set 'Rarest word kept' to 1"):
        prepare(tagged(["in Rome", "on Rome", "at Oslo"], ["x Y"]), PUBLISHED.replace(sequence=SequenceConfig(minimum_count=9)))
    with pytest.raises(DataError, match="The run was made with other data"):
        prepare(measured(), SPEC.replace(fingerprint="0" * 64))
    with pytest.raises(ConfigError, match="The parts are: train, validation, test"):
        prepare(measured(), SPEC).windows("later")


def test_people_never_lie_in_two_parts_of_the_shoulder_exercises():
    data = load_dataset("shoulder_exercises")
    prepared = prepare(data, SPEC)
    people = [{data.groups[number] for number in prepared.windows(part).origins} for part in prepared.window_counts]
    assert [len(each) for each in people] == [7, 1, 2]
    assert len(set.union(*people)) == 10
