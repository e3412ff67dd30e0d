"""Warnings become notes, and none is lost."""

import warnings

import pytest

from seqlab.baselines.warned import collected_warnings, summary_of


def test_warnings_are_collected_not_raised() -> None:
    texts: list[str] = []
    with collected_warnings(texts):
        warnings.warn("slow\n   going", RuntimeWarning, stacklevel=1)
        warnings.warn("slow\n   going", RuntimeWarning, stacklevel=1)
    assert texts == ["RuntimeWarning: slow going"] * 2
    assert summary_of(texts, "X") == ("X warned 2 times: RuntimeWarning: slow going",)


def test_warnings_before_an_exception_are_kept() -> None:
    def warn_and_break() -> None:
        with collected_warnings(texts):
            warnings.warn("soon", RuntimeWarning, stacklevel=1)
            raise ValueError("broken")

    texts: list[str] = []
    with pytest.raises(ValueError, match="broken"):
        warn_and_break()
    assert texts == ["RuntimeWarning: soon"]
