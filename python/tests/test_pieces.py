"""The stages by themselves."""

from __future__ import annotations

import pytest
import wirededup as dedup


def test_tokens_and_shingles():
    assert dedup.tokens("Don’t say 3.5 “Foo”!") == ["don", "t", "say", "3", "5", "foo"]
    assert len(dedup.token_hashes("Don’t say")) == 3
    assert dedup.token_hashes("minsk") == [4_983_936_951_816_136_672]
    shingles = dedup.shingles("a b c d e f g a b c d e", 5)
    assert shingles == sorted(set(shingles)) and len(shingles) == 7
    assert dedup.shingles("") == []


def test_similarities_are_exact():
    assert dedup.jaccard("a b c d e f", "a b c d e f") == 1.0
    assert dedup.jaccard("a b c d e f", "a b c d e g") == 1 / 3
    assert dedup.jaccard([1, 2, 3, 3], {3, 4}) == 0.25
    assert dedup.containment([1, 2], [1, 2, 3, 4]) == 1.0
    assert dedup.jaccard("", "") == dedup.containment("", "a b") == 0.0


def test_signatures_and_bands():
    hasher = dedup.MinHasher(128)
    text = " ".join(f"word{n}" for n in range(300))
    a, b = hasher.of_text(text), hasher.of_text(text + " and more")
    assert a == hasher.signature(dedup.shingles(text))
    assert len(a) == hasher.values == 128 and hasher.estimate(a, a) == 1.0 and hasher.estimate(a, b) > 0.9
    assert dedup.banding(128, 0.7) == (32, 4)
    assert set(dedup.band_keys(a, 32, 4)) & set(dedup.band_keys(b, 32, 4))
    assert dedup.MinHasher(128, seed=1).of_text(text) != a
    assert hasher.signature([]) == [] and dedup.band_keys([], 32, 4) == []


@pytest.mark.parametrize(
    "wrong",
    [
        lambda: dedup.MinHasher(0),
        lambda: dedup.shingles("a", 0),
        lambda: dedup.band_keys([1, 2], 2, 2),
        lambda: dedup.band_keys([1, 2], 0, 2),
        lambda: dedup.banding(128, 2.0),
        lambda: dedup.MinHasher.estimate([1], [1, 2]),
    ],
)
def test_values_out_of_range_are_refused(wrong):
    with pytest.raises(ValueError, match="expected"):
        wrong()


def test_furniture_is_stripped():
    headline, body = dedup.strip("SYDNEY, March 3 (AFP) - The ferry ran aground.", "UPDATE 1-Ferry aground")
    assert body.strip() == "The ferry ran aground." and headline == "Ferry aground"


def test_explain_says_what_ties_two_stories(stories):
    samples = {story["id"]: story for story in stories[:60]}
    explanation = dedup.explain(samples["belta-en-operation"], samples["sputnik-en-operation"])
    assert (explanation.relation, explanation.direction) == ("rewrite", "a-to-b")
    assert 0.5 < explanation.score < 1 and explanation.passages and explanation.passages[0].tokens >= 4
    assert str(explanation).startswith("A  belta-en-operation") and "kept in order" in str(explanation)
    assert dedup.explain("The ferry ran aground.", "the ferry ran aground").relation == "identical"
    with pytest.raises(ValueError, match="expected a text field"):
        dedup.explain({"id": "a"}, "b")
