"""What a run comes to, for people and for machines: written while it goes on, so that a million documents are no burden."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from newsroom.ingest.load import Loaded
from newsroom.models import ImportIssue, ImportRun

OUTCOMES = ("created", "updated", "unchanged", "quarantined")
ROWS = ("articles", "quotes", "speakers", "lists", "issues")
ISSUES_NAMED = 50
_WIDTH = max(map(len, OUTCOMES)) + 2
# By kind: one, and several.
_LEFT_OUT = {
    "hidden": ("hidden file or directory", "hidden files or directories"),
    "link": (
        "symbolic link (give a path itself to have it followed)",
        "symbolic links (give a path itself to have it followed)",
    ),
    "special": ("pipe, socket or device", "pipes, sockets or devices"),
    "directory": (
        "directory that a pattern leads to (give it as a path to have it read)",
        "directories that a pattern leads to (give them as paths to have them read)",
    ),
    "older": ("document of a file not changed since that day", "documents of files not changed since that day"),
}


class Report(Protocol):
    """``add`` what each batch came to, then ``close`` with the run as it ended, and what it passed over, by kind."""

    def add(self, loaded: Sequence[Loaded]) -> None: ...

    def close(self, run: ImportRun, left_out: Mapping[str, int]) -> None: ...


@dataclass(slots=True)
class TextReport:
    """With ``each``, a line a document as it is done. In the end a table, and below it what needs attention."""

    write: Callable[[str], object]
    each: bool
    dry_run: bool
    _issues: list[str] = field(default_factory=list)
    _more: int = 0

    def add(self, loaded: Sequence[Loaded]) -> None:
        for done in loaded:
            if self.each:
                self.write(_document(done))
            for issue in done.issues:
                if len(self._issues) < ISSUES_NAMED:
                    self._issues.append(f"\n{done.name}{place(issue)}: {issue.reason}")
                else:
                    self._more += 1

    def close(self, run: ImportRun, left_out: Mapping[str, int]) -> None:
        lines = [*([""] if self.each and run.read else []), table(run), *self._issues]
        if self._more:
            where = "--json names all" if self.dry_run else f"'manage.py imports {run.pk} --issues' names all"
            lines.append(f"\n… and {self._more:,} more: {where}.")
        if left_out:
            lines.append(f"\n{_passed_over(left_out)}")
        self.write("\n".join([*lines, "", _conclusion(run, dry_run=self.dry_run)]))


@dataclass(slots=True)
class JsonReport:
    """One JSON object: ``details``, with an entry a document on a line of its own, then the numbers."""

    write: Callable[[str], object]
    dry_run: bool
    _begun: bool = False

    def add(self, loaded: Sequence[Loaded]) -> None:
        for done in loaded:
            self.write(f"{',' if self._begun else self._head()}\n{_json(_detail(done))}")
            self._begun = True

    def close(self, run: ImportRun, left_out: Mapping[str, int]) -> None:
        head = "" if self._begun else self._head()
        rest = {"run": None if self.dry_run else run.pk, "dry_run": self.dry_run, "left_out": left_out} | numbers(run)
        self.write(f"{head}],\n{_json(rest)[1:]}\n")

    def _head(self) -> str:
        return '{"details": ['


def numbers(run: ImportRun) -> dict[str, Any]:
    """State and counts of a run, as plain data."""
    return {
        "state": run.state,
        "documents": {"read": run.read} | {name: getattr(run, name) for name in OUTCOMES},
        "rows": _rows(run),
    }


def table(run: ImportRun) -> str:
    """Documents and rows of a run by outcome."""
    lines = [_row("", OUTCOMES), _row("documents", [f"{getattr(run, outcome):,}" for outcome in OUTCOMES])]
    for kind, found in _rows(run).items():
        lines.append(_row(kind, [f"{found[outcome]:,}" if outcome in found else "" for outcome in OUTCOMES]))
    return "\n".join(lines)


def place(issue: ImportIssue) -> str:
    """Where in the document, as ", line 3, byte 120"; empty where it is no one place."""
    if issue.byte_offset is None:
        return ""
    line = f", line {issue.line:,}" if issue.line else ""
    return f"{'' if issue.name.endswith(line) else line}, byte {issue.byte_offset:,}"


def set_aside(run: ImportRun, *, dry_run: bool = False) -> str:
    """The closing line of a run that could not take everything in."""
    documents = "1 document was" if run.quarantined == 1 else f"{run.quarantined:,} documents were"
    if dry_run:
        return f"{documents.replace('was', 'would be').replace('were', 'would be')} set aside: see above."
    rest = " The rest is in." if run.read > run.quarantined else ""
    return (
        f"{documents} set aside: see above.{rest} What is kept of them can be tried again: "
        f"'manage.py import_dump --retry-quarantined {run.pk}'."
    )


def _passed_over(left_out: Mapping[str, int]) -> str:
    """What was left out by rule, so that nobody looks for it among what was read."""
    named = [f"{left_out[kind]:,} {_LEFT_OUT[kind][left_out[kind] > 1]}" for kind in _LEFT_OUT if left_out.get(kind)]
    return f"Left out: {'; '.join(named)}."


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)


def _detail(done: Loaded) -> dict[str, Any]:
    return {
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


def _conclusion(run: ImportRun, *, dry_run: bool) -> str:
    if dry_run:
        return "Dry run: nothing was written."
    if run.state != ImportRun.State.FINISHED:
        return f"Import {run.pk} is not complete."
    if not run.created + run.updated:
        return f"Import {run.pk}: nothing changed."
    return f"Import {run.pk} is done."
