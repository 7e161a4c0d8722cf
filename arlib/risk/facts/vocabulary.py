"""Which words mean what in a table of facts: its headings, its facts and their values (`words.csv`), and statuses."""

import csv
import re
from collections.abc import Iterable, Mapping
from functools import cache, lru_cache
from pathlib import Path
from types import MappingProxyType
from typing import Any, NamedTuple

from arlib.readers.headings import plain, recognise
from arlib.words import bare

REGISTRY, PROCEEDING = "registry", "proceeding"
ENDED = "ended"  # no proceeding is open any more, or none ever was


class Status(NamedTuple):
    """What a status says: of the registry or of a proceeding, and what."""

    fact: str
    value: str


# In the order in which they are looked for: a plan ends a reorganisation, a liquidation ends a plan. The sale of the
# business is no liquidation: it is ordered in a reorganisation as well, and the judgment that liquidates comes after.
_STATUSES: tuple[tuple[Status, tuple[str, ...]], ...] = (
    (Status(PROCEEDING, "closed_without_assets"), ("insuffisance d actifs?", "(?:no|insufficient|lack of) assets")),
    (
        Status(PROCEEDING, ENDED),
        (
            *("extinction du passif", "fin de (?:la )?(?:procedure|plan)", "(?<!commissaire a l )execution du plan"),
            *("(?:plan|procedure) (?:execute|terminee?|achevee?)", "in bonis", "discharged"),
            *("proceedings? (?:ended|closed|terminated)", "plan (?:completed|fulfilled)"),
            "(?:sortie|cloture) (?:de|du|d une) (?:procedure de )?(?:sauvegarde|redressement)",
        ),
    ),
    (Status(REGISTRY, "ceased"), ("liquidation amiable", "voluntary liquidation", "members voluntary")),
    (
        Status(PROCEEDING, "liquidation"),
        (
            *("liquidation", "liquidateur", "lj", "faillite"),
            *("winding up", "wound up", "chapter 7", "bankrupt(?:cy)?"),
        ),
    ),
    (Status(PROCEEDING, "sale_plan"), ("plans? de cession", "sale plan")),
    (Status(PROCEEDING, "plan_broken"), ("(?:resolution|caducite) du plan", "plan (?:broken|terminated|resolved)")),
    (
        Status(PROCEEDING, "plan"),
        (
            *("^plan$", "plan (?:de|d) (?:sauvegarde|redressement|continuation)"),
            *(r"(?:arrete|arretant|adopte|adoptant|homologu\w+) (?:le |du )?plan", "(?:insolvency|court|rescue) plan"),
            *("plan (?:adopted|confirmed|approved)", "company voluntary arrangement", "cva"),
        ),
    ),
    (Status(PROCEEDING, "safeguard"), ("sauvegarde", "safeguard")),
    (
        Status(PROCEEDING, "reorganisation"),
        (
            *("redressement", "rj", "receivership", "reorgani[sz]ation", "rehabilitation", "in administration"),
            *("administration order", "chapter 11"),
        ),
    ),
    (Status(PROCEEDING, "conciliation"), ("conciliation", "mandat ad hoc", "ad hoc mandate")),
    (
        Status(PROCEEDING, "insolvency"),
        ("insolvent", "insolvency", "insolvabilite", "procedure collective", "cessation des paiements"),
    ),
    (
        Status(REGISTRY, "ceased"),
        (
            *("cessee?", "cessation(?: totale)? d activite", "radiee?", "radiation", "dissoute?", "dissolution"),
            *("struck off", "deregistered", "dissolved", "ceased", "out of business"),
        ),
    ),
    (
        Status(REGISTRY, "active"),
        ("acti[fv]e?", "en activite", "inscrite?", "immatriculee?", "registered", "in good standing"),
    ),
)
# What turns the meaning of the words above, or gives them another one: a person decides.
_OTHERWISE = (
    r"\b(?:fiscal|fiscale|tax|stocks?|emploi|apurement|infirm\w*|annul\w*|rejet\w*|retract\w*|overturned|dismissed"
    r"|set aside|inactive?|not|ne|demande|requete|petition|projet|proposed|risques?|risk)\b"
)
_NOTHING = r"(?:aucune?|neant|none|no|non|ras|nothing)"
_NEGATED = rf"(?:{_NOTHING}|pas de|pas d|sans|hors) .*|.* {_NOTHING}"
_PROCEEDINGS = r"procedures?|proceedings?|liquidation|redressement|sauvegarde|insolvency|bankruptcy"
_LETTERS = {"a": Status(REGISTRY, "active"), "c": Status(REGISTRY, "ceased")}  # as INSEE writes the state of a company


@lru_cache(maxsize=1 << 14)
def status_of(written: str, *, letters: bool = False) -> Status | None:
    """What a status says, in French or English, as the registry, a court or a person writes it; None: not known.

    The words are looked for in the text, so that an announcement of the BODACC is read as well; where others turn
    their meaning ("jugement infirmé", "redressement fiscal", "not in liquidation") nothing is read.

    Args:
        written: the status.
        letters: whether A and C are those of INSEE.
    """
    text = _plainly(written)
    if letters and text in _LETTERS:
        return _LETTERS[text]
    if re.search(_OTHERWISE, text):
        return None
    if re.fullmatch(_NOTHING, text):
        return Status(PROCEEDING, ENDED)
    if re.fullmatch(_NEGATED, text):
        return Status(PROCEEDING, ENDED) if re.search(rf"\b(?:{_PROCEEDINGS})\b", text) else None
    return next((status for status, words in _STATUSES if re.search(rf"\b(?:{'|'.join(words)})\b", text)), None)


def _plainly(written: str) -> str:
    """Lower case, without accents, words alone."""
    return " ".join(re.sub(r"[^a-z0-9]+", " ", bare(written).lower()).split())


@cache
def meanings(kind: str) -> Mapping[str, str]:
    """The meaning of each plain word of a kind: heading, fact, cover, guarantee, payment_method."""
    with Path(__file__).with_name("words.csv").open(encoding="utf-8", newline="") as table:
        rows = [row for row in csv.DictReader(table) if row["kind"] == kind]
    known = {plain(row["means"].replace("_", " ")): row["means"] for row in rows if kind != "heading"}
    return MappingProxyType(known | {plain(row["written"]): row["means"] for row in rows})


def fact_headings(headings: Iterable[str]) -> dict[str, str]:
    """The heading of each column of a table of facts that is there, `{field: heading}`, the first of several.

    The customer (its code, else its name) and its SIREN are written as in every other file; the rest as in
    `words.csv`.
    """
    written = list(headings)
    seen = recognise(written)
    parties = {field: each for field, each in seen.items() if field in ("customer_id", "siren")}
    named = seen.get("customer_name")
    if named is not None and plain(named) not in meanings("heading"):  # "Fournisseur" is who supplies the fact
        parties.setdefault("customer_id", named)
    known: dict[str, Any] = {}
    for heading in written:
        field = meanings("heading").get(plain(heading))
        if field is not None and heading not in parties.values():
            known.setdefault(field, heading)
    return parties | known
