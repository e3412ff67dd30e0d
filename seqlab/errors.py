"""Every exception seqlab raises on purpose.

SeqlabError
├── ConfigError        a choice is out of its range, or two choices contradict each other
├── UnknownKeyError    a name that is in none of the tables (data set, cell, baseline)
├── DataError          data that cannot be read, or cannot be used as asked
├── MemoryLimitError   the work would not fit into memory; nothing was started
├── CheckpointError    a stored model cannot be opened
├── TraceError         a trace that was asked for does not exist in this model
└── RunError           a run is missing, or is not in a state that allows the request

Each message says what was given, what is allowed and what to do.
"""

__all__ = [
    "CheckpointError",
    "ConfigError",
    "DataError",
    "MemoryLimitError",
    "RunError",
    "SeqlabError",
    "TraceError",
    "UnknownKeyError",
]


class SeqlabError(Exception):
    """Base of every error seqlab raises on purpose; its text is written for the user."""


class ConfigError(SeqlabError):
    """A choice is out of its range, or two choices contradict each other."""


class UnknownKeyError(SeqlabError):
    """A name that is in none of the tables."""

    @classmethod
    def of(cls, kind: str, given: object, known: "list[str]") -> "UnknownKeyError":
        """Message for a ``kind`` ("data set", "cell", …) called ``given`` that is not among ``known``."""
        return cls(f"There is no {kind} called {str(given)!r}. Choose one of: {', '.join(known)}.")


class DataError(SeqlabError):
    """Data that cannot be read, or cannot be used as asked."""


class MemoryLimitError(SeqlabError):
    """The work would not fit into memory; nothing was started."""


class CheckpointError(SeqlabError):
    """A stored model cannot be opened."""


class TraceError(SeqlabError):
    """A trace that was asked for does not exist in this model."""


class RunError(SeqlabError):
    """A run is missing, or is not in a state that allows the request."""
