"""Text with separators into cells: every row with its number, whatever stands around it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from arlib import ArlibError
from arlib.readers.tables.delimited import decode, read_delimited

HEAD = "Client;Date;Montant\n"


def cells(text: str | bytes, **options: int) -> dict[int, list[str]]:
    """The rows of a text by their number."""
    table = read_delimited("a.csv", text if isinstance(text, bytes) else text.encode(), **options)
    return {int(row): line.tolist() for row, line in zip(table.cells.index, table.cells.to_numpy(), strict=True)}


@pytest.mark.parametrize("ends", ["\n", "\r\n", "\r", "\r\r\n"])
@pytest.mark.parametrize("separator", ["\t", ";", "|", ","])
def test_every_separator_and_line_end(separator, ends):
    text = f"Journal du mois\n\n{HEAD}A;1/2/24;5\n\nB;;6\n".replace(";", separator).replace("\n", ends)
    assert cells(text) == {4: ["A", "1/2/24", "5"], 6: ["B", "", "6"]}


def test_short_lines_are_filled_up_and_longer_ones_set_apart():
    table = read_delimited("a.csv", f"{HEAD}A;1;5\nB\nC;2;6;;\nD;3;7;x\nE;4;8\n".encode())
    assert table.cells.index.tolist() == [2, 3, 4, 6]
    assert table.cells["Client"].tolist() == ["A", "B", "C", "E"]
    assert table.cells["Montant"].tolist() == ["5", "", "6", "8"]
    assert table.ragged == ((5, ("D", "3", "7", "x")),)


def test_a_separator_at_the_end_of_every_line_is_no_column():
    assert cells(HEAD.replace("\n", ";\n") + "A;1;5;\n" * 3) == {row: ["A", "1", "5"] for row in (2, 3, 4)}
    assert cells(HEAD + "A;1;5;\n" * 3) == {row: ["A", "1", "5"] for row in (2, 3, 4)}
    table = read_delimited("a.csv", (HEAD + "A;1;5;\nB;1;5;x\nC;1;5;\n").encode())
    assert (table.cells.index.tolist(), table.ragged) == ([2, 4], ((3, ("B", "1", "5", "x")),))


def test_quotation_marks():
    text = 'Client,Date,Montant\n"Durand, fils","1/2/24","1 234,56"\n"a ""b""",2,3\n"x\ny",4,5\nz,6,7\n'
    assert cells(text) == {
        2: ["Durand, fils", "1/2/24", "1 234,56"],
        3: ['a "b"', "2", "3"],
        4: ["x\ny", "4", "5"],
        6: ["z", "6", "7"],
    }
    assert cells('Client\tDate\tMontant\nécran 15"\t1\t2\n"\t3\t4\n') == {
        2: ['écran 15"', "1", "2"],
        3: ['"', "3", "4"],
    }
    with pytest.raises(ArlibError, match="Row 2 opens"):
        cells('Client;Date;Montant\n"A;1;2\nB;3;4\n"C;5;6\n')


def test_the_line_that_tells_excel_the_separator():
    assert cells("sep=;\nClient;Date, heure;Montant\nA;1,2;3\n") == {3: ["A", "1,2", "3"]}


def test_the_separator_is_that_of_the_header_and_not_of_the_amounts():
    assert cells("Client;Date;Montant\nA;1;1,50\nB;2;2,50\nC;3;3,50\n")[2] == ["A", "1", "1,50"]
    assert cells("Société, 12, rue X, Lyon\nListe, au 31/12, des factures, dues\n" + HEAD + "A;1;5\n")[4] == [
        "A",
        "1",
        "5",
    ]


@pytest.mark.parametrize(
    ("codec", "shown"),
    [
        ("utf-8", "UTF-8"),
        ("utf-8-sig", "UTF-8"),
        ("utf-16", "UTF-16"),
        ("utf-16-le", "UTF-16"),
        ("iso8859-15", "ISO-8859-15"),
    ],
)
def test_encodings(codec, shown):
    text = HEAD + "Société Été;1;2 €\n" * 3
    assert decode(text.encode(codec)) == (text, shown)
    assert cells(text.encode(codec))[3] == ["Société Été", "1", "2 €"]


def test_windows_letters_are_told_from_latin_ones():
    text = HEAD + "L’œil — Été;1;2 €\n"
    assert decode(text.encode("cp1252")) == (text, "Windows-1252")
    assert decode(text.encode("cp1252") + b"\x81")[1] == "Windows-1252"
    assert cells(text.encode("cp1252") + b"\x81;3;4\n")[3][1:] == ["3", "4"]


LINE = st.lists(st.text(alphabet="ab 1,.-éà\xa0", max_size=4), min_size=3, max_size=3)


@given(lines=st.lists(LINE, min_size=1, max_size=40), codec=st.sampled_from(["utf-8", "cp1252", "utf-16"]))
def test_what_was_written_is_read_row_by_row(lines, codec):
    """A blank line holds nothing; any other one stands under its number with its cells as they were."""
    text = HEAD + "".join(";".join(line) + "\n" for line in lines)
    expected = {row: line for row, line in enumerate(lines, 2) if any(cell.strip() for cell in line)}
    if expected:
        assert cells(text.encode(codec), header=0) == expected
    else:
        with pytest.raises(ArlibError, match="no row below"):
            cells(text.encode(codec), header=0)
