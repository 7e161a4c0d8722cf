"""Files that are damaged or mean harm: a sentence in both languages, or a ledger that ties; within seconds."""

import gzip
import io
import os
import struct
import zipfile
from datetime import date
from pathlib import Path

import openpyxl
import pytest
from hostile_files import CSV, HEADINGS, OWED, every_kind, parquet, read_or_refused, sheet_of, workbook, zipped

import arlib
from arlib import ArlibError, balance, proof, read_ledger
from arlib.readers.sources import archives, gather
from arlib.readers.sources.compound import is_sound
from arlib.readers.tables import delimited

HEAD = "Client;Date facture;Montant TTC\n"


def ties(name: str, content: bytes) -> float:
    """What a file adds up to on the last day there is, its proof holding."""
    ledger = read_ledger((name, content))
    assert proof(ledger, "2199-12-31")["ties"].all()
    return balance(ledger, "2199-12-31")


def refusal(name: str, content: bytes) -> str:
    """The sentence a file is refused with, once it is known to be in two languages."""
    with pytest.raises(ArlibError) as caught:
        read_ledger((name, content))
    assert caught.value.text("fr").strip() != str(caught.value).strip() != ""
    assert caught.value.text("fr").startswith(name)
    return str(caught.value)


def test_the_sound_files_the_others_are_made_from_are_read():
    assert ties("list.csv", CSV) == OWED
    assert ties("list.xlsx", workbook()) == 120.5
    assert ties("binary.xls", every_kind()["binary.xls"]) == 120.5
    assert ties("invoice.pdf", every_kind()["invoice.pdf"]) == 120.0
    assert len(arlib.read_receipts(("statement.sta", every_kind()["statement.sta"])).rows) == 1
    assert len(arlib.read_receipts(("releve.cfonb", every_kind()["releve.cfonb"])).rows) == 1
    assert ties("list.ods", every_kind()["list.ods"]) == 120.5
    assert ties("list.parquet", parquet()) == 120.5
    assert ties("list.csv.gz", every_kind()["list.csv.gz"]) == OWED
    assert ties("list.zip", every_kind()["list.zip"]) == OWED
    assert ties("list.xls", every_kind()["list.xls"]) == 1234.5


@pytest.mark.parametrize("name", sorted(every_kind()))
@pytest.mark.parametrize("share", [0.1, 0.5, 0.9])
def test_a_file_cut_off_is_refused_or_ties(name, share):
    content = every_kind()[name]
    read_or_refused(name, content[: int(len(content) * share)])


@pytest.mark.parametrize(
    ("name", "says"),
    [("list.xlsx", "cannot be opened"), ("list.parquet", "cannot be opened"), ("list.csv.gz", "cut off or damaged")],
)
def test_a_packed_file_cut_off_says_so(name, says):
    assert says in refusal(name, every_kind()[name][:-40])


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"\x7fELF\x02\x01\x01\x00" + bytes(56), "neither text nor a workbook"),
        (b"MZ\x90\x00\x03\x00\x00\x00\x04\x00\x00\x00\xff\xff", "neither text nor a workbook"),
        (b"II*\x00\x08\x00\x00\x00", "is a picture"),
        (b"7z\xbc\xaf\x27\x1c\x00\x04", "is an archive that is not opened here"),
        (zipped({"word/document.xml": b"<w/>", "[Content_Types].xml": b"<t/>"}), "is a text document"),
        (zipped({"a.zip": zipped({"a.csv": CSV})}), "is an archive that is not opened here"),
        (b"", "is empty"),
        (b"\xef\xbb\xbf \r\n", "is empty"),
        (bytes(5000), "is empty"),
        (b"<?xml version='1.0'?><note>hello</note>", "neither a bank statement nor an e-invoice"),
        (b"<html><body><p>Session expired</p></body></html>", "a web page without a table"),
    ],
)
def test_what_holds_no_table_says_what_it_is(content, says):
    assert says in refusal("file.csv", content)


def test_a_zip_of_files_is_the_folder_it_was():
    content = zipped({"2024/a.csv": CSV, "__MACOSX/._a.csv": b"\0", ".DS_Store": b"\0"})
    assert [raw.name for raw in gather(("year.zip", content))] == ["year.zip/2024/a.csv"]


def test_a_zip_bomb_is_not_unpacked(monkeypatch):
    bomb = zipped({"a.csv": b"0" * (32 << 20)})
    assert len(bomb) < 40_000
    monkeypatch.setattr(archives, "_SUSPECT", 1 << 20)
    assert "unpacks to far more" in refusal("bomb.zip", bomb)
    with zipfile.ZipFile(io.BytesIO(workbook())) as whole:
        parts = {part: whole.read(part) for part in whole.namelist()}
    assert "unpacks to far more" in refusal("b.xlsx", zipped({**parts, "xl/media/x.bin": b"0" * (32 << 20)}))


def test_a_zip_that_lies_about_its_size_is_counted_as_it_unpacks(monkeypatch):
    content = zipped({"a.csv": b"0" * (32 << 20)})
    lying = content.replace(struct.pack("<I", 32 << 20), struct.pack("<I", 100))
    assert lying != content
    monkeypatch.setattr(archives, "_SUSPECT", 1 << 20)
    assert "unpacks to far more" in refusal("bomb.zip", lying) or "damaged" in refusal("bomb.zip", lying)


def test_a_gzip_bomb_is_not_unpacked(monkeypatch):
    monkeypatch.setattr(archives, "_SUSPECT", 1 << 20)
    assert "cut off or damaged" in refusal("bomb.csv.gz", gzip.compress(b"0" * (32 << 20)))


def inline(reference: str, text: str) -> str:
    return f'<c r="{reference}" t="inlineStr"><is><t>{text}</t></is></c>'


def test_a_workbook_of_absurd_size_takes_neither_memory_nor_minutes():
    head = "".join(inline(f"{letter}1", heading) for letter, heading in zip("ABC", HEADINGS, strict=True))
    row = inline("A2", "Durand") + inline("B2", "2024-01-10") + '<c r="C2"><v>120.5</v></c>'
    claimed = '<dimension ref="A1:XFD1048576"/>'
    sound = f'<sheetData><row r="1">{head}</row><row r="2">{row}</row></sheetData>'
    assert ties("claims.xlsx", sheet_of(claimed + sound)) == 120.5
    far = sound.replace("</sheetData>", f'<row r="1048576">{inline("XFD1048576", "x")}</row></sheetData>')
    assert "spreads over too many rows and columns" in refusal("far.xlsx", sheet_of(far))


def test_a_binary_workbook_of_absurd_size_is_not_opened():
    def record(kind: int, content: bytes) -> bytes:
        return bytes([kind, len(content)]) + content

    def sheet(row: int, column: int) -> bytes:
        start = record(0, struct.pack("<I", row) + bytes(13))
        return zipped(
            {"xl/workbook.bin": b"", "xl/worksheets/sheet1.bin": start + record(5, struct.pack("<IId", column, 0, 1.0))}
        )

    assert "spreads over too many rows and columns" in refusal("far.xlsb", sheet(1_048_575, 16_383))
    assert "cannot be opened" in refusal("near.xlsb", sheet(0, 0))


def test_a_compound_file_whose_sectors_never_end_is_not_opened():
    sound = every_kind()["binary.xls"]
    assert is_sound(sound)
    for place, number in ((44, 1 << 24), (64, 1 << 24), (68, 0), (48, 1 << 20)):  # lengths and starts in the header
        assert not is_sound(sound[:place] + struct.pack("<I", number) + sound[place + 4 :])
    table = 512 + 512 * struct.unpack_from("<I", sound, 76)[0]
    ring = sound[:table] + struct.pack("<II", 1, 0) + sound[table + 8 :]  # the first two sectors follow each other
    assert "cannot be opened" in refusal("ring.xls", ring)


@pytest.mark.parametrize("end", [b"", b"\n"])
def test_one_endless_line_is_refused_at_once(monkeypatch, end):
    monkeypatch.setattr(delimited, "LONGEST_LINE", 1 << 12)
    assert "Row 1 has no end" in refusal("a.csv", b"Client;Date;Montant;" + b"x" * (1 << 13) + end)
    assert "Row 3 has no end" in refusal("a.csv", CSV[: CSV.index(b"Martin")] + b"y;" * (1 << 13) + end)
    assert ties("a.csv", CSV * 1) == OWED


def test_a_cell_longer_than_python_reads_is_refused():
    assert "has no end" in refusal("a.csv", b"Client;Date;Montant\n" + b"x" * 200_000 + b";1;2\n")


def test_zeros_inside_a_text_name_their_row():
    assert "neither text nor a workbook" in refusal("a.csv", CSV.replace(b"F2", b"F\0"))
    late = CSV + b"Petit;17/01/2024;16/02/2024;F9;250,50;\r\n" * 200
    assert "Row 204 holds zeros" in refusal("a.csv", late[:-4] + b"\0;\r\n")
    assert ties("a.csv", CSV + bytes(512)) == OWED  # what fills up the last block of a disk is no content
    assert ties("a.csv", CSV + b"\x1a") == OWED


def test_two_encodings_in_one_file_are_both_read_and_said():
    text = HEAD + "Société Été;10/01/2024;1,50\nAéro;11/01/2024;2,00\n"
    mixed = text.encode().replace("Aéro".encode(), "Aéro".encode("cp1252"))
    ledger = read_ledger(("a.csv", mixed))
    assert sorted(ledger.customers["customer_id"]) == ["Aéro", "Société Été"]
    assert "1 character is not (first rows: 3)" in " ".join(map(str, ledger.sources[0].warnings))


@pytest.mark.parametrize("codec", ["utf-16-le", "utf-16-be", "utf-32"])
def test_a_text_of_wide_characters_without_a_mark_is_read(codec):
    assert ties("a.csv", CSV.decode("cp1252").encode(codec)) == OWED


LAUGHS = (
    '<?xml version="1.0"?><!DOCTYPE l [<!ENTITY a "ha">'
    + "".join(f'<!ENTITY {chr(98 + i)} "{f"&{chr(97 + i)};" * 10}">' for i in range(9))
    + "]><l>&j;</l>"
)
OUTSIDE = '<?xml version="1.0"?><!DOCTYPE l [<!ENTITY x SYSTEM "file:///etc/passwd">]><l>&x;</l>'


@pytest.mark.parametrize("document", [LAUGHS, OUTSIDE])
@pytest.mark.parametrize(
    "root", ["l", "Document", "Invoice", 'Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"']
)
def test_xml_with_entities_is_never_expanded(document, root):
    content = document.replace("<l>", f"<{root}>").replace("</l>", f"</{root.split()[0]}>")
    said = refusal("a.xml", content.encode())
    assert "root:" not in said


def test_formulas_are_values_and_macros_are_not_run():
    book = openpyxl.load_workbook(io.BytesIO(workbook()))
    book.active["C3"], book.active["A3"], book.active["B3"] = "=1+1", "Martin", date(2024, 1, 11)
    out = io.BytesIO()
    book.save(out)
    # openpyxl keeps no value of a formula: there is none to read, and none is calculated.
    assert "the amount is missing" in refusal("f.xlsx", out.getvalue())
    with zipfile.ZipFile(io.BytesIO(workbook())) as whole:
        parts = {part: whole.read(part) for part in whole.namelist()}
    assert ties("m.xlsm", zipped({**parts, "xl/vbaProject.bin": b"Sub Auto_Open()\nEnd Sub"})) == 120.5
    assert ties("a.csv", (HEAD + '"=HYPERLINK(""http://x"")";10/01/2024;5\n').encode()) == 5.0


def test_a_workbook_with_a_password_says_so():
    container = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504)
    directory = "Root Entry".encode("utf-16-le").ljust(128, b"\0") + "EncryptedPackage".encode("utf-16-le").ljust(
        128, b"\0"
    )
    assert "protected by a password" in refusal("secret.xlsx", container + directory + bytes(512))
    locked = bytearray(zipped({"a.csv": CSV}))
    for mark, flags in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        locked[locked.index(mark) + flags] |= 1
    assert "protected by a password" in refusal("secret.zip", bytes(locked))


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (HEAD, "no row below"),
        (HEAD + "\n \n\r\n", "no row below"),
        ("Client;Date;Montant\nA;01/01/1900;5\n", "the date is missing"),
        ("Client;Date;Montant\nA;31/12/9999;5\n", "the date is missing"),
        ("Client;Date;Montant\nA;15/01/0024;5\n", "is not a date"),
        ("Client;Date;Montant\nA;15/01/12024;5\n", "is not a date"),
        ("Client;Date;Montant\nA;15/01/2024;1,23E+05\n", "is not an amount"),
        ("Client;Date;Montant\nA;15/01/2024;1E+999999999\n", "is not an amount"),
        ("Client;Date;Montant\nA;15/01/2024;12 %\n", "is not an amount"),
        ("Client;Date;Montant\nA;15/01/2024;12 k€\n", "is not an amount"),
        ("Client;Date;Montant\nA;15/01/2024;#REF!\n", "is not an amount"),
        ("Client;Date;Montant\nA;15/01/2024;NaN\n", "the amount is missing"),
        ("Client;Date;Montant\nA;15/01/2024;inf\n", "is not an amount"),
        ("Client;Date;Montant\nA;NaN;5\n", "the date is missing"),
        ("Client;Date;Montant\n;15/01/2024;5\n", "the customer is missing"),
    ],
)
def test_cells_that_are_nothing_or_too_much_are_named(content, says):
    assert says in refusal("a.csv", content.encode("cp1252"))


def test_dates_that_stand_for_none_are_none_where_one_may_be_missing():
    rows = "A;10/01/2024;5;00/00/0000\nB;17/01/2024;7;31/12/9999\nC;18/01/2024;9;NULL\nD;19/01/2024;11;25/01/2024\n"
    assert ties("a.csv", f"Client;Date facture;Montant TTC;Date de règlement\n{rows}".encode()) == 21.0


def test_columns_twice_and_very_many():
    assert ties("a.csv", b"Client;Date;Montant;Montant\nA;15/01/2024;5;7\n") == 5.0
    names = "".join(f";c{number}" for number in range(4_000))
    wide = f"{HEAD[:-1]}{names}\nA;15/01/2024;5{';x' * 4_000}\nB;16/01/2024;6{';y' * 4_000}\n"
    assert ties("wide.csv", wide.encode()) == 11.0


def test_paths_that_are_no_files(tmp_path: Path, monkeypatch):
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "link.csv").symlink_to(tmp_path / "gone.csv")
    (tmp_path / "held.csv").write_bytes(CSV)
    for path, says in (
        (tmp_path / "pipe", "a device"),
        (tmp_path / "link.csv", "no longer exists"),
        ("a\0b", "no file"),
    ):
        with pytest.raises(ArlibError, match=says):
            read_ledger(path)
    with pytest.raises(ArlibError) as caught:  # all of a folder at once
        read_ledger(tmp_path)
    assert len(caught.value.problems) == 2
    denied = PermissionError(13, "Permission denied")
    monkeypatch.setattr(Path, "read_bytes", lambda _: (_ for _ in ()).throw(denied))
    with pytest.raises(ArlibError, match="Check your rights"):
        read_ledger(tmp_path / "held.csv")
