"""How many letters and calls a plan of reminders asks for, day by day: what is expected, and at most."""

import pandas as pd

from arlib.collection import DunningPlan
from arlib.show.charts.axes import nothing_drawn, tip
from arlib.show.look import BLUE, DATE_FORMAT, GREEN, ORANGE, PURPLE, VERMILLION, Drawing, dressed
from arlib.show.vega import alt
from arlib.words import Language, day, number, word

CHANNEL_COLOURS = {"email": BLUE, "letter": ORANGE, "phone": GREEN, "visit": PURPLE, "formal_notice": VERMILLION}
_MOST_DAYS = 45  # drawn each; longer plans are drawn by week
_PALE = 0.3
_HEIGHT = 240


def dunning_load_chart(plan: DunningPlan, *, language: Language = "en") -> Drawing:
    """The letters, calls and visits of each day by channel; those that go out only if nobody pays are pale.

    A plan of many days is drawn by week, each named by its Monday.

    Args:
        plan: as `arlib.dunning_plan` returns it.
        language: of the labels, figures and dates.
    """
    about = word("charts.about.dunning", language)
    load = plan.load
    if load.empty:
        return nothing_drawn(word("charts.dunning.none", language), about, language)
    weekly = load["day"].nunique() > _MOST_DAYS
    rows = _rows(_by_week(load) if weekly else load, language)
    used = [channel for channel in CHANNEL_COLOURS if load["channel"].eq(channel).any()]
    names = [channel_label(channel, language) for channel in used]
    scale = alt.Scale(domain=names, range=[CHANNEL_COLOURS[channel] for channel in used])
    axis = alt.Axis(format="%-d %b", labelAngle=0, labelOverlap="parity", labelSeparation=10)
    solid = alt.Scale(domain=[True, False], range=[1, _PALE])
    bars = (
        alt.Chart(rows)
        .mark_bar()
        .encode(
            x=alt.X("yearmonthdate(day):O", axis=axis),
            y=alt.Y("letters:Q", axis=alt.Axis(format=",d", tickMinStep=1)),
            color=alt.Color("channel:N", scale=scale),
            opacity=alt.Opacity("expected_part:N", scale=solid, legend=None),
            order="place:Q",
            tooltip=[
                tip("day:T", word(f"charts.dunning.{'week' if weekly else 'day'}", language), DATE_FORMAT[language]),
                tip("channel:N", word("table.column.channel", language)),
                tip("expected:Q", word("charts.dunning.expected", language), ",.1f"),
                tip("maximum:Q", word("charts.dunning.maximum", language), ",d"),
            ],
        )
    )
    unit = word(f"charts.dunning.{'by_week' if weekly else 'by_day'}", language)
    return dressed(bars, language, finding=_finding(plan, language), about=about, unit=unit, height=_HEIGHT)


def channel_label(channel: str, language: Language) -> str:
    """What a channel is called where it stands alone."""
    name = word(f"collection.channel.{channel}", language)
    return name[:1].upper() + name[1:]


def _by_week(load: pd.DataFrame) -> pd.DataFrame:
    """The load of each week, on its Monday."""
    monday = load["day"] - pd.to_timedelta(load["day"].dt.day_of_week, unit="D")
    return load.assign(day=monday).groupby(["day", "channel"], as_index=False)[["expected", "maximum"]].sum()


def _rows(load: pd.DataFrame, language: Language) -> pd.DataFrame:
    """A row a day, channel and part: what is expected, and the rest up to the maximum, above all that is expected."""
    place = load["channel"].map({channel: place for place, channel in enumerate(CHANNEL_COLOURS)})
    named = load.assign(channel=[channel_label(channel, language) for channel in load["channel"]])
    expected = named.assign(letters=load["expected"], place=place, expected_part=True)
    rest = named.assign(
        letters=load["maximum"] - load["expected"], place=place + len(CHANNEL_COLOURS), expected_part=False
    )
    return pd.concat([expected, rest], ignore_index=True).round({"letters": 3, "expected": 3})


def _finding(plan: DunningPlan, language: Language) -> str:
    """How many are expected and at most; the day that asks for most, where there are several."""
    by_day = plan.load.groupby("day")[["expected", "maximum"]].sum()
    told = {
        "expected": number(by_day["expected"].sum(), language, 0),
        "maximum": int(by_day["maximum"].sum()),
        "last": day(plan.days[-1], language),
    }
    first = by_day["expected"].idxmax()
    busiest = {
        "busiest": day(pd.Timestamp(str(first)), language),
        "most": number(by_day["expected"].max(), language, 0),
    }
    late = int((plan.actions["status"] == "late").sum())
    if late and first == plan.days[0]:
        return word("charts.dunning.late", language, late=late, **told)
    return word("charts.dunning.busiest", language, **told, **busiest)
