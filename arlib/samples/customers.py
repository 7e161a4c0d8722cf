"""The customers of the négoce sample: who they are, what they buy, how they pay."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from arlib.samples.business_days import business_day_from
from arlib.samples.events import Customer, DelayLaw, Habit, Story, Terms
from arlib.samples.names import company_names, mailbox

FIRST_DAY, LAST_DAY = date(2023, 1, 1), date(2025, 12, 31)

ON_RECEIPT = Terms("à réception", 0)
NET_30 = Terms("30 jours nets", 30)
NET_60 = Terms("60 jours nets", 60)
END_OF_MONTH_30 = Terms("30 jours fin de mois", 30, end_of_month=True)
END_OF_MONTH_45 = Terms("45 jours fin de mois", 45, end_of_month=True)


@dataclass(frozen=True)
class _Segment:
    """What the customers of a segment have in common. `late` and `spread` are (lowest, highest) days."""

    customers: int
    large: int
    medium: int
    terms: tuple[tuple[Terms, float], ...]
    late: tuple[float, float]
    spread: tuple[float, float]


SEGMENTS: Mapping[str, _Segment] = {
    "GMS": _Segment(40, 5, 18, ((END_OF_MONTH_45, 5), (NET_60, 3), (END_OF_MONTH_30, 2)), (-1, 9), (1.5, 5)),
    "Restauration": _Segment(
        125, 1, 14, ((NET_30, 6), (ON_RECEIPT, 3), (END_OF_MONTH_30, 2), (END_OF_MONTH_45, 1)), (1, 20), (3, 9)
    ),
    "Collectivités": _Segment(50, 2, 10, ((NET_30, 8), (END_OF_MONTH_30, 1), (NET_60, 1)), (2, 24), (3, 9)),
    "Détaillants": _Segment(
        85, 0, 6, ((NET_30, 6), (ON_RECEIPT, 2), (END_OF_MONTH_30, 3), (END_OF_MONTH_45, 1)), (-2, 15), (2, 8)
    ),
}
_RECEIPT_GRACE = 7.0  # nobody pays on the day the invoice is issued: on receipt means about a week

# By size: invoices a year and euros without tax an invoice, (lowest, highest).
_SIZES: Mapping[str, tuple[tuple[float, float], tuple[float, float]]] = {
    "large": ((70, 170), (2000, 6400)),
    "medium": ((22, 46), (1000, 3200)),
    "small": ((3.5, 13.5), (240, 1400)),
}
_REGIONS = (("Bretagne", "M. Le Goff"), ("Pays de la Loire", "Mme Ferrand"), ("Normandie", "M. Belkacem"),
            ("Centre-Val de Loire", "Mme Ferrand"), ("Nouvelle-Aquitaine", "Mme Da Silva"))  # fmt: skip
_ABROAD = (("Belgique", "BE"), ("Luxembourg", "LU"), ("Suisse", "CH"))
_EXPORT_SALES = "M. Maës"
_ARRIVES, _LEAVES, _IS_ABROAD, _HAS_NO_LIMIT = 0.20, 0.12, 0.04, 1 / 12
_PRIVATE = ("Restauration", "Détaillants")
_INSOLVENT_BUYS = 14.0  # invoices a year at least: often enough to leave something unpaid
# How many customers of which size and segments do not stay as they are.
_CASTING: tuple[tuple[Story, str, tuple[str, ...], int], ...] = (
    ("insolvent", "medium", _PRIVATE, 1),
    ("insolvent", "small", _PRIVATE, 4),
    ("worsening", "medium", tuple(SEGMENTS), 5),
    ("worsening", "small", tuple(SEGMENTS), 4),
    ("improving", "medium", tuple(SEGMENTS), 2),
    ("improving", "small", tuple(SEGMENTS), 2),
)


def draw_customers(chance: Random) -> list[Customer]:
    """The customers of every segment, numbered from C0001 in a drawn order."""
    profiles = [
        (segment, name, size)
        for segment, traits in SEGMENTS.items()
        for name, size in zip(company_names(segment, traits.customers, chance), _sizes(traits), strict=True)
    ]
    chance.shuffle(profiles)
    stories = _stories(profiles, chance)
    return [
        _customer(f"C{number:04d}", profile, story, chance)
        for number, (profile, story) in enumerate(zip(profiles, stories, strict=True), start=1)
    ]


def _sizes(traits: _Segment) -> list[str]:
    small = traits.customers - traits.large - traits.medium
    return ["large"] * traits.large + ["medium"] * traits.medium + ["small"] * small


def _stories(profiles: list[tuple[str, str, str]], chance: Random) -> list[Story]:
    """Most customers are steady; a few others are drawn among the medium and the small ones.

    Only restaurants and shops fail: neither a commune nor a supermarket of a chain would be written so.
    """
    stories: list[Story] = ["steady"] * len(profiles)
    order = list(range(len(profiles)))
    chance.shuffle(order)
    for story, size, segments, count in _CASTING:
        fitting = [at for at in order if stories[at] == "steady" and profiles[at][2] == size]
        for at in [at for at in fitting if profiles[at][0] in segments][:count]:
            stories[at] = story
    return stories


def _customer(code: str, profile: tuple[str, str, str], story: Story, chance: Random) -> Customer:
    segment, name, size = profile
    traits = SEGMENTS[segment]
    terms = chance.choices([terms for terms, _ in traits.terms], [weight for _, weight in traits.terms])[0]
    first, last = _active_days(size, story, chance)
    law = _law(story, terms, traits, first, chance)
    a_year, an_invoice = (round(chance.uniform(*bounds), 1) for bounds in _SIZES[size])
    a_year = max(a_year, _INSOLVENT_BUYS) if story == "insolvent" else a_year
    region, salesperson, country = _region(segment, size, chance)
    return Customer(
        code=code,
        name=name,
        segment=segment,
        region=region,
        salesperson=salesperson,
        country=country,
        siren=_siren(chance) if country == "FR" else "",
        email=mailbox(name),
        terms=terms,
        credit_limit=_credit_limit(a_year * an_invoice, terms, chance),
        invoices_a_year=a_year,
        net_of_an_invoice=an_invoice,
        first_day=first,
        last_day=law.insolvent_on or last,
        habit=_habit(terms, size, chance),
        means=chance.choices(["Virement", "Chèque", "Prélèvement"], [7, 1, 2])[0],
        law=law,
    )


def _active_days(size: str, story: Story, chance: Random) -> tuple[date, date]:
    """Large customers are there throughout; a fifth of the others arrive on the way, some are lost."""
    arrives, leaves = chance.random(), chance.random()
    first, last = FIRST_DAY, LAST_DAY
    days = (LAST_DAY - FIRST_DAY).days
    if size != "large" and story == "steady":
        if arrives < _ARRIVES:
            first = FIRST_DAY + timedelta(days=chance.randrange(60, days - 60))
        if leaves < _LEAVES:
            last = max(first, FIRST_DAY + timedelta(days=chance.randrange(250, days - 20))) + timedelta(days=15)
    return first, min(last, LAST_DAY)


def _law(story: Story, terms: Terms, traits: _Segment, first: date, chance: Random) -> DelayLaw:
    mean, spread = round(chance.uniform(*traits.late), 1), round(chance.uniform(*traits.spread), 1)
    if terms == ON_RECEIPT:
        mean, spread = round(mean + _RECEIPT_GRACE, 1), min(spread, 4.0)
    change = first + timedelta(days=chance.randrange(380, 560))
    match story:
        case "worsening":
            return DelayLaw(story, mean, round(mean + chance.uniform(28, 50), 1), spread, changes_on=change)
        case "improving":
            return DelayLaw(story, round(mean + 22, 1), mean, spread, changes_on=change)
        case "insolvent":
            day = business_day_from(FIRST_DAY + timedelta(days=chance.randrange(300, 1000)))
            return DelayLaw(
                story, mean, round(mean + 80, 1), spread, changes_on=day - timedelta(days=150), insolvent_on=day
            )
        case _:
            return DelayLaw(story, mean, mean, spread)


def _region(segment: str, size: str, chance: Random) -> tuple[str, str, str]:
    """Region, salesperson and country: a few of the smaller restaurants and shops are abroad."""
    region, salesperson = chance.choice(_REGIONS)
    place, country = chance.choice(_ABROAD)
    if segment in _PRIVATE and size != "large" and chance.random() < _IS_ABROAD:
        return place, _EXPORT_SALES, country
    return region, salesperson, "FR"


def _credit_limit(net_a_year: float, terms: Terms, chance: Random) -> int | None:
    """About what the customer may come to owe, in whole thousands of euros; one in twelve has none."""
    days = terms.days + (15 if terms.end_of_month else 0) + 25
    asked = net_a_year * 1.15 * days / 365 * chance.uniform(0.9, 1.9)
    return None if chance.random() < _HAS_NO_LIMIT else max(1, round(asked / 1000)) * 1000


def _habit(terms: Terms, size: str, chance: Random) -> Habit:
    """End-of-month terms and large customers go with grouped transfers."""
    grouped = 0.85 if terms.end_of_month or size == "large" else 0.12
    return "grouped" if chance.random() < grouped else "each"


def _siren(chance: Random) -> str:
    """Nine digits that cannot be a company's: their check digit (Luhn) is wrong on purpose."""
    digits = [9, 9] + [chance.randrange(10) for _ in range(6)]
    doubled = [digit * 2 for digit in digits[-1::-2]]
    total = sum(digits[-2::-2]) + sum(sum(divmod(value, 10)) for value in doubled)
    wrong = (-total + chance.randrange(1, 10)) % 10
    return "".join(map(str, [*digits, wrong]))
