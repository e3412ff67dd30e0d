"""From a config and what the data fixes to a fresh network."""

from typing import TYPE_CHECKING, Any, cast

from torch import nn

from seqlab.config import ModelConfig
from seqlab.errors import ConfigError
from seqlab.models.chrono import set_chrono_bias
from seqlab.models.convolution import ConvStack
from seqlab.models.crf import LinearChainCRF
from seqlab.models.embedding import TokenInput
from seqlab.models.forecaster import Forecaster
from seqlab.models.head import ForecastHead
from seqlab.models.network import Network, NetworkSizes
from seqlab.models.reference import check_reference
from seqlab.models.sequence_network import SequenceNetwork
from seqlab.models.table import cell_entry
from seqlab.tasks import task_entry

if TYPE_CHECKING:
    from seqlab.models.stepped_stack import SteppedStack

__all__ = ["build_network", "build_recurrent", "network_parts"]

UNKNOWN_SHARE = 0.02  # of the words read in training are read as unknown, so that the unknown word is learned too


def build_network(config: ModelConfig, sizes: NetworkSizes) -> Network:
    """A fresh network; its weights come from torch's global random generator.

    Raises:
        UnknownKeyError: the cell is not in ``CELLS``.
        ConfigError: choices that contradict each other or the data.
    """
    if sizes.task == "forecast":
        return _forecaster(config, sizes)
    if sizes.task == "translate":
        from seqlab.models.translator import build_translator

        return build_translator(config, sizes, unknown_share=UNKNOWN_SHARE)
    return _sequence_network(config, sizes)


def _forecaster(config: ModelConfig, sizes: NetworkSizes) -> Forecaster:
    check_reference(config.reference, context_length=sizes.context_length, season_length=sizes.season_length)
    pooled = config.pool_length if config.network in {"cnn", "cnn_rnn"} else 1
    together = config.segment_length * pooled
    if sizes.context_length % together:
        raise ConfigError(
            f"The context of {sizes.context_length} steps is no multiple of the segment of {config.segment_length} "
            f"times the pooling of {pooled}. Choose a context that is."
        )
    parts = network_parts(config, sizes, sizes.input_size, segment=config.segment_length)
    state_size = parts.pop("read_size")
    head = ForecastHead(
        state_size=state_size,
        known_size=sizes.known_size + sizes.target_size,
        horizon=sizes.horizon,
        target_size=sizes.target_size,
        head_size=config.head_size,
    )
    return Forecaster(head=head, reference=config.reference, segment=config.segment_length, **parts)


def _sequence_network(config: ModelConfig, sizes: NetworkSizes) -> SequenceNetwork:
    per_step = task_entry(sizes.task).per_step
    if per_step and config.network != "recurrent" and config.pool_length > 1:
        raise ConfigError(
            f"Every step has an answer here, but a pooling of {config.pool_length} leaves one step of {config.pool_length}. Set it to 1."
        )
    entry = None
    if sizes.vocabulary:
        entry = TokenInput(
            vocabulary=sizes.vocabulary,
            embedding_size=config.embedding_size,
            characters=sizes.characters,
            word_length=sizes.word_length,
            spelling=config.spelling,
            shapes=sizes.shapes,
            unknown_share=UNKNOWN_SHARE,
        )
    parts = network_parts(config, sizes, entry.out_size if entry is not None else sizes.input_size)
    parts.pop("read_size")
    crf = LinearChainCRF(sizes.classes) if config.output == "crf" and sizes.task == "tag" else None
    return SequenceNetwork(entry=entry, crf=crf, **parts)


def network_parts(config: ModelConfig, sizes: NetworkSizes, in_size: int, *, segment: int = 1) -> dict[str, Any]:
    """What all networks have in common; ``read_size`` is the width of what the head reads."""
    front = _convolution(config, in_size) if config.network in {"cnn", "cnn_rnn"} else None
    width = in_size if front is None else front.out_size
    recurrent, back = None, None
    if config.network == "cnn":
        if segment > 1:
            raise ConfigError(f"A segment of {segment} steps belongs to a recurrent network. Set it to 1 for a network of convolutions.")
    else:
        recurrent = build_recurrent(config, width * segment)
        width = config.hidden_size * (2 if config.bidirectional else 1)
    if config.network == "rnn_cnn":
        back = _convolution(config, width)
        width = back.out_size
    return {
        "cell": config.cell,
        "recurrent": recurrent,
        "sizes": sizes,
        "segment_length": segment * (1 if front is None else front.factor),
        "front": front,
        "back": back,
        "pooling": config.pooling,
        "dropout": config.dropout,
        "read_size": width,
    }


def build_recurrent(config: ModelConfig, input_size: int) -> "nn.RNNBase | SteppedStack":
    """A fresh recurrent stack with its start biases."""
    stack = (
        cell_entry(config.cell)
        .load()
        .build_stack(
            input_size=input_size,
            hidden_size=config.hidden_size,
            num_layers=config.num_layers,
            bidirectional=config.bidirectional,
            dropout=config.dropout,
            forget_bias=config.forget_bias,
        )
    )
    if config.chrono_length is not None:
        set_chrono_bias(stack, config.cell, config.chrono_length)
    return cast("nn.RNNBase | SteppedStack", stack)


def _convolution(config: ModelConfig, in_size: int) -> ConvStack:
    return ConvStack(
        in_size=in_size,
        channels=config.channels,
        kernel_size=config.kernel_size,
        layers=config.conv_layers,
        causal=config.causal,
        pool_length=config.pool_length,
        dropout=config.dropout,
    )
