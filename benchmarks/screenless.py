"""A tab without a screen: asks the server for what a browser asks for, and draws nothing.

What a page costs the server, and what its polling takes from training, is then measured without the
browser's own work, which on the same machine is larger than both.
"""

import contextlib
import threading
import time
from collections.abc import Iterator

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import ClientConnection, connect


class Screenless:
    """One open page.

    Args:
        url: the server.
        page: name of the page.
        query: its parameters, as in the address.
    """

    def __init__(self, url: str, page: str, query: str) -> None:
        self.ticks = 0
        self.bytes = 0
        self._page, self._query, self._page_hash = page, query, ""
        self._stop = threading.Event()
        self._connection: ClientConnection = connect(
            url.replace("http", "ws", 1) + "/_stcore/stream", subprotocols=["streamlit"], origin=url, max_size=None
        )
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Closes the tab."""
        self._stop.set()
        self._connection.close()
        self._thread.join()

    def _ask(self, fragment: str = "") -> None:
        message = BackMsg()
        message.rerun_script.query_string = self._query
        message.rerun_script.page_name = self._page
        message.rerun_script.page_script_hash = self._page_hash
        message.rerun_script.fragment_id = fragment
        message.rerun_script.is_auto_rerun = bool(fragment)
        self._connection.send(message.SerializeToString())

    def _run(self) -> None:
        fragment, interval, due = "", 0.0, float("inf")
        self._ask()
        with contextlib.suppress(ConnectionClosed):
            while not self._stop.is_set():
                with contextlib.suppress(TimeoutError):
                    data = self._connection.recv(timeout=max(0.0, min(0.5, due - time.monotonic())))
                    self.bytes += len(data)
                    answer = ForwardMsg.FromString(data)
                    kind = answer.WhichOneof("type")
                    if kind == "auto_rerun":
                        fragment, interval = answer.auto_rerun.fragment_id, answer.auto_rerun.interval
                        due = time.monotonic() + interval
                    elif kind == "navigation":
                        self._page_hash = answer.navigation.page_script_hash  # as a browser does; else st.rerun leads home
                    elif kind == "script_finished" and fragment:
                        self.ticks += 1
                if fragment and time.monotonic() >= due:
                    due += interval
                    self._ask(fragment)


@contextlib.contextmanager
def open_page(url: str, page: str, query: str) -> Iterator[Screenless]:
    """An open page, for the time of a ``with`` block."""
    tab = Screenless(url, page, query)
    try:
        yield tab
    finally:
        tab.close()
