"""What stands under every view of sequences, words and tags, and on top of every file: what was measured, and how."""

import streamlit as st

from seqlab.config import SplitConfig
from seqlab.options import option_of
from seqlab.records import Forecast
from seqlab.ui.judge.stand import SEED, JudgeStand
from seqlab.ui.messages import escape
from seqlab.version import __version__

__all__ = ["draw_stamp", "stamp_lines"]

PRACTICE = (
    "Baselines learn from the training part only, as the network's weights do; the validation part chose which weights were kept.",
    "All models answer the same sequences of the test part. Steps at which no answer is wanted count nowhere.",
)


def stamp_lines(stand: JudgeStand) -> tuple[str, ...]:
    """Plain lines: enough to do it again."""
    spec, dataset = stand.run.spec, stand.dataset
    said = stand.prediction(stand.network)
    count = 0 if said is None else len(said.origins if isinstance(said, Forecast) else said.samples)
    seeds = [str(spec.training.seed), *(model.key.removeprefix(SEED) for model in stand.seeds)]
    split = (option_of(SplitConfig, "method").choices or {}).get(spec.split.method, spec.split.method)
    read = f", read by {stand.unit}" if stand.unit != "step" else ""
    return (
        f"seqlab {__version__}, run {stand.run.run_id}: {stand.network.name}, seed{'s' if len(seeds) > 1 else ''} {', '.join(seeds)}.",
        f"Data: {dataset.label} ({spec.dataset}{read}), fingerprint {(spec.fingerprint or dataset.fingerprint)[:12]}.",
        f"Split: {split}; {count:,} sequences in the test part.",
        *PRACTICE,
    )


def draw_stamp(stand: JudgeStand) -> None:
    """The lines."""
    with st.expander("How this was measured", icon=":material/rule:"):
        st.markdown("\n".join(f"- {escape(line)}" for line in stamp_lines(stand)))
