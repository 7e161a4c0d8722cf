"""The sentences a backtest of the forecast ends with."""

from collections.abc import Sequence

import pandas as pd

from arlib.words import Sentence, say

TOLD = (4, 8, 13)  # weeks
_WANTED = (0.75, 0.85)  # of an 80 % band
_JUDGEMENTS = ("narrow", "right", "wide")


def verdict_of(
    closings: Sequence[pd.Timestamp], totals: pd.DataFrame, left_out: Sequence[pd.Timestamp]
) -> list[Sentence]:
    """Errors at each horizon beside the calendars', where those are better, the band, and what was not judged."""
    rest = [say("forecast.backtest.left_out", closings=len(left_out))] if left_out else []
    if not len(totals) or totals["wape"].isna().all():
        return [say("forecast.backtest.nothing"), *rest]
    longest = int(totals["weeks"].max())
    horizons = [each for each in TOLD if each < longest] + [longest]
    found = [_at(len(closings), totals, weeks) for weeks in horizons]
    worse = [sentence for weeks in horizons for sentence in _worse(totals, weeks)]
    return [*found, *worse, *_bands(totals), *rest]


def _at(closings: int, totals: pd.DataFrame, weeks: int) -> Sentence:
    rows = totals[totals["weeks"] == weeks].set_index("model")
    return say(
        "forecast.backtest.errors",
        closings=closings,
        weeks=weeks,
        error=rows.loc["expected", "wape"],
        contractual=rows.loc["contractual", "wape"],
        mean=rows.loc["mean_delay", "wape"],
        total=rows.loc["expected", "total_error"],
        bias=rows.loc["expected", "bias"],
    )


def _worse(totals: pd.DataFrame, weeks: int) -> list[Sentence]:
    """Where a calendar was as good or better, by week or in total."""
    told = []
    for measure in ("wape", "total_error"):
        by_model = totals[totals["weeks"] == weeks].set_index("model")[measure].astype("float64")
        own, others = by_model["expected"], by_model.drop("expected")
        for model, other in others[others <= own].items():
            names = {"model": say(f"forecast.backtest.{model}"), "measure": say(f"forecast.backtest.{measure}")}
            told.append(say("forecast.backtest.worse", weeks=weeks, error=own, other=other, **names))
    return told


def _bands(totals: pd.DataFrame) -> list[Sentence]:
    """Whether the band held as much as it should up to each horizon, of single weeks and of totals."""
    rows = totals[totals["model"] == "expected"].set_index("weeks")
    told = []
    for share, measure in (("coverage", "wape"), ("total_coverage", "total_error")):
        judged = rows[share].map(_judged)
        for judgement in _JUDGEMENTS:
            alike = rows.loc[judged == judgement, share]
            if len(alike):
                held = [say("forecast.backtest.held", weeks=weeks, share=value) for weeks, value in alike.items()]
                what = say(f"forecast.backtest.of_{measure}")
                told.append(say(f"forecast.backtest.band_{judgement}", what=what, held=held))
    return told


def _judged(share: float) -> str:
    return _JUDGEMENTS[int(share >= _WANTED[0]) + int(share > _WANTED[1])]
