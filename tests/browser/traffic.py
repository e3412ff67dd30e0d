"""What reaches the browser while a run is watched: files that are served, and messages of the socket."""


class Traffic:
    """Listens to a tab from now on.

    Args:
        page: the tab that is listened to.
    """

    def __init__(self, page):
        self.served, self.frames = set(), []
        page.on("response", self._note_file)
        page.on("websocket", lambda socket: socket.on("framereceived", self._note_frame))

    def _note_frame(self, frame):
        self.frames.append(frame if isinstance(frame, bytes) else frame.encode())

    def _note_file(self, response):
        if "bidi-components" in response.url:
            self.served.add((response.status, response.url.rsplit("/", 1)[1].split("?")[0]))

    def _ticks(self):
        return [len(frame) for frame in self.frames if b"Loss on scaled values" in frame]

    def expect_script_as_a_file(self):
        """The script of the live chart was served as a file, and no message brings it along."""
        assert self.served >= {(200, "live_chart.js"), (200, "pointer.js"), (200, "ticks.js"), (200, "live_chart.css")}
        assert not any(b"class LiveChart" in frame for frame in self.frames)

    def expect_small_messages(self, page):
        """While epochs go by, most messages are small; those that drew the page before are not meant."""
        drawn = len(self._ticks())
        for _ in range(600):
            page.wait_for_timeout(100)
            if len(ticks := self._ticks()[drawn:]) >= 7:
                break
        assert len(ticks) >= 7
        assert sorted(ticks)[len(ticks) // 2] < 4000, ticks
