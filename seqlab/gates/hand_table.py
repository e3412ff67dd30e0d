"""HAND_CELLS: cells taken apart: RNN, LSTM and GRU as torch computes them, and an article's LSTM and GRU.

An introductory article this project grew out of prints simplified equations. What its LSTM calls c is the candidate, what it
calls h is what is usually the cell state, y is the output, and its gates read that state. Its GRU is two leaky integrators, one
behind the other. In both, every unit sees its own previous state and the input: only so is a 3 × 2 matrix times [h, x] consistent.
"""

from collections.abc import Mapping
from types import MappingProxyType

import numpy as np

from seqlab.errors import UnknownKeyError
from seqlab.gates.recipe import Node, Recipe, Stage
from seqlab.models.table import cell_entry

__all__ = ["HAND_CELLS", "hand_cell"]


def _gate(cell: str, name: str, latex: str, **more: str) -> Node:
    """A gate, candidate or state of a cell of ``seqlab.CELLS``, with weights and named as there."""
    entry = cell_entry(cell)
    gate, equation = next((gate, text) for gate, text in zip(entry.gates, entry.equations, strict=True) if gate.name == name)
    sigmoid = gate.low == 0.0
    return Node(
        name=name,
        label=gate.label,
        kind="gate" if sigmoid else "state" if gate.is_state else "candidate",
        symbols=equation,
        letter=latex,
        low=gate.low,
        high=gate.high,
        activation="sigmoid" if sigmoid else "tanh",
        reads="h",
        factor=more.get("factor", ""),
    )


def _joined(name: str, label: str, *, equation: str, reads: str = "h", candidate: bool = False) -> Node:
    """A gate or candidate of an article's cell: one matrix over [state, input], one bias."""
    return Node(
        name=name,
        label=label,
        kind="candidate" if candidate else "gate",
        symbols=equation,
        letter=f"{name}_t",
        low=-1.0 if candidate else 0.0,
        high=1.0,
        activation="tanh" if candidate else "sigmoid",
        reads=reads,
    )


_RNN = Recipe(
    key="rnn",
    label="RNN",
    summary=cell_entry("rnn").summary,
    nodes=(_gate("rnn", "h", "h_t"),),
    stages=(
        Stage(title="Read", nodes=(), sentence="The cell has two things to go on: the input, and its own last output h = {h_before}."),
        Stage(title="Weigh input", nodes=("h_from_x",), sentence="The input, weighed, with its bias, gives {h_from_x}."),
        Stage(title="Weigh past", nodes=("h_from_state",), sentence="The last outputs, weighed, with their bias, give {h_from_state}."),
        Stage(
            title="Squash",
            nodes=("h_sum", "h"),
            sentence="Together they are {h_sum}; tanh squeezes that into −1 to 1: the new state is {h}. The old one is gone.",
        ),
    ),
    states=("h",),
    output="h",
)

_LSTM = Recipe(
    key="lstm",
    label="LSTM",
    summary=cell_entry("lstm").summary,
    nodes=(
        _gate("lstm", "i", "i_t"),
        _gate("lstm", "f", "f_t"),
        _gate("lstm", "g", "g_t"),
        _gate("lstm", "o", "o_t"),
        Node(
            name="kept", label="What stays", kind="part", symbols=r"f_t \odot c_{t-1}", letter=r"f_t \odot c_{t-1}",
            numbers=r"{f} \cdot {c_before}", formula=lambda v: v["f"] * v["c_before"],
        ),
        Node(
            name="written", label="What is written", kind="part", symbols=r"i_t \odot g_t", letter=r"i_t \odot g_t",
            numbers=r"{i} \cdot {g}", low=-1.0, high=1.0, formula=lambda v: v["i"] * v["g"],
        ),
        Node(
            name="c", label="Cell state", kind="state", symbols=r"c_t = f_t \odot c_{t-1} + i_t \odot g_t", letter="c_t",
            numbers=r"{f} \cdot {c_before} + {i} \cdot {g}", formula=lambda v: v["kept"] + v["written"],
        ),
        Node(
            name="shown", label="Squeezed memory", kind="part", symbols=r"\tanh(c_t)", letter=r"\tanh(c_t)",
            numbers=r"\tanh({c})", low=-1.0, high=1.0, formula=lambda v: np.asarray(np.tanh(v["c"])),
        ),
        Node(
            name="h", label="Hidden state", kind="output", symbols=r"h_t = o_t \odot \tanh(c_t)", letter="h_t",
            numbers=r"{o} \cdot \tanh({c})", low=-1.0, high=1.0, formula=lambda v: v["o"] * v["shown"],
        ),
    ),
    stages=(
        Stage(
            title="Read",
            nodes=(),
            sentence="The cell reads the input and its own last output, h = {h_before}. Its memory, the cell state, is c = {c_before}.",
        ),
        Stage(
            title="Forget",
            nodes=("f", "kept"),
            sentence="The forget gate keeps {f:%} of the old memory {c_before}, so {kept} stays.",
        ),
        Stage(
            title="Write",
            nodes=("i", "g", "written"),
            sentence="The candidate proposes {g}; the input gate lets {i:%} of it in, so {written} is written.",
        ),
        Stage(
            title="New memory",
            nodes=("c",),
            sentence="What stays ({kept}) and what is written ({written}) add up to the new memory: c = {c}.",
        ),
        Stage(
            title="Output gate",
            nodes=("o", "shown"),
            sentence="tanh squeezes the memory {c} into −1 to 1: {shown}. The output gate decides to show {o:%} of that.",
        ),
        Stage(title="Show", nodes=("h",), sentence="{o:%} of {shown} is the output: h = {h}. It goes up to the next layer and on in time."),
    ),
    states=("c", "h"),
    output="h",
)  # fmt: skip

_GRU = Recipe(
    key="gru",
    label="GRU",
    summary=cell_entry("gru").summary,
    nodes=(
        _gate("gru", "r", "r_t"),
        _gate("gru", "z", "z_t"),
        _gate("gru", "n", "n_t", factor="r"),
        Node(
            name="recalled", label="Past let through", kind="part", symbols=r"r_t \odot (W_{hn} h_{t-1} + b_{hn})",
            letter=r"r_t \odot (W_{hn} h_{t-1} + b_{hn})", numbers=r"{r} \cdot {n_from_state}",
            formula=lambda v: v["r"] * v["n_from_state"],
        ),
        Node(
            name="kept", label="What stays", kind="part", symbols=r"z_t \odot h_{t-1}", letter=r"z_t \odot h_{t-1}",
            numbers=r"{z} \cdot {h_before}", low=-1.0, high=1.0, formula=lambda v: v["z"] * v["h_before"],
        ),
        Node(
            name="share", label="Share of the new", kind="part", symbols="1 - z_t", letter="1 - z_t", numbers=r"1 - {z}",
            low=0.0, high=1.0, formula=lambda v: np.asarray(1.0 - v["z"]),
        ),
        Node(
            name="written", label="What is written", kind="part", symbols=r"(1 - z_t) \odot n_t", letter=r"(1 - z_t) \odot n_t",
            numbers=r"(1 - {z}) \cdot {n}", low=-1.0, high=1.0, formula=lambda v: v["share"] * v["n"],
        ),
        Node(
            name="h", label="Hidden state", kind="state", symbols=r"h_t = (1 - z_t) \odot n_t + z_t \odot h_{t-1}", letter="h_t",
            numbers=r"(1 - {z}) \cdot {n} + {z} \cdot {h_before}", low=-1.0, high=1.0, formula=lambda v: v["written"] + v["kept"],
        ),
    ),
    stages=(
        Stage(
            title="Read",
            nodes=(),
            sentence="The cell reads the input and its own last output, which is its only memory: h = {h_before}.",
        ),
        Stage(
            title="Reset",
            nodes=("r", "n_from_state", "recalled"),
            sentence="The past would add {n_from_state} to the candidate; the reset gate lets {r:%} of that through: {recalled}.",
        ),
        Stage(
            title="Candidate",
            nodes=("n",),
            sentence="The input adds {n_from_x}; together {n_sum}, squeezed by tanh: the candidate is {n}.",
        ),
        Stage(
            title="Keep",
            nodes=("z", "kept"),
            sentence="The update gate keeps {z:%} of the old state {h_before}, so {kept} stays.",
        ),
        Stage(
            title="Write",
            nodes=("share", "written"),
            sentence="The rest, {share:%}, is for the candidate {n}: {written} is written. Keeping more always means writing less.",
        ),
        Stage(title="New state", nodes=("h",), sentence="Both add up to the new state, which is also the output: h = {h}."),
    ),
    states=("h",),
    output="h",
)  # fmt: skip

_ARTICLE_LSTM = Recipe(
    key="article_lstm",
    label=cell_entry("article_lstm").label,
    summary=cell_entry("article_lstm").summary,
    nodes=(
        _joined("i", "Input gate", equation=r"i_t = \sigma(W_i\,[h_{t-1}, x_t] + b_i)"),
        _joined("f", "Forget gate", equation=r"f_t = \sigma(W_f\,[h_{t-1}, x_t] + b_f)"),
        _joined("o", "Output gate", equation=r"o_t = \sigma(W_o\,[h_{t-1}, x_t] + b_o)"),
        _joined("c", "Candidate (called c)", equation=r"c_t = \tanh(W_c\,[h_{t-1}, x_t] + b_c)", candidate=True),
        Node(
            name="kept", label="What stays", kind="part", symbols=r"f_t \odot h_{t-1}", letter=r"f_t \odot h_{t-1}",
            numbers=r"{f} \cdot {h_before}", formula=lambda v: v["f"] * v["h_before"],
        ),
        Node(
            name="written", label="What is written", kind="part", symbols=r"i_t \odot c_t", letter=r"i_t \odot c_t",
            numbers=r"{i} \cdot {c}", low=-1.0, high=1.0, formula=lambda v: v["i"] * v["c"],
        ),
        Node(
            name="h", label="Memory (called h)", kind="state", symbols=r"h_t = f_t \odot h_{t-1} + i_t \odot c_t", letter="h_t",
            numbers=r"{f} \cdot {h_before} + {i} \cdot {c}", formula=lambda v: v["kept"] + v["written"],
        ),
        Node(
            name="shown", label="Squeezed memory", kind="part", symbols=r"\tanh(h_t)", letter=r"\tanh(h_t)",
            numbers=r"\tanh({h})", low=-1.0, high=1.0, formula=lambda v: np.asarray(np.tanh(v["h"])),
        ),
        Node(
            name="y", label="Output (called y)", kind="output", symbols=r"y_t = o_t \odot \tanh(h_t)", letter="y_t",
            numbers=r"{o} \cdot \tanh({h})", low=-1.0, high=1.0, formula=lambda v: v["o"] * v["shown"],
        ),
    ),
    stages=(
        Stage(
            title="Read",
            nodes=(),
            sentence="The cell reads the input and its own memory, h = {h_before}. A standard LSTM would read its last output instead.",
        ),
        Stage(
            title="Forget",
            nodes=("f", "kept"),
            sentence="The forget gate keeps {f:%} of the old memory {h_before}, so {kept} stays.",
        ),
        Stage(
            title="Write",
            nodes=("i", "c", "written"),
            sentence="The candidate, here called c, proposes {c}; the input gate lets {i:%} of it in, so {written} is written.",
        ),
        Stage(
            title="New memory",
            nodes=("h",),
            sentence="What stays ({kept}) and what is written ({written}) add up to the new memory: h = {h}.",
        ),
        Stage(
            title="Output gate",
            nodes=("o", "shown"),
            sentence="tanh squeezes the memory {h} into −1 to 1: {shown}. The output gate decides to show {o:%} of that.",
        ),
        Stage(title="Show", nodes=("y",), sentence="{o:%} of {shown} is the output: y = {y}. It is not fed back: the gates never see it."),
    ),
    states=("h",),
    output="y",
    joined=True,
)  # fmt: skip

_ARTICLE_GRU = Recipe(
    key="article_gru",
    label=cell_entry("article_gru").label,
    summary=cell_entry("article_gru").summary,
    nodes=(
        _joined("r", "Gate r (called update)", equation=r"r_t = \sigma(W_r\,[h_{t-1}, x_t] + b_r)"),
        _joined("z", "Gate z (called reset)", equation=r"z_t = \sigma(W_z\,[h_{t-1}, x_t] + b_z)"),
        _joined("n", "Candidate", equation=r"n_t = \tanh(W_c\,[h_{t-1}, x_t] + b_c)", candidate=True),
        Node(
            name="kept_c", label="What stays of c", kind="part", symbols=r"z_t \odot c_{t-1}", letter=r"z_t \odot c_{t-1}",
            numbers=r"{z} \cdot {c_before}", formula=lambda v: v["z"] * v["c_before"],
        ),
        Node(
            name="share_n", label="Share of the candidate", kind="part", symbols="1 - z_t", letter="1 - z_t", numbers=r"1 - {z}",
            low=0.0, high=1.0, formula=lambda v: np.asarray(1.0 - v["z"]),
        ),
        Node(
            name="written_c", label="What c takes in", kind="part", symbols=r"(1 - z_t) \odot n_t", letter=r"(1 - z_t) \odot n_t",
            numbers=r"(1 - {z}) \cdot {n}", formula=lambda v: v["share_n"] * v["n"],
        ),
        Node(
            name="c", label="First integrator c", kind="state",
            symbols=r"c_t = z_t \odot c_{t-1} + (1 - z_t) \odot n_t", letter="c_t",
            numbers=r"{z} \cdot {c_before} + (1 - {z}) \cdot {n}", formula=lambda v: v["kept_c"] + v["written_c"],
        ),
        Node(
            name="kept_h", label="What stays of h", kind="part", symbols=r"r_t \odot h_{t-1}", letter=r"r_t \odot h_{t-1}",
            numbers=r"{r} \cdot {h_before}", formula=lambda v: v["r"] * v["h_before"],
        ),
        Node(
            name="share_c", label="Share of c", kind="part", symbols="1 - r_t", letter="1 - r_t", numbers=r"1 - {r}",
            low=0.0, high=1.0, formula=lambda v: np.asarray(1.0 - v["r"]),
        ),
        Node(
            name="written_h", label="What h takes in", kind="part", symbols=r"(1 - r_t) \odot c_t", letter=r"(1 - r_t) \odot c_t",
            numbers=r"(1 - {r}) \cdot {c}", formula=lambda v: v["share_c"] * v["c"],
        ),
        Node(
            name="h", label="Second integrator h, the output", kind="state",
            symbols=r"h_t = r_t \odot h_{t-1} + (1 - r_t) \odot c_t", letter="h_t",
            numbers=r"{r} \cdot {h_before} + (1 - {r}) \cdot {c}", formula=lambda v: v["kept_h"] + v["written_h"],
        ),
    ),
    stages=(
        Stage(
            title="Read",
            nodes=(),
            sentence="The cell reads the input and its own last output, h = {h_before}; behind it stands c = {c_before}.",
        ),
        Stage(title="Candidate", nodes=("n",), sentence="The candidate is {n}. No gate stands between it and the past: nothing resets it."),
        Stage(
            title="First mix",
            nodes=("z", "kept_c", "share_n", "written_c", "c"),
            sentence="c keeps {z:%} of itself ({kept_c}) and takes {share_n:%} of the candidate ({written_c}): c = {c}.",
        ),
        Stage(
            title="Keep",
            nodes=("r", "kept_h"),
            sentence="The gate called update keeps {r:%} of the old output {h_before}: {kept_h} stays.",
        ),
        Stage(
            title="Second mix",
            nodes=("share_c", "written_h", "h"),
            sentence="The rest, {share_c:%}, comes from c ({written_h}): h = {h}. A change has to pass two mixes before it is seen.",
        ),
    ),
    states=("c", "h"),
    output="h",
    joined=True,
)  # fmt: skip

HAND_CELLS: Mapping[str, Recipe] = MappingProxyType({one.key: one for one in (_RNN, _LSTM, _GRU, _ARTICLE_LSTM, _ARTICLE_GRU)})


def hand_cell(key: str) -> Recipe:
    """One of the cells.

    Raises:
        UnknownKeyError: there is no such cell.

    Example:
        >>> [node.name for node in hand_cell("gru").weighted]
        ['r', 'z', 'n']
    """
    if key not in HAND_CELLS:
        raise UnknownKeyError.of("cell", key, list(HAND_CELLS))
    return HAND_CELLS[key]
