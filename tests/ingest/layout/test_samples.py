"""The articles of the sample dumps: their headline, standfirst, byline and date, one row an article."""

from collections import defaultdict
from pathlib import Path

import pytest

from newsroom.ingest.layout import ParsedArticle, parse_page

SAMPLES = sorted((Path(__file__).parents[3] / "newsroom" / "samples").glob("*.txt"))
ARTICLES: list[tuple[str, str, str | None, str | None, str]] = [
    (
        "budget-sea-barrier",
        "Kestrel finds 2.4 billion crowns for sea barrier in autumn budget",
        "Finance minister raises harbour dues and delays a tax cut to pay for the first four years of work at Lindhaven",
        "Tomas Brandl",
        "2026-11-12",
    ),
    ("coach-leaves", "Prado leaves FC Lindhaven, Calder to take charge until summer", None, "Owen Drury", "2026-11-03"),
    (
        "fisheries-deal",
        "Verland and Kostrava agree to share Skerrow Sound cod for five years",
        None,
        "Tomas Brandl",
        "2026-11-17",
    ),
    (
        "harbour-wall-storm",
        "Storm breaches Lindhaven's eastern sea wall, closing two container terminals",
        None,
        "Ines Falk",
        "2026-10-12",
    ),
    (
        "ice-shelf-sensors",
        "Warm water is reaching further under the Hesper ice shelf, sensors show",
        "Two years of measurements find heat 11 kilometres beyond the point where models had placed its limit",
        "Keiko Arai",
        "2026-09-24",
    ),
    (
        "museum-reopens",
        "Maritime museum reopens with the salvaged sail of the Gannet",
        "Conservators washed the canvas nine times in a university swimming pool before it could be hung.",
        "Ines Falk",
        "2026-11-07",
    ),
    (
        "novelist-interview",
        "'I write the weather first': Ottoline Crane on a life by the water",
        None,
        "Hanna Lisk",
        "2026-11-08",
    ),
    (
        "port-strike-begins",
        "Dockers walk out at Lindhaven as talks on night shifts collapse",
        "Cranes stop at Verland’s largest port after a weekend of negotiations ends without agreement on rosters.",
        "Owen Drury",
        "2026-10-05T09:30:00",
    ),
    (
        "port-strike-ends",
        "Lindhaven dockers end 40-day strike after pay deal",
        None,
        "Ines Falk and Owen Drury",
        "2026-11-14",
    ),
    (
        "rate-hold-october",
        "Central bank holds rates at 3.25% and warns of port disruption",
        None,
        "Keiko Arai",
        "2026-10-08",
    ),
    ("rates-and-ferries", "Central bank cuts rates for first time in two years", None, "Keiko Arai", "2026-11-19"),
    (
        "rates-and-ferries",
        "Crewless ferry completes first month of trials in Lindhaven harbour",
        None,
        "Hanna Lisk",
        "2026-11-19",
    ),
    (
        "sea-barrier-long-read",
        "Fourteen years of drawings: How Lindhaven's sea barrier was never built",
        "Eleven reports, four ministers and one footnote: the story of a project that had no enemies",
        "Tomas Brandl and Keiko Arai",
        "2026-11-15",
    ),
    (
        "tram-vote",
        "Councillors back Saltgate tram by one vote after late-night debate",
        None,
        "Ines Falk",
        "2026-10-30",
    ),
    (
        "transport-minister-resigns",
        "Transport minister resigns over unpublished sea wall report",
        None,
        "Tomas Brandl and Ines Falk",
        "2026-10-23",
    ),
    ("weekend-sport", "FC Lindhaven win shootout to reach cup semi-final", None, "Owen Drury", "2026-10-17"),
    ("weekend-sport", "Haile-Berg wins Lindhaven Marathon on new shoreline course", None, "Hanna Lisk", "2026-10-18"),
    (
        "whooping-cough-boosters",
        "Whooping cough cases double in coastal districts as booster campaign begins",
        None,
        "Hanna Lisk",
        "2026-10-14T09:30:00",
    ),
    (
        "wind-farm-explainer",
        "Explainer: How the Saltmere wind farm will be joined to the grid",
        None,
        None,
        "2026-10-01",
    ),
]
WANTED: dict[str, list[tuple[str | None, ...]]] = defaultdict(list)
for name, *fields in ARTICLES:
    WANTED[name].append(tuple(fields))


def head(article: ParsedArticle) -> tuple[str | None, ...]:
    printed = article.published.isoformat() if article.published else None
    return article.headline, article.standfirst, article.byline, printed


@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: path.stem)
def test_the_head_of_each_sample_article_is_found(path: Path) -> None:
    assert [head(article) for article in parse_page(path.read_text(encoding="utf-8")).articles] == WANTED[path.stem]


def test_every_row_belongs_to_a_sample() -> None:
    assert set(WANTED) <= {path.stem for path in SAMPLES}
    assert len(ARTICLES) == 19
