"""Invented company names. Places and brands do not exist; a few names are awkward on purpose."""

import unicodedata
from collections.abc import Mapping
from itertools import chain
from random import Random

PLACES = (
    "Kerlouzac", "Saint-Brévent", "Valcendre", "Port-Grivel", "Aiguebrune", "Montfleuret", "Lormois-sur-Vaire",
    "Châtelrenoux", "Plouvenez", "Bourg-l'Étang", "Sainte-Maëlle", "Villedorée", "Roquebasse", "Les Essards-Neufs",
    "Trémorvan", "Courvaillac", "Argenvert", "Saint-Aubrac", "La Ferté-Giroux", "Noirépine",
)  # fmt: skip
FAMILIES = (
    "Lanvaux", "Tréguisson", "Baudrelle", "Coquelard", "Mérindaux", "Hervagault", "Pélissandre", "Vauquelain",
    "Dessombres", "Grandvigne", "Ladurette", "Quéméniou", "Rocheplan", "Saint-Amandois", "Thévenoux", "Ysambert",
)  # fmt: skip

# What a customer is called, by segment: {place} and {family} are filled in from the lists above.
_PATTERNS: Mapping[str, tuple[str, ...]] = {
    "GMS": ("Hyper Lunaria {place}", "Marché Valdor {place}", "Supérette Primavie {place}"),
    "Restauration": (
        "Brasserie du Vieux Phare {place}", "Crêperie L'Écume de {place}", "Traiteur {family} & Fils",
        "Restaurant La Table {family}", "Hôtel-Restaurant de {place}", "Pizzeria Chez {family}",
        "Le Bistrot d'à Côté {place}", "Auberge {family}", "SARL Café des Sports {place}",
    ),
    "Collectivités": (
        "Commune de {place}", "Lycée {family}", "EHPAD Les Tilleuls Bleus {place}", "Centre hospitalier de {place}",
        "Cuisine centrale {place}",
    ),
    "Détaillants": (
        "Épicerie fine {family}", "Cave {family} et Associés", "Boucherie {family}", "Primeurs de {place}",
        "Boulangerie {family} Père et Fille", "Fromagerie de {family}", "SAS Comptoir {place}",
    ),
}  # fmt: skip
_AWKWARD: Mapping[str, tuple[str, ...]] = {
    "Restauration": ("=Équinoxe= Réceptions", "Le <b>Grand</b> Comptoir d'Aurélie & Co"),
    "Détaillants": ("Bœuf & Cie - L'Étal d'Anaïs", 'Le "P\'tit Cageot" ; Primeurs'),
}
_VOWELS = "AEIOUYHÉÈÊÎÔ"


def company_names(segment: str, count: int, chance: Random) -> list[str]:
    """As many different names as asked for a segment, in a drawn order; the awkward ones come among them."""
    fillings = (
        [(place, "{place}") for place in PLACES] + [(family, "{family}") for family in FAMILIES]  # one blank a name
    )
    made = [
        _elided(pattern.replace(blank, word)) for pattern in _PATTERNS[segment] for word, blank in fillings
        if blank in pattern
    ]  # fmt: skip
    chance.shuffle(made)
    names = list(chain(_AWKWARD.get(segment, ()), made))[:count]
    chance.shuffle(names)
    return names


def mailbox(name: str) -> str:
    """A mailbox for a name: its letters without accents, at example.com, which belongs to nobody."""
    plain = unicodedata.normalize("NFKD", name.lower().replace("œ", "oe")).encode("ascii", "ignore").decode()
    words = "".join(letter if letter.isalnum() else " " for letter in plain).split()
    return f"compta.{'-'.join(words)[:44].rstrip('-')}@example.com"


def _elided(name: str) -> str:
    """`de Aiguebrune` becomes `d'Aiguebrune` and `de Les Essards` `des Essards`, as French is written."""
    for vowel in _VOWELS:
        name = name.replace(f" de {vowel}", f" d'{vowel}")
    return name.replace(" de Les ", " des ")
