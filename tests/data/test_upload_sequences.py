"""Files of sequences and texts that strangers bring: read by themselves, stored, or refused with a line number."""

import io

import numpy as np
import pytest

from seqlab.data.catalog import load_dataset
from seqlab.data.conll_lines import read_conll
from seqlab.data.sequences import SequenceDataset
from seqlab.data.tokens import TokenDataset
from seqlab.data.upload_sequences import SEQUENCE_LAYOUTS, inspect_sequences, read_sequences
from seqlab.data.upload_store import store_upload
from seqlab.errors import ConfigError, DataError

TEXTS = 'text,label,split\n"Good, really",yes,train\nBad film indeed,no,train\nNo,no,test\n'
WIDE = "label,v1,v2,v3\nup,0,1,2\ndown,2,1,\nup,1,3,4\n"
LONG = "seq_id,t,x,y,subject,label,remark\nb,1,5,1,p,up,-\nb,0,4,2,p,up,-\na,0,3,2,q,down,-\nc,0,3,2,q,down,-\n"
CONLL = (
    "-DOCSTART- -X- O O\n\nEU NNP I-NP I-ORG\nrejects VBZ I-VP O\nGerman JJ I-NP I-MISC\n\nPeter NNP I-NP I-PER\nBlackburn NNP I-NP I-PER\n"
)
EXAMPLES = {"texts": TEXTS, "wide": WIDE, "long": LONG, "conll": CONLL}


def read(content, **options):
    return read_sequences(io.StringIO(content), **options)


@pytest.mark.parametrize("layout", SEQUENCE_LAYOUTS)
def test_a_layout_is_found_said_and_comes_back_from_the_store(layout, monkeypatch, tmp_path):
    monkeypatch.setenv("SEQLAB_HOME", str(tmp_path))
    found = inspect_sequences(io.StringIO(EXAMPLES[layout]))
    assert found.layout == layout
    assert not found.problem
    data = read(EXAMPLES[layout], label="<b>Mine</b>")
    assert data.notes[0].startswith("Read as ")
    back = load_dataset(store_upload(data))
    assert type(back) is type(data)
    assert back.fingerprint == data.fingerprint
    for name in ("label", "task", "notes", "summary", "source", "groups", "parts", "target_names", "classes", "lengths"):
        assert getattr(back, name) == getattr(data, name), name


def test_texts_keep_their_parts_and_classes():
    data = read(TEXTS)
    assert isinstance(data, TokenDataset)
    assert (data.texts[0], data.labels, data.parts) == ("Good, really", ("yes", "no", "no"), ("train", "train", "test"))
    assert read("name,origin\nRossi,it\nBianchi,it\nSmith,en\n").unit == "character"


def test_a_row_may_end_early():
    data = read(WIDE)
    assert isinstance(data, SequenceDataset)
    assert [each[:, 0].tolist() for each in data.sequences] == [[0, 1, 2], [2, 1], [1, 3, 4]]
    two = read("label,a,b,c,d\nup,0,1,2,3\ndown,4,5,,\n", features_per_step=2)
    assert [each.tolist() for each in two.sequences] == [[[0, 1], [2, 3]], [[4, 5]]]


def test_steps_are_put_in_order_and_groups_kept():
    data = read(LONG)
    assert data.sequences[0].tolist() == [[4, 2], [5, 1]]
    assert (data.feature_names, data.groups, data.labels) == (("x", "y"), ("subject p", "subject q", "subject q"), ("up", "down", "down"))
    assert "The column 'remark' is left out." in data.notes


@pytest.mark.parametrize(
    ("values", "task", "labels"),
    [
        ("up,down,up", "tag", (("up", "down"), ("up",))),
        ("0.5,0.5,0.25", "regress", ([0.5], [0.25])),
        ("0.5,1.5,0.25", "regress_steps", ([[0.5], [1.5]], [[0.25]])),
        ("1,1,2", "classify", ("1", "2")),
    ],
)
def test_what_the_answer_holds_decides_the_task(values, task, labels, monkeypatch, tmp_path):
    monkeypatch.setenv("SEQLAB_HOME", str(tmp_path))
    rows = "".join(f"{name},1,{value}\n" for name, value in zip("aab", values.split(","), strict=True))
    data = read("seq_id,x,label\n" + rows)
    assert data.task == task
    assert [np.asarray(label).tolist() for label in data.labels] == [np.asarray(label).tolist() for label in labels]
    assert load_dataset(store_upload(data)).fingerprint == data.fingerprint


def test_conll_2003_becomes_bio_and_two_files_are_joined():
    data = read(CONLL, test=io.StringIO(CONLL))
    assert data.tokens[:2] == (("EU", "rejects", "German"), ("Peter", "Blackburn"))
    assert data.labels[:2] == (("B-ORG", "O", "B-MISC"), ("B-PER", "I-PER"))
    assert (data.scheme, data.parts) == ("BIO", ("train", "train", "test", "test"))
    assert any("IOB1" in note and "converted to BIO" in note for note in data.notes)
    assert "2 -DOCSTART- lines were skipped." in data.notes
    assert read(CONLL, tag_column=1).classes == ("JJ", "NNP", "VBZ")


def test_a_hash_is_a_word_where_it_has_a_tag_and_a_comment_where_it_has_none():
    found = read_conll("# intent = X\n#\tB-unit\n4\tI-unit\n\n# intent = Y\na\tO\n")
    assert found.tokens == (("#", "4"), ("a",))
    assert found.comments == 2
    assert read_conll("# sent = 1\na b c O\n\n# b c O\n").tokens == (("a",), ("#",))


@pytest.mark.parametrize(
    ("content", "options", "said"),
    [
        ("text,label\nGood,yes\nFine,yes\n", {}, "one class only: 'label' is 'yes' in every row"),
        ("label,v1,v2\nup,0,1\ndown,,\n", {}, "sequence in line 3 is empty"),
        ("label,v1,v2,v3\nup,0,,2\ndown,1,1,1\n", {}, "missing, or is no finite number, in line 2, column 'v2'"),
        ("seq_id,x,label\na,nan,up\na,1,up\nb,1,down\n", {}, "in line 2, column 'x'"),
        ("seq_id,t,x,label\na,0,1,up\na,0,2,up\nb,0,1,down\n", {}, "Sequence 'a' holds a step twice"),
        ("seq_id,x,subject,label\na,1,p,up\na,1,q,up\nb,1,p,down\n", {}, "'subject' changes within sequence 'a'"),
        ("label,v1,v2,v3\nup,0,1,2\ndown,1,1,1\n", {"features_per_step": 2}, "3 columns of numbers do not make whole steps of 2"),
        ("seq_id,x,label\na,1,up\na,1,down\nb,1,up\n", {"task": "classify"}, "'label' changes within a sequence"),
        ("v1,v2,v3\n0,1,2\n", {}, "No column is called 'label'"),
        ("text,label\nGood,yes\n", {"text": "words"}, "There is no column 'words' in the file. Its columns are: text, label"),
        (CONLL + "\nbad NNP I-NP\n", {}, r"Line 10 \('bad NNP I-NP'\) is not like the others: 1 of 4 columns is missing"),
        (CONLL + "\nRome NNP I-NP B-LOC\n", {}, "Two tag schemes are mixed: in sentence 1 .* in sentence 3 with 'B-LOC'"),
        ("a\tO\nb\tO\n\nc\tO\n", {}, "Every word has the tag 'O'"),
        ("a\tO\nb\t\n\nc\tB-X\n", {}, r"Line 2 \('b'\) is not like the others: 1 of 2 columns is missing"),
        (CONLL, {"tag_column": 4}, "There is no column 4 for the tag: a line has 4 columns"),
        ("", {}, "The file is empty"),
    ],
)
def test_what_cannot_be_used_is_refused_with_the_fix(content, options, said):
    with pytest.raises(DataError, match=said):
        read(content, **options)


def test_options_that_do_not_fit():
    with pytest.raises(ConfigError, match="Choose one of: texts, wide, long, conll"):
        read(TEXTS, layout="table")
    with pytest.raises(ConfigError, match="second file is read for CoNLL only"):
        read(TEXTS, test=io.StringIO(TEXTS))
    found = inspect_sequences(io.StringIO("v1,v2,v3\n0,1,2\n3,4,5\n"))
    assert "call it 'label'" in found.problem


def test_rows_that_say_nothing_are_left_out_and_counted():
    data = read("text,label\nGood,yes\n,yes\nBad,no\nFine,\n")
    assert data.texts == ("Good", "Bad")
    assert "2 rows have no text or no class and are left out, the first in line 3." in data.notes
