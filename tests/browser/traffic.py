"""What reaches the browser while a run is watched: files that are served, and messages of the socket."""

import json


class Traffic:
    """Listens to a tab from now on.

    Args:
        page: the tab that is listened to.
    """

    def __init__(self, page):
        self.served, self.frames = set(), []
        page.on("response", self._note)
        page.on("websocket", lambda socket: socket.on("framereceived", lambda frame: self.frames.append(frame)))

    def _note(self, response):
        if "bidi-components" in response.url:
            self.served.add((response.status, response.url.rsplit("/", 1)[1].split("?")[0]))

    def check(self):
        """The script was served as a file, no message brings it along, and the messages of the epochs are small."""
        assert self.served >= {(200, "live_chart.js"), (200, "pointer.js"), (200, "ticks.js"), (200, "live_chart.css")}
        payloads = [frame if isinstance(frame, bytes) else frame.encode() for frame in self.frames]
        assert not any(b"class LiveChart" in payload for payload in payloads)
        ticks = [payload for payload in payloads if b"Loss on scaled values" in payload]
        assert ticks
        assert sorted(map(len, ticks))[len(ticks) // 2] < 4000, json.dumps(sorted(map(len, ticks)))
