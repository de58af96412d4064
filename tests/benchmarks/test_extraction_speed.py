"""The engine's time grows in proportion to the text, whatever the text."""

import gc
import time

import pytest

from quotes.extraction import extract_quotes

pytestmark = pytest.mark.benchmark
SIZE = 150_000  # characters of the smaller text; the larger has twice as many
MOST = 2.3  # times the smaller text's time
STORY = 'Ada Kern runs the mill. "The well is dry," she said on Monday. Officials said that rain was expected, the Velden Post reported. '
TEXTS = {
    "straight_marks": '"',
    "curly_marks": "“”",
    "openers": "“",
    "single_marks": "'a ",
    "marks_and_letters": '"a" ',
    "capitals": "Abc ",
    "all_capitals": "ABC ",
    "one_sentence": "the mayor said that it was late and ",
    "commas": "he, she, ",
    "colons": "a: ",
    "tags": "<a ",
    "brackets": "(who ",
    "pronouns": "he told Ann Bell that she said ",
    "letters": "a",
    "labels": "Ann Bell: yes?\n",
    "turns": "Q: who?\nA: he\n",
    "roles": "Ann Bell, a clerk, ",
    "angle_marks": "‹a ",
    "openers_of_sentences": "Gloves came. ",
    "names_of_things": 'a saw called "a" ',
    "newlines": "\n",
    "quoted_lines": '"a\n',
    "story": STORY,
    "paragraphs": STORY + "\n",
}


def seconds(text: str) -> float:
    best = float("inf")
    for _ in range(3):
        gc.collect()
        begun = time.process_time()
        extract_quotes(text)
        best = min(best, time.process_time() - begun)
    return best


@pytest.mark.parametrize("name", TEXTS)
def test_twice_the_text_takes_at_most_little_more_than_twice_the_time(name: str) -> None:
    unit = TEXTS[name]
    extract_quotes(STORY)
    small, large = unit * (SIZE // len(unit)), unit * (2 * SIZE // len(unit))
    one, two = seconds(small), seconds(large)
    print(f"{name}: {one:.2f} s, {two:.2f} s, ratio {two / one:.2f}")  # noqa: T201 - a benchmark shows its figures
    assert two <= MOST * one + 0.05
