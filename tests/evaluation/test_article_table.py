"""A CoNLL-2003 file as the article used: four columns, -DOCSTART- lines, IOB1. It loads, trains and gives the article's eight rows."""

import io

from seqlab.config import ModelConfig, RunSpec, SequenceConfig, TrainConfig
from seqlab.data.catalog import load_dataset
from seqlab.data.tag_scheme import convert_tags
from seqlab.data.upload_sequences import read_sequences
from seqlab.data.upload_store import store_upload
from seqlab.evaluation.entities import entity_report
from seqlab.evaluation.judge import judge
from seqlab.evaluation.tagging import tag_report
from seqlab.training.fit import fit

ROWS = ["B-LOC", "I-LOC", "B-MISC", "I-MISC", "B-ORG", "I-ORG", "B-PER", "I-PER"]


def conll(sentences: int) -> str:
    """Sentences from templates, written down as CoNLL-2003 is: word, part of speech, chunk, entity in IOB1."""
    made = load_dataset("generated_entities")
    lines = ["-DOCSTART- -X- -X- O", ""]
    for number in range(sentences):
        tags = convert_tags(made.labels[number], "BIO", "IOB1")
        lines += [f"{word} NN I-NP {tag}" for word, tag in zip(made.tokens[number], tags, strict=True)]
        lines += ["", "-DOCSTART- -X- -X- O", ""] if number % 50 == 49 else [""]
    return "\n".join(lines)


def test_a_file_in_the_articles_layout_gives_the_articles_table() -> None:
    text = conll(240)
    assert " I-PER" in text
    assert " B-PER" not in text, "IOB1 marks the beginning of an entity only behind another of its kind"
    dataset = read_sequences(io.BytesIO(text.encode()))
    assert (dataset.task, dataset.scheme, len(dataset)) == ("tag", "BIO", 240)
    assert any("IOB1" in note for note in dataset.notes)
    spec = RunSpec(
        dataset=store_upload(dataset),
        sequence=SequenceConfig(minimum_count=1),
        model=ModelConfig(hidden_size=32, bidirectional=True, embedding_size=32, word_shape=True),
        training=TrainConfig(epochs=8, batch_size=12, learning_rate=1e-2, patience=0),
    )
    said, scores = judge(fit(spec))
    report = tag_report(said)
    assert [row.name for row in report.rows] == ROWS
    assert sum(row.support for row in report.rows) > 50
    assert report.macro.f1.value > 0.5, "eight epochs are enough to have learned the templates"
    assert entity_report(said, scheme="BIO").overall.f1.value == next(one.value for one in scores if one.metric == "entity_f1")
