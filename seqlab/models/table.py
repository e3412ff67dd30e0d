"""CELLS: the one table of recurrent cells. Describing a cell costs no heavy import."""

from collections.abc import Mapping
from types import MappingProxyType

from seqlab.errors import ConfigError, UnknownKeyError
from seqlab.models.cell_kind import CellEntry, CellImplementation, GateEntry

__all__ = ["CELLS", "CellEntry", "CellImplementation", "GateEntry", "cell_entry", "check_chrono"]


def _share(name: str, label: str, meaning: str) -> GateEntry:
    """A gate, from 0 to 1."""
    return GateEntry(name=name, label=label, meaning=meaning, low=0.0, high=1.0)


def _content(name: str, label: str, meaning: str, *, is_state: bool = False) -> GateEntry:
    """A candidate or a state, from -1 to 1."""
    return GateEntry(name=name, label=label, meaning=meaning, low=-1.0, high=1.0, is_state=is_state)


def _memory(name: str, label: str, meaning: str) -> GateEntry:
    """A state without bounds."""
    return GateEntry(name=name, label=label, meaning=meaning, low=None, high=None, is_state=True)


_INPUT = _share("i", "Input gate", "How much of the candidate is written: 0 writes nothing.")
_FORGET = _share("f", "Forget gate", "How much of the old memory is kept: 1 keeps all, 0 forgets.")
_OUTPUT = _share("o", "Output gate", "How much of the memory is shown.")
_UPDATE = _share("z", "Update gate (1 = keep)", "How much of the old state stays: 1 keeps it, 0 replaces it.")
_WRITTEN = _content("g", "Candidate", "What would be written, from -1 to 1.")
_NEW = _content("n", "Candidate", "What would replace the old state, from -1 to 1.")
_CELL = _memory("c", "Cell state", "The memory itself; it has no bounds.")
_HIDDEN = _content("h", "Hidden state", "What the cell shows to the next layer and to itself one step later.", is_state=True)

_ENTRIES = (
    CellEntry(
        key="lstm",
        label="LSTM",
        summary="Keeps a separate memory, the cell state, and three gates that decide what enters, stays and is shown.",
        gates=(
            _INPUT,
            _FORGET,
            _WRITTEN,
            _OUTPUT,
            _CELL,
            _HIDDEN,
        ),
        equations=(
            r"i_t = \sigma(W_{ii} x_t + b_{ii} + W_{hi} h_{t-1} + b_{hi})",
            r"f_t = \sigma(W_{if} x_t + b_{if} + W_{hf} h_{t-1} + b_{hf})",
            r"g_t = \tanh(W_{ig} x_t + b_{ig} + W_{hg} h_{t-1} + b_{hg})",
            r"o_t = \sigma(W_{io} x_t + b_{io} + W_{ho} h_{t-1} + b_{ho})",
            r"c_t = f_t \odot c_{t-1} + i_t \odot g_t",
            r"h_t = o_t \odot \tanh(c_t)",
        ),
        has_forget_bias=True,
        weight_blocks=4,
        note="Hochreiter & Schmidhuber 1997, with the forget gate of Gers et al. 2000. A fresh forget gate sits near 0.5, not near 1.",
        implementation="seqlab.models.lstm",
        keep_gate="f",
        write_gate="i",
        kept_state="c",
        written=("i", "g"),
    ),
    CellEntry(
        key="gru",
        label="GRU",
        summary="One state, two gates: the update gate mixes old state and candidate, the reset gate hides the old state from it.",
        gates=(
            _share("r", "Reset gate", "How much of the old state the candidate may use."),
            _UPDATE,
            _NEW,
            _HIDDEN,
        ),
        equations=(
            r"r_t = \sigma(W_{ir} x_t + b_{ir} + W_{hr} h_{t-1} + b_{hr})",
            r"z_t = \sigma(W_{iz} x_t + b_{iz} + W_{hz} h_{t-1} + b_{hz})",
            r"n_t = \tanh(W_{in} x_t + b_{in} + r_t \odot (W_{hn} h_{t-1} + b_{hn}))",
            r"h_t = (1 - z_t) \odot n_t + z_t \odot h_{t-1}",
        ),
        has_forget_bias=False,
        weight_blocks=3,
        note=(
            "Cho et al. 2014 write the update gate the other way round (1 = replace) and reset before the matrix product; "
            "this is PyTorch's form, which resets after it."
        ),
        implementation="seqlab.models.gru",
        keep_gate="z",
        kept_state="h",
        written=("1-z", "n"),
    ),
    CellEntry(
        key="rnn",
        label="RNN (Elman)",
        summary="No gates at all: the state is overwritten at every step. The yardstick the other two were invented against.",
        gates=(_HIDDEN,),
        equations=(r"h_t = \tanh(W_{ih} x_t + b_{ih} + W_{hh} h_{t-1} + b_{hh})",),
        has_forget_bias=False,
        weight_blocks=1,
        note="Elman 1990, with tanh.",
        implementation="seqlab.models.rnn",
    ),
    CellEntry(
        key="article_lstm",
        label="Article's LSTM",
        summary="An LSTM as an introductory article prints it: its gates read the memory itself, which it calls h.",
        gates=(
            _INPUT,
            _FORGET,
            _OUTPUT,
            _content("c", "Candidate (called c)", "What would be written, from -1 to 1."),
            _memory("h", "Memory (called h)", "The memory itself, which all gates read one step later; it has no bounds."),
            _content("y", "Output (called y)", "What the cell shows to the next layer. The cell itself never sees it again."),
        ),
        equations=(
            r"i_t = \sigma(W_i\,[h_{t-1}, x_t] + b_i)",
            r"f_t = \sigma(W_f\,[h_{t-1}, x_t] + b_f)",
            r"o_t = \sigma(W_o\,[h_{t-1}, x_t] + b_o)",
            r"c_t = \tanh(W_c\,[h_{t-1}, x_t] + b_c)",
            r"h_t = f_t \odot h_{t-1} + i_t \odot c_t",
            r"y_t = o_t \odot \tanh(h_t)",
        ),
        has_forget_bias=True,
        weight_blocks=4,
        note=(
            "A standard LSTM calls this memory c, and its gates read the output instead; at the first step both agree, as nothing is "
            "remembered yet. It has no fused module and is run step by step."
        ),
        implementation="seqlab.models.article_lstm",
        fused=False,
        keep_gate="f",
        write_gate="i",
        kept_state="h",
        written=("i", "c"),
        output="y",
    ),
    CellEntry(
        key="article_gru",
        label="Article's GRU",
        summary="A GRU as an introductory article prints it: two leaky integrators, one behind the other; nothing resets the candidate.",
        gates=(
            _share("r", "Gate r (called update)", "How much of h stays; the rest comes from c."),
            _share("z", "Gate z (called reset)", "How much of c stays; the rest is the candidate."),
            _content("n", "Candidate", "What c would become, from -1 to 1. No gate hides the past from it."),
            _content("c", "First integrator c", "A running mean of the candidates; no gate reads it.", is_state=True),
            _content("h", "Second integrator h, the output", "A running mean of c: what all gates and the next layer read.", is_state=True),
        ),
        equations=(
            r"r_t = \sigma(W_r\,[h_{t-1}, x_t] + b_r)",
            r"z_t = \sigma(W_z\,[h_{t-1}, x_t] + b_z)",
            r"n_t = \tanh(W_c\,[h_{t-1}, x_t] + b_c)",
            r"c_t = z_t \odot c_{t-1} + (1 - z_t) \odot n_t",
            r"h_t = r_t \odot h_{t-1} + (1 - r_t) \odot c_t",
        ),
        has_forget_bias=False,
        weight_blocks=3,
        note=(
            "The article calls r update and z reset; both only keep. A change has to pass two mixes before it is seen. "
            "It has no fused module and is run step by step."
        ),
        implementation="seqlab.models.article_gru",
        fused=False,
        keep_gate="r",
        kept_state="h",
        written=("1-r", "c"),
    ),
    CellEntry(
        key="lstm_no_forget",
        label="LSTM without forget gate",
        summary="The first LSTM: what is once written stays for ever, so the cell state can only be written over by writing the opposite.",
        gates=(
            _INPUT,
            _WRITTEN,
            _OUTPUT,
            _memory("c", "Cell state", "All that was ever written, added up; it has no bounds."),
            _HIDDEN,
        ),
        equations=(
            r"i_t = \sigma(W_{ii} x_t + b_{ii} + W_{hi} h_{t-1} + b_{hi})",
            r"g_t = \tanh(W_{ig} x_t + b_{ig} + W_{hg} h_{t-1} + b_{hg})",
            r"o_t = \sigma(W_{io} x_t + b_{io} + W_{ho} h_{t-1} + b_{ho})",
            r"c_t = c_{t-1} + i_t \odot g_t",
            r"h_t = o_t \odot \tanh(c_t)",
        ),
        has_forget_bias=False,
        weight_blocks=3,
        note=(
            "Hochreiter & Schmidhuber 1997: an LSTM with f = 1. On long inputs the cell state drifts until tanh is flat, which is why "
            "the forget gate was added. It has no fused module and is run step by step."
        ),
        implementation="seqlab.models.lstm_no_forget",
        fused=False,
        write_gate="i",
        kept_state="c",
        written=("i", "g"),
    ),
    CellEntry(
        key="lstm_coupled",
        label="LSTM with coupled gates",
        summary="One gate instead of two: what is not kept is written, so the cell state is a running mean and cannot grow.",
        gates=(
            _share("f", "Forget gate (1 = keep)", "How much of the old memory is kept; the rest is written: i = 1 - f."),
            _WRITTEN,
            _OUTPUT,
            _content("c", "Cell state", "The memory itself: a running mean of the candidates.", is_state=True),
            _HIDDEN,
        ),
        equations=(
            r"f_t = \sigma(W_{if} x_t + b_{if} + W_{hf} h_{t-1} + b_{hf})",
            r"g_t = \tanh(W_{ig} x_t + b_{ig} + W_{hg} h_{t-1} + b_{hg})",
            r"o_t = \sigma(W_{io} x_t + b_{io} + W_{ho} h_{t-1} + b_{ho})",
            r"c_t = f_t \odot c_{t-1} + (1 - f_t) \odot g_t",
            r"h_t = o_t \odot \tanh(c_t)",
        ),
        has_forget_bias=True,
        weight_blocks=3,
        note=(
            "Greff et al. 2015 write f = 1 - i: the same cell, with the weights of the one gate turned round. "
            "It has no fused module and is run step by step."
        ),
        implementation="seqlab.models.lstm_coupled",
        fused=False,
        keep_gate="f",
        kept_state="c",
        written=("1-f", "g"),
    ),
    CellEntry(
        key="lstm_peephole",
        label="LSTM with peepholes",
        summary="An LSTM whose gates also see the memory itself, not only what the output gate shows of it.",
        gates=(
            _INPUT,
            _FORGET,
            _WRITTEN,
            _share("o", "Output gate", "How much of the memory is shown; it sees the new memory."),
            _CELL,
            _HIDDEN,
        ),
        equations=(
            r"i_t = \sigma(W_{ii} x_t + b_{ii} + W_{hi} h_{t-1} + b_{hi} + p_i \odot c_{t-1})",
            r"f_t = \sigma(W_{if} x_t + b_{if} + W_{hf} h_{t-1} + b_{hf} + p_f \odot c_{t-1})",
            r"g_t = \tanh(W_{ig} x_t + b_{ig} + W_{hg} h_{t-1} + b_{hg})",
            r"o_t = \sigma(W_{io} x_t + b_{io} + W_{ho} h_{t-1} + b_{ho} + p_o \odot c_t)",
            r"c_t = f_t \odot c_{t-1} + i_t \odot g_t",
            r"h_t = o_t \odot \tanh(c_t)",
        ),
        has_forget_bias=True,
        weight_blocks=4,
        note=(
            "Gers & Schmidhuber 2000. A unit's gates see its own cell state only: three more numbers per unit. "
            "It has no fused module and is run step by step."
        ),
        implementation="seqlab.models.lstm_peephole",
        fused=False,
        keep_gate="f",
        write_gate="i",
        kept_state="c",
        written=("i", "g"),
        extra_weights=(("weight_peephole", 3),),
    ),
    CellEntry(
        key="gru_reset_before",
        label="GRU, reset before product",
        summary="The GRU as first published: the reset gate hides parts of the old state before the weights see it.",
        gates=(
            _share("r", "Reset gate", "How much of each unit's old state the candidate may see."),
            _UPDATE,
            _NEW,
            _HIDDEN,
        ),
        equations=(
            r"r_t = \sigma(W_{ir} x_t + b_{ir} + W_{hr} h_{t-1} + b_{hr})",
            r"z_t = \sigma(W_{iz} x_t + b_{iz} + W_{hz} h_{t-1} + b_{hz})",
            r"n_t = \tanh(W_{in} x_t + b_{in} + W_{hn} (r_t \odot h_{t-1}) + b_{hn})",
            r"h_t = (1 - z_t) \odot n_t + z_t \odot h_{t-1}",
        ),
        has_forget_bias=False,
        weight_blocks=3,
        note=(
            "Cho et al. 2014, with PyTorch's z (1 = keep). PyTorch's GRU resets after the product, so that one product serves all three. "
            "It has no fused module and is run step by step."
        ),
        implementation="seqlab.models.gru_reset_before",
        fused=False,
        keep_gate="z",
        kept_state="h",
        written=("1-z", "n"),
    ),
)

CELLS: Mapping[str, CellEntry] = MappingProxyType({entry.key: entry for entry in _ENTRIES})


def cell_entry(key: str) -> CellEntry:
    """The entry of one cell.

    Raises:
        UnknownKeyError: there is no such cell.

    Example:
        >>> cell_entry("gru").gate_names
        ('r', 'z', 'n', 'h')
    """
    if key not in CELLS:
        raise UnknownKeyError.of("cell", key, list(CELLS))
    return CELLS[key]


def check_chrono(cell: str, longest: int | None) -> None:
    """Makes sure that a cell can start with a chrono initialisation, where one is asked for.

    Args:
        cell: key of :data:`CELLS`.
        longest: the longest lag; ``None`` asks for nothing.

    Raises:
        ConfigError: no gate of the cell keeps its state.
        UnknownKeyError: there is no such cell.
    """
    if longest is not None and not cell_entry(cell).keep_gate:
        able = ", ".join(key for key, entry in CELLS.items() if entry.keep_gate)
        raise ConfigError(
            f"ModelConfig.chrono_length is {longest}, but no gate of the cell {cell!r} keeps its state. "
            f"Leave it empty, or choose one of: {able}."
        )
