"""What a run came to, for people and for machines."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

from newsroom.ingest.load import Loaded
from newsroom.models import ImportIssue, ImportRun

OUTCOMES = ("created", "updated", "unchanged", "quarantined")
ROWS = ("articles", "quotes", "speakers", "lists", "issues")
_WIDTH = max(map(len, OUTCOMES)) + 2


def as_text(run: ImportRun, loaded: Sequence[Loaded], *, listed: Sequence[Loaded], dry_run: bool) -> str:
    """A summary table, below it what needs attention; above it a line for each of the ``listed`` documents."""
    lines = [_document(done) for done in listed]
    if lines:
        lines.append("")
    lines.append(_row("", OUTCOMES))
    lines.append(_row("documents", [f"{getattr(run, outcome):,}" for outcome in OUTCOMES]))
    for kind, numbers in _rows(run).items():
        lines.append(_row(kind, [f"{numbers[outcome]:,}" if outcome in numbers else "" for outcome in OUTCOMES]))
    for done in loaded:
        lines += [f"\n{done.name}{_place(issue)}: {issue.reason}" for issue in done.issues]
    lines += ["", _conclusion(run, dry_run=dry_run)]
    return "\n".join(lines)


def as_json(run: ImportRun, loaded: Sequence[Loaded], *, dry_run: bool) -> dict[str, Any]:
    """The same, as plain data."""
    return {
        "run": None if dry_run else run.pk,
        "dry_run": dry_run,
        "state": run.state,
        "documents": {"read": run.read} | {name: getattr(run, name) for name in OUTCOMES},
        "rows": _rows(run),
        "details": [
            {
                "name": done.name,
                "outcome": str(done.result),
                "sha256": done.sha256 or None,
                "headlines": done.headlines,
                "rows": _made(done),
                "issues": [
                    {
                        "severity": str(issue.severity),
                        "reason": issue.reason,
                        "byte_offset": issue.byte_offset,
                        "line": issue.line,
                    }
                    for issue in done.issues
                ],
            }
            for done in loaded
        ],
    }


def set_aside(run: ImportRun) -> str:
    """The closing line of a run that could not take everything in."""
    documents = "1 document was" if run.quarantined == 1 else f"{run.quarantined:,} documents were"
    return f"{documents} set aside: see above." + (" The rest is in." if run.read > run.quarantined else "")


def _rows(run: ImportRun) -> dict[str, dict[str, int]]:
    return {kind: run.counts.get(kind, {}) for kind in ROWS}


def _row(name: str, cells: Sequence[str]) -> str:
    return (f"{name:<10}" + "".join(f"{cell:>{_WIDTH}}" for cell in cells)).rstrip()


def _made(done: Loaded) -> dict[str, int]:
    """How many rows of each kind a document brought: those created and updated."""
    brought: Counter[str] = Counter()
    for (kind, result), number in done.counts.items():
        brought[kind] += number if result != "unchanged" else 0
    return {kind: number for kind, number in brought.items() if number}


def _document(done: Loaded) -> str:
    parts = [f"{number:,} {kind if number > 1 else kind.removesuffix('s')}" for kind, number in _made(done).items()]
    text = f"{done.result:<12}{done.name}" + (f": {', '.join(parts)}" if parts else "")
    return "\n".join([text, *(f"{'':12}“{headline}”" for headline in done.headlines)])


def _place(issue: ImportIssue) -> str:
    if issue.byte_offset is None:
        return ""
    return f", line {issue.line:,}, byte {issue.byte_offset:,}"


def _conclusion(run: ImportRun, *, dry_run: bool) -> str:
    changed = run.created + run.updated
    if dry_run:
        return "Dry run: nothing was written."
    if not changed:
        return f"Import {run.pk}: nothing changed."
    return f"Import {run.pk} is done."
