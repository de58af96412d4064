"""Word lists carry their provenance and refuse to be empty."""

from pathlib import Path

import pytest

from quotes.extraction.calibration import calibrated, table
from quotes.extraction.ranking import load_weights, softmax
from quotes.extraction.vocabulary import DATA, VocabularyError, inflect, parse_sections, sections, verbs, words


def test_every_data_file_names_its_provenance() -> None:
    files = sorted(DATA.iterdir())
    assert files
    for path in files:
        assert "Provenance:" in "".join(path.read_text(encoding="utf-8").splitlines(keepends=True)[:4]), path.name


@pytest.mark.parametrize("path", sorted(DATA.glob("*.txt")), ids=lambda path: path.stem)
def test_every_list_can_be_read(path: Path) -> None:
    assert sections(path.stem)


@pytest.mark.parametrize("source", ["", "# only a comment\n", "[verbs]\n", "[one]\nsay\n[two]\n"])
def test_an_empty_list_is_refused(source: str) -> None:
    with pytest.raises(VocabularyError, match="no words"):
        parse_sections(source, "verbs.txt")


def test_words_before_a_section_are_refused_with_their_line() -> None:
    with pytest.raises(VocabularyError, match="line 2"):
        parse_sections("# verbs\nsay\n", "verbs.txt")


def test_a_missing_list_and_a_missing_section_are_named() -> None:
    with pytest.raises(VocabularyError, match="nowhere"):
        sections("nowhere")
    with pytest.raises(VocabularyError, match="murmurs"):
        words("verbs", "murmurs")
    with pytest.raises(VocabularyError, match="murmurs"):
        load_weights("murmurs")
    with pytest.raises(VocabularyError, match="murmurs"):
        table("murmurs")


@pytest.mark.parametrize(
    ("entry", "forms"),
    [
        ("add", ("add", "adds", "added", "added", "adding")),
        ("note", ("note", "notes", "noted", "noted", "noting")),
        ("reply", ("reply", "replies", "replied", "replied", "replying")),
        ("stress", ("stress", "stresses", "stressed", "stressed", "stressing")),
        ("say/says/said/said/saying", ("say", "says", "said", "said", "saying")),
        ("stay", ("stay", "stays", "stayed", "stayed", "staying")),
    ],
)
def test_verbs_inflect(entry: str, forms: tuple[str, ...]) -> None:
    assert inflect(entry) == forms


def test_forms_know_their_base_and_sense() -> None:
    assert verbs()["said"].lemma == "say"
    assert verbs()["adding"].form == "gerund"
    assert verbs()["called"].sense == "label"


def test_chances_sum_to_one() -> None:
    assert sum(softmax([1.0, 2.0, 700.0])) == pytest.approx(1.0)


@pytest.mark.parametrize("kind", ["speaker", "said", "indirect"])
def test_confidence_rises_with_the_chance(kind: str) -> None:
    values = [calibrated(kind, step / 50) for step in range(51)]
    assert values == sorted(values)
    assert 0.0 <= values[0] <= values[-1] <= 1.0
