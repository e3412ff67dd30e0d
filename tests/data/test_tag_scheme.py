"""Tag schemes: told apart and converted, on examples written by hand."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from seqlab.data.tag_scheme import convert_tags, detect_scheme, entity_spans
from seqlab.errors import DataError

SAME = {
    "IOB1": ("I-PER", "I-PER", "B-PER", "O", "I-LOC", "I-ORG", "I-ORG"),
    "BIO": ("B-PER", "I-PER", "B-PER", "O", "B-LOC", "B-ORG", "I-ORG"),
    "BIOES": ("B-PER", "E-PER", "S-PER", "O", "S-LOC", "B-ORG", "E-ORG"),
}
CONLL_2003 = ("I-ORG", "O", "I-MISC", "O", "O", "O", "I-MISC", "O", "O")  # EU rejects German call to boycott British lamb .


@pytest.mark.parametrize("scheme", SAME)
@pytest.mark.parametrize("target", SAME)
def test_one_sentence_in_every_scheme(scheme, target):
    assert detect_scheme([SAME[scheme]]) == scheme
    assert convert_tags(SAME[scheme], scheme, target) == SAME[target]
    assert entity_spans(SAME[scheme], scheme) == [(0, 2, "PER"), (2, 3, "PER"), (4, 5, "LOC"), (5, 7, "ORG")]


def test_the_layout_of_conll_2003_is_iob1():
    assert detect_scheme([CONLL_2003]) == "IOB1"
    assert convert_tags(CONLL_2003, "IOB1", "BIO") == ("B-ORG", "O", "B-MISC", "O", "O", "O", "B-MISC", "O", "O")


@settings(max_examples=40)
@given(kinds=st.lists(st.sampled_from(["O", "B-x", "B-y", "I"]), max_size=9))
def test_converting_loses_nothing(kinds):
    tags: list[str] = []
    for kind in kinds:
        goes_on = bool(tags) and tags[-1] != "O"
        tags.append(f"I-{tags[-1][2:]}" if kind == "I" and goes_on else "O" if kind == "I" else kind)
    for other in ("IOB1", "BIOES"):
        assert convert_tags(convert_tags(tuple(tags), "BIO", other), other, "BIO") == tuple(tags)


@pytest.mark.parametrize("plain", [("NOUN", "VERB"), ("O", "O"), ("X-ray", "O"), ("S-NOUN", "O"), ("", "")])
def test_tags_that_mark_no_entities_have_no_scheme(plain):
    assert detect_scheme([plain]) == ""


def test_bilou_is_bioes_with_other_letters():
    tags = ("B-PER", "I-PER", "L-PER", "U-LOC", "O")
    assert detect_scheme([tags]) == "BIOES"
    assert convert_tags(tags, "BIOES", "BIO") == ("B-PER", "I-PER", "I-PER", "B-LOC", "O")


def test_a_step_without_an_answer_stays_one():
    assert convert_tags(("", "I-LOC", ""), "IOB1", "BIO") == ("", "B-LOC", "")


@pytest.mark.parametrize(
    ("sentences", "said"),
    [
        ([("I-ORG", "O"), ("B-LOC", "I-LOC")], "sentence 1 an entity begins with 'I-ORG' .as in IOB1., in sentence 2 with 'B-LOC'"),
        ([("B-PER", "E-PER"), ("B-LOC", "O")], "in sentence 2 'O' follows 'B-LOC'"),
        ([("B-PER", "I-PER"), ("LOC", "O")], "'B-PER' says where an entity begins or goes on, 'LOC' does not"),
    ],
)
def test_mixed_schemes_say_where(sentences, said):
    with pytest.raises(DataError, match=said):
        detect_scheme(sentences)
