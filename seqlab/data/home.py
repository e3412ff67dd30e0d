"""Where seqlab keeps what it is given and what it makes: runs, uploads, the index."""

import os
from pathlib import Path

__all__ = ["home"]


def home() -> Path:
    """The folder for runs and uploads: ``$SEQLAB_HOME``, or ``~/.seqlab``. It may not exist yet.

    Example:
        >>> import os
        >>> from unittest.mock import patch
        >>> with patch.dict(os.environ, {"SEQLAB_HOME": "/data/lesson"}):
        ...     print(home().as_posix())
        /data/lesson
    """
    given = os.environ.get("SEQLAB_HOME", "").strip()
    return Path(given).expanduser() if given else Path.home() / ".seqlab"
