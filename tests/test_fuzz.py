"""Any bytes give a ledger that ties or a sentence: never another exception, never a hang.

`ARLIB_FUZZ=5000 python -m pytest tests/test_fuzz.py` tries that many of each.
"""

import os
import random

import pytest
from hostile_files import every_kind, read_or_refused
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

TRIED = int(os.environ.get("ARLIB_FUZZ", "0"))
KINDS = every_kind()
TOKENS = [
    *(
        b"\0",
        b"\xff",
        b"\xa0",
        b'"',
        b"'",
        b";",
        b"\t",
        b",",
        b"|",
        b"\n",
        b"\r\n",
        b"\r",
        b"-",
        b"(",
        b")",
        b"%",
        b"\xe9",
    ),
    *(
        b"1e999",
        b"99999999999999999999",
        b"31/02/2024",
        b"01/01/0001",
        b"31/12/9999",
        b"NaN",
        b"=1+1",
        b"1.234",
        b"12,5",
    ),
    *(
        b"Debit",
        b"Montant",
        b"Client",
        b"Total",
        b"Date",
        b"\xe2\x80\xaf",
        b"\xf0\x9f\x92\xb6",
        b"<!DOCTYPE x>",
        b"&a;",
    ),
]


def fuzzed(examples: int):
    """Settings of a fuzz: the same examples each time, or many more where asked for."""
    return settings(
        max_examples=TRIED or examples,
        deadline=None,
        derandomize=not TRIED,
        database=None,
        suppress_health_check=list(HealthCheck),
    )


def mutated(content: bytes, chance: random.Random) -> bytes:
    """The bytes with one to eight changes: flipped, cut out, repeated, or replaced by something awkward."""
    made = bytearray(content)
    for _ in range(chance.randint(1, 8)):
        place, length = chance.randrange(len(made) + 1), chance.choice((1, 1, 2, 5, 20, 200))
        match chance.randrange(5):
            case 0 if place < len(made):
                made[place] ^= 1 << chance.randrange(8)
            case 1:
                del made[place : place + length]
            case 2:
                made[place:place] = chance.choice(TOKENS)
            case 3:
                made[place : place + length] = chance.choice(TOKENS)
            case _:
                made[place:place] = made[place : place + length]
    return bytes(made)


@pytest.mark.parametrize("name", sorted(KINDS))
@fuzzed(25)
@given(seed=st.integers(0, 2**32))
def test_a_file_with_a_few_bytes_changed(name, seed):
    read_or_refused(name, mutated(KINDS[name], random.Random(seed)))  # noqa: S311 - nothing secret


@fuzzed(60)
@given(content=st.binary(max_size=400), start=st.sampled_from([b"", *sorted({kind[:8] for kind in KINDS.values()})]))
def test_any_bytes(content, start):
    read_or_refused("file", start + content)


CELLS = st.one_of(
    st.sampled_from(
        [
            "A",
            "B",
            "15/01/2024",
            "2024-02-29",
            "1 234,56",
            "(12.5)",
            "-3",
            "€ 5",
            "",
            " ",
            "Total",
            "NULL",
            "1,5E+03",
            "12 C",
        ]
    ),
    st.text(alphabet=st.characters(codec="utf-8"), max_size=6),
    st.dates().map(str),
    st.floats().map(str),
)


@fuzzed(30)
@given(
    rows=st.lists(st.lists(CELLS, min_size=1, max_size=9), min_size=1, max_size=8),
    heading=st.sampled_from(
        [
            "Client;Date;Montant",
            "Client;Date;Type;Débit;Crédit;Lettrage",
            "Date;Client;Montant TTC;Reste dû;Date de règlement;Échéance;Devise",
            "Client;Non échu;0-30;31-60;61-90;+90;Total",
            "JournalCode;EcritureNum;EcritureDate;CompteNum;CompAuxNum;Debit;Credit;EcritureLet",
        ]
    ),
    separator=st.sampled_from(";,\t|"),
    codec=st.sampled_from(["utf-8", "cp1252", "utf-16"]),
)
def test_a_table_of_any_cells(rows, heading, separator, codec):
    lines = [heading.split(";"), *rows]
    text = "\r\n".join(separator.join(line) for line in lines)
    read_or_refused("list.csv", text.encode(codec, errors="replace"))
