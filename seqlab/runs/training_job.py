"""What a worker does with a run: train it, watch for requests, store what happens, judge the result."""

import contextlib
import logging
import os
import secrets
import time

from seqlab.errors import CheckpointError, RunError, SeqlabError
from seqlab.evaluation.judge import judge
from seqlab.records import BatchProgress, EpochRecord
from seqlab.runs.control import Control
from seqlab.runs.durable import write_bytes, write_json
from seqlab.runs.folder import RunFolder
from seqlab.runs.metrics import MetricsLog, Note
from seqlab.runs.predictions import save_prediction, save_preview
from seqlab.runs.result import RunResult
from seqlab.runs.snapshots import SnapshotLog
from seqlab.training.fitted import Fitted
from seqlab.training.session import TrainingSession

__all__ = ["TrainingJob", "train_folder"]

PROGRESS_EVERY = 0.2  # seconds between two progress lines
PREVIEW_EVERY = 0.5
CHECKPOINT_EVERY = 2.0  # at the ends of epochs
CHECKPOINT_INSIDE = 10.0  # within a long epoch
COST_SHARE = 50  # previews, and checkpoints, wait at least so many times their own cost: about 2 % of the time
LOOK_EVERY = 0.02  # seconds between two looks at the requests while paused

_log = logging.getLogger("seqlab.runs")


def pause_patience() -> float:
    """Seconds a paused worker stays in memory for an instant resume: ``$SEQLAB_PAUSE_SECONDS``, else five minutes.

    Raises:
        RunError: the variable is no number of seconds.
    """
    given = os.environ.get("SEQLAB_PAUSE_SECONDS", "").strip() or "300"
    try:
        return max(0.0, float(given))
    except ValueError as error:
        raise RunError(f"SEQLAB_PAUSE_SECONDS is {given!r}. It must be a number of seconds, such as 300.") from error


def train_folder(run: RunFolder, control: Control) -> None:
    """Train a run from where it stands to its end, its pause, or until the process is asked to leave.

    The caller holds the run's lock.

    Raises:
        SeqlabError: the run cannot be done.
    """
    if run.result is not None or control.request == "pause":
        return
    with contextlib.closing(MetricsLog(run.path / "metrics.jsonl")) as metrics:
        TrainingJob(run, control, metrics).run()


class TrainingJob:
    """One worker's work on one run."""

    def __init__(self, run: RunFolder, control: Control, metrics: MetricsLog) -> None:
        self._run = run
        self._control = control
        self._metrics = metrics
        self._session = self._open()
        self._snapshots = self._open_snapshots()
        now = time.monotonic()
        self._progress_at = 0.0
        self._preview_at = 0.0
        self._checkpoint_due = now + CHECKPOINT_EVERY
        self._checkpoint_due_inside = now + CHECKPOINT_INSIDE

    def run(self) -> None:
        """Train; store; judge."""
        if self._train():
            self._finish()

    def _open(self) -> TrainingSession:
        """The session as the checkpoint left it, or a fresh one. The same number of threads repeats the same bits."""
        run = self._run
        environment = run.environment
        threads = int(environment["threads"]) if environment else None
        if run.checkpoint_path.exists():
            try:
                session = TrainingSession.resume(run.spec, run.checkpoint_path, threads=threads)
            except CheckpointError as error:
                # Nothing is lost but time: from the start, the same seed leads to the same place.
                self._note(f"The checkpoint could not be used ({error}) Training starts again from the beginning.", 0)
            else:
                self._metrics.append(session.history)  # what a power cut may have taken from the curve
                self._note(self._resumed(session, environment or {}), session.state.step)
                return session
        session = TrainingSession.start(run.spec, threads=threads)
        if environment is None:
            write_bytes(run.path / "spec.json", session.spec.to_json().encode())  # now with the data's fingerprint
            write_json(run.path / "environment.json", session.environment() | {"started": time.time()})
        elif self._metrics.last_step:
            self._note("The worker process had ended before its first checkpoint; training starts again from the beginning.", 0)
        return session

    def _open_snapshots(self) -> SnapshotLog:
        """What is kept of the way so far, where the session goes on; the untrained weights where it starts."""
        state = self._session.state
        total = self._session.spec.training.epochs * len(state.losses)
        log = SnapshotLog(self._run.snapshots_path, state.network, total)
        if state.step:
            log.go_on(state.step)
        else:
            log.take(0)
            if log.note and not self._metrics.last_step:
                self._note(log.note, 0)
        return log

    @staticmethod
    def _resumed(session: TrainingSession, before: dict[str, object]) -> str:
        state = session.state
        text = f"Resumed in epoch {state.epoch + 1}, after {state.step:,} steps."
        now = session.environment()
        changed = [f"{name} {before[name]} is now {now[name]}" for name in ("device", "torch") if before.get(name, now[name]) != now[name]]
        return f"{text} The curve may differ in its last digits from here on: {', '.join(changed)}." if changed else text

    def _note(self, text: str, step: int) -> None:
        self._metrics.append([Note(text=text, step=step, time=time.time())])

    def _train(self) -> bool:
        """Train on; whether the run is over (else it is paused, or the process is to leave)."""
        if self._control.request == "stop":
            return True
        for event in self._session.events():
            self._snapshots.take(event.step)
            now = time.monotonic()
            self._record(event, now)
            self._checkpoint_if_due(event, now)
            request = self._control.request
            if request == "pause":
                if not self._pause():
                    return False
                request = self._control.request
            if request == "stop":
                return True
            if self._control.leave:
                self._checkpoint()
                return False
            self._preview_if_due(now)
        return True

    def _record(self, event: BatchProgress | EpochRecord, now: float) -> None:
        if isinstance(event, EpochRecord):
            self._metrics.append([event])
        # A loss that was not read from the device is NaN; a later batch brings one.
        elif event.train_loss == event.train_loss and now - self._progress_at >= PROGRESS_EVERY and not self._metrics.knows(event):
            self._progress_at = now
            self._metrics.append([event])

    def _checkpoint_if_due(self, event: BatchProgress | EpochRecord, now: float) -> None:
        if now >= (self._checkpoint_due if isinstance(event, EpochRecord) else self._checkpoint_due_inside):
            self._checkpoint()

    def _checkpoint(self) -> None:
        began = time.monotonic()
        self._metrics.sync()
        self._snapshots.write()
        self._session.save_checkpoint(self._run.checkpoint_path)
        now = time.monotonic()
        wait = COST_SHARE * (now - began)
        self._checkpoint_due = now + max(CHECKPOINT_EVERY, wait)
        self._checkpoint_due_inside = now + max(CHECKPOINT_INSIDE, wait)

    def _preview_if_due(self, now: float) -> None:
        if now < self._preview_at:
            return
        state = self._session.state
        save_preview(self._run.path / "preview.json", self._session.preview(), epoch=state.epoch, step=state.step)
        done = time.monotonic()
        self._preview_at = done + max(PREVIEW_EVERY, COST_SHARE * (done - now))

    def _pause(self) -> bool:
        """Store everything and wait; whether to go on here (else the run goes on in another process)."""
        self._checkpoint()
        state = self._session.state
        self._note(f"Paused in epoch {state.epoch + 1}, after {state.step:,} steps.", state.step)
        until = time.monotonic() + pause_patience()
        while self._control.request == "pause":
            if self._control.give_way or time.monotonic() >= until:
                return False
            time.sleep(LOOK_EVERY)
        return True

    def _finish(self) -> None:
        """Put the best weights away, judge them on the test part, and write the result last of all."""
        session, run = self._session, self._run
        self._checkpoint()
        fitted = session.fitted()
        fitted.save(run.model_path)
        scores, notes = self._judge(fitted)
        status = {None: "stopped", "early_stopped": "finished"}.get(session.outcome, session.outcome) or "stopped"
        best = min((record for record in session.history if record.best), key=lambda record: record.validation_loss, default=None)
        run.training.end(
            RunResult(
                status=status,
                message=session.message or self._stopped(best),
                scores=scores,
                notes=notes,
                seconds=sum(record.seconds for record in session.history) + session.state.seconds,
                epochs=len(session.history),
                best_epoch=best.epoch if best else 0,
                best_validation_loss=best.validation_loss if best else float("nan"),
                parameters=sum(p.numel() for p in fitted.model.parameters()),
                has_model=True,
                ended=time.time(),
            )
        )

    def _stopped(self, best: EpochRecord | None) -> str:
        done = f"Stopped after {len(self._session.history)} epochs and {self._session.state.step:,} steps."
        return f"{done} The weights of epoch {best.epoch} are kept." if best else f"{done} No epoch had ended yet."

    def _judge(self, fitted: Fitted) -> tuple[dict[str, float], tuple[str, ...]]:
        """Answer and score the test part. A model that cannot be judged is kept all the same."""
        try:
            said, scores = judge(fitted)
        except SeqlabError as error:
            return {}, (f"The test part could not be scored: {error}",)
        except Exception:
            number = secrets.token_hex(3)
            _log.exception("error %s while scoring %s", number, self._run.path)
            return {}, (f"The test part could not be scored; it is written in the run's worker.log under the number {number}.",)
        save_prediction(self._run.path, said)
        reasons = tuple(f"{score.metric}: {score.reason}" for score in scores if score.reason)
        return {score.metric: score.value for score in scores}, (*said.notes, *reasons)
