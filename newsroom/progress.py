"""How far a run is, in words and as plain data: for the command and for the admin."""

from __future__ import annotations

from typing import Any

from django.utils import timezone

from newsroom.models import ImportRun


def rate(run: ImportRun) -> float | None:
    """Documents a second, of the time at work; None before there is anything to tell it by."""
    return run.read / run.seconds if run.read and run.seconds > 0 else None


def seconds_left(run: ImportRun) -> float | None:
    """How long a running import will still take, if its total is known."""
    speed = rate(run)
    if run.state != ImportRun.State.RUNNING or run.total is None or speed is None:
        return None
    return max(0, run.total - run.read) / speed


def duration(seconds: float) -> str:
    """A span of time as people say it: "40 s", "12 min", "3 h 05 min"."""
    whole = round(seconds)
    if whole < 100:
        return f"{whole} s"
    hours, minutes = divmod(round(seconds / 60), 60)
    return f"{hours} h {minutes:02} min" if hours else f"{minutes} min"


def in_words(run: ImportRun) -> str:
    """How far it is, how fast, and how long still, as far as that is known."""
    of = f" of {run.total:,}" if run.total is not None else ""
    noun = "document" if (run.read if run.total is None else run.total) == 1 else "documents"
    parts = [f"{run.read:,}{of} {noun} read"]
    if (speed := rate(run)) is not None:
        parts.append(f"{speed:,.1f} a second")
    if (left := seconds_left(run)) is not None:
        parts.append(f"about {duration(left)} left")
    return ", ".join(parts)


def as_data(run: ImportRun) -> dict[str, Any]:
    """All that is known of a run but its documents and issues."""
    return {
        "run": run.pk,
        "state": run.state,
        "process": run.process,
        "started_at": _iso(run.started_at),
        "progress_at": _iso(run.progress_at),
        "finished_at": _iso(run.finished_at),
        "options": run.options,
        "documents": {
            "total": run.total,
            "read": run.read,
            "created": run.created,
            "updated": run.updated,
            "unchanged": run.unchanged,
            "quarantined": run.quarantined,
        },
        "rows": run.counts,
        "seconds": round(run.seconds, 1),
        "documents_a_second": _rounded(rate(run)),
        "seconds_left": _rounded(seconds_left(run)),
        "waiting_in_quarantine": run.issues.quarantine().count(),
        "undone_at": _iso(run.undone_at),
        "undone": run.undone,
    }


def _iso(moment: Any) -> str | None:
    return timezone.localtime(moment).isoformat(timespec="seconds") if moment else None


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 1)
