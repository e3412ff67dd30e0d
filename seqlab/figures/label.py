"""Names from users as plain text in a figure: the one place where Plotly's markup is taken out."""

__all__ = ["as_text"]

# Plotly reads a small HTML (<b>, <br>, <a href>), entities, %{…} in hover templates and $…$ as formulas.
_ENTITIES = {"&": "&amp;", "<": "&lt;", ">": "&gt;", "$": "&#36;", "%": "&#37;"}


def as_text(name: object, limit: int = 48) -> str:
    """``name`` so that Plotly shows exactly its characters, cut after ``limit`` of them.

    Args:
        name: a column, file or model name, as the user wrote it.
        limit: characters shown at most; an ellipsis says that more were there.

    Example:
        >>> as_text("<b>sales</b> in $")
        '&lt;b&gt;sales&lt;/b&gt; in &#36;'
    """
    flat = " ".join(str(name).split())
    if len(flat) > limit:
        flat = flat[: limit - 1] + "…"
    return "".join(_ENTITIES.get(letter, letter) for letter in flat)
