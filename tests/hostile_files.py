"""Small files of every kind that is read, built in code, and workbooks that mean harm."""

import base64
import gzip
import io
import zipfile
import zlib
from datetime import date

import openpyxl
import pandas as pd
from pypdf import PdfWriter

import arlib
from arlib import ArlibError, proof, read_ledger

CSV = (
    "Client;Date facture;Échéance;N° facture;Montant TTC;Date de règlement\r\n"
    "Durand;10/01/2024;09/02/2024;F1;1 234,56;20/02/2024\r\n"
    "Martin;17/01/2024;16/02/2024;F2;250,50;\r\n"
    "Petit & fils;31/01/2024;01/03/2024;F3;-40,00;\r\n"
).encode("cp1252")
OWED = 210.5  # 250.50 - 40.00, the first invoice being paid

FEC = (
    "JournalCode\tJournalLib\tEcritureNum\tEcritureDate\tCompteNum\tCompteLib\tCompAuxNum\tCompAuxLib\tPieceRef\t"
    "PieceDate\tEcritureLib\tDebit\tCredit\tEcritureLet\tDateLet\tValidDate\tMontantdevise\tIdevise\r\n"
    "VE\tVentes\t1\t20240110\t411000\tClients\tC1\tDurand\tF1\t20240110\tFacture\t120,00\t0,00\tA\t\t20240131\t\t\r\n"
    "VE\tVentes\t1\t20240110\t706000\tServices\t\t\tF1\t20240110\tFacture\t0,00\t100,00\t\t\t20240131\t\t\r\n"
    "VE\tVentes\t1\t20240110\t445710\tTVA\t\t\tF1\t20240110\tFacture\t0,00\t20,00\t\t\t20240131\t\t\r\n"
    "BQ\tBanque\t2\t20240220\t512000\tBanque\t\t\tR1\t20240220\tVirement\t70,00\t0,00\t\t\t20240229\t\t\r\n"
    "BQ\tBanque\t2\t20240220\t411000\tClients\tC1\tDurand\tR1\t20240220\tVirement\t0,00\t70,00\tA\t\t20240229\t\t\r\n"
).encode("iso8859-15")

MT940 = (
    b":20:STMT\r\n:25:DE1/2\r\n:28C:1/1\r\n:60F:C240101EUR1000,00\r\n"
    b":61:2401150115C1234,56NTRFNONREF//X\r\n:86:RE F1 DURAND\r\n:62F:C240131EUR2234,56\r\n-\r\n"
)
CAMT = (
    b'<?xml version="1.0" encoding="UTF-8"?><Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.02">'
    b"<BkToCstmrStmt><Stmt><Id>1</Id><Acct><Id><IBAN>FR7630006000011234567890189</IBAN></Id></Acct><Ntry>"
    b'<Amt Ccy="EUR">120.00</Amt><CdtDbtInd>CRDT</CdtDbtInd><Sts>BOOK</Sts><BookgDt><Dt>2024-01-15</Dt></BookgDt>'
    b"<ValDt><Dt>2024-01-15</Dt></ValDt><NtryDtls><TxDtls><RmtInf><Ustrd>F1</Ustrd></RmtInf></TxDtls></NtryDtls>"
    b"</Ntry></Stmt></BkToCstmrStmt></Document>"
)
CFONB = b"".join(
    line.ljust(120).encode() + b"\r\n"
    for line in (
        "0130004    00100EUR2 00012345678  310124" + " " * 50 + "0000000100000{",
        "0430004    00100EUR2 0001234567805150124  150124" + "VIR DURAND F1".ljust(33) + "0000000  0000000012000{",
        "0730004    00100EUR2 00012345678  310124" + " " * 50 + "0000000112000{",
    )
)
UBL = (
    b'<?xml version="1.0"?><Invoice xmlns="urn:oasis:names:specification:ubl:schema:xsd:Invoice-2" '
    b'xmlns:cac="urn:oasis:names:specification:ubl:schema:xsd:CommonAggregateComponents-2" '
    b'xmlns:cbc="urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2"><cbc:ID>F1</cbc:ID>'
    b"<cbc:IssueDate>2024-01-10</cbc:IssueDate><cbc:DueDate>2024-02-09</cbc:DueDate>"
    b"<cbc:InvoiceTypeCode>380</cbc:InvoiceTypeCode><cbc:DocumentCurrencyCode>EUR</cbc:DocumentCurrencyCode>"
    b"<cac:AccountingCustomerParty><cac:Party><cac:PartyName><cbc:Name>Durand</cbc:Name></cac:PartyName></cac:Party>"
    b"</cac:AccountingCustomerParty><cac:LegalMonetaryTotal>"
    b'<cbc:TaxExclusiveAmount currencyID="EUR">100.00</cbc:TaxExclusiveAmount>'
    b'<cbc:TaxInclusiveAmount currencyID="EUR">120.00</cbc:TaxInclusiveAmount>'
    b'<cbc:PayableAmount currencyID="EUR">120.00</cbc:PayableAmount></cac:LegalMonetaryTotal></Invoice>'
)
CII = (
    b'<?xml version="1.0"?><rsm:CrossIndustryInvoice '
    b'xmlns:rsm="urn:un:unece:uncefact:data:standard:CrossIndustryInvoice:100" '
    b'xmlns:ram="urn:un:unece:uncefact:data:standard:ReusableAggregateBusinessInformationEntity:100" '
    b'xmlns:udt="urn:un:unece:uncefact:data:standard:UnqualifiedDataType:100"><rsm:ExchangedDocument><ram:ID>F1</ram:ID>'
    b'<ram:TypeCode>380</ram:TypeCode><ram:IssueDateTime><udt:DateTimeString format="102">20240110</udt:DateTimeString>'
    b"</ram:IssueDateTime></rsm:ExchangedDocument><rsm:SupplyChainTradeTransaction><ram:ApplicableHeaderTradeAgreement>"
    b"<ram:BuyerTradeParty><ram:Name>Durand</ram:Name></ram:BuyerTradeParty></ram:ApplicableHeaderTradeAgreement>"
    b"<ram:ApplicableHeaderTradeSettlement><ram:InvoiceCurrencyCode>EUR</ram:InvoiceCurrencyCode>"
    b"<ram:SpecifiedTradeSettlementHeaderMonetarySummation><ram:TaxBasisTotalAmount>100.00</ram:TaxBasisTotalAmount>"
    b"<ram:GrandTotalAmount>120.00</ram:GrandTotalAmount><ram:DuePayableAmount>120.00</ram:DuePayableAmount>"
    b"</ram:SpecifiedTradeSettlementHeaderMonetarySummation></ram:ApplicableHeaderTradeSettlement>"
    b"</rsm:SupplyChainTradeTransaction></rsm:CrossIndustryInvoice>"
)
PDF = (
    b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[]/Count 0>>endobj\n"
    b"trailer<</Root 1 0 R>>\n%%EOF\n"
)
HTML = (
    b"<html><body><table><tr><th>Client</th><th>Date</th><th>Montant</th></tr>"
    b"<tr><td>A</td><td>15/01/2024</td><td>1&nbsp;234,50</td></tr></table></body></html>"
)

# A binary .xls of one row as xlwt 1.3 writes it, packed.
XLS = zlib.decompress(
    base64.b85decode(
        b"c-rk)O=uHA6#izDG(V>KGZorG2?eXxLJ<#oX;W=&57JVlph!Wt%?hRMMwawYFIH=gg5XK<Qm6+nRWJTv1;vX8p`xH52#Fp&2?`$CtZ!a+"
        b"C9MhxXrVISGT*#;GjHeZ%)FW1eYFxVEZl1<VgtJ2LCFrHu0kg$1>HgnRBzi-bn^fuTVYEf7@&!)^Wky*OTU~$Ip0NSxa)mJ41A<CigOss"
        b"nnr39ahQG3h4i6|Sl}jUB4}i<63pYw+nMih%Vp*s)?8ukqP7Kb3M=WM_JhtUKB={GT?F#J57_2CYxbc5FXSq|a8;Ds`f$ja(5JRoMT<9#"
        b"MbLx}7^Y##aul}^0y3G->FLf{LIFvd>_vRDQ@~d@s-LEmeslE#r2oEN@Bf27K$Eype@*iObFj~FkmPBDZuXYfLjNibK+4{7T=z~*7-lXE"
        b"^yxVxbygqG%~-}ZU@&XubTgM48R?}~eKVGBW<qkS=dB^OZfmILkO>oK5M?>effFO&R&RfKJvcU;KFyjrJ`T!<#!l%YY+RHUWE|ldjoCw~"
        b"o#nmEm-w#DEH^PHX;o9+Hr(I{{qx-BGS{|IKl>SP(z`0;-6ZEfAA8u6|CHWC^3p)@d~)esdI7C8Mj5h~*E~8zhq!TF;!)bog|oqYU~c?n"
        b"vk7Q1$9LN~8KYQ};YElumrHVV#LtrEjFq$&zp)l<Eyv>t^)J0k;O%p1b#z%;cWVjU=RxbKIFv(BP*6}%P*6}%P^cQhc@g(G-w8hFMc?oI"
        b"*IA=fQol+5TO3E0t{i<-9)U@@h1r_c&kp#6doNL?jr+e);so_>VG?8P$7Idxmp;@)<?~c+82fu6RBQjGTKxRS{r>=9Sl8$"
    )
)

HEADINGS = ["Client", "Date facture", "Montant TTC"]


def workbook(rows: list[list[object]] | None = None) -> bytes:
    """An xlsx of these rows under three headings."""
    book = openpyxl.Workbook()
    sheet = book.active
    for row in [HEADINGS, *(rows if rows is not None else [["Durand", date(2024, 1, 10), 120.5]])]:
        sheet.append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def sheet_of(cells: str) -> bytes:
    """A workbook whose only sheet holds this XML, and none of what openpyxl would put right."""
    with zipfile.ZipFile(io.BytesIO(workbook())) as whole:
        parts = {part: whole.read(part) for part in whole.namelist()}
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    parts["xl/worksheets/sheet1.xml"] = f'<worksheet xmlns="{main}">{cells}</worksheet>'.encode()
    return zipped(parts)


def zipped(parts: dict[str, bytes]) -> bytes:
    """A zip of these files."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, content in parts.items():
            packed.writestr(name, content)
    return out.getvalue()


def ods() -> bytes:
    """An OpenDocument workbook of one row."""
    office = "urn:oasis:names:tc:opendocument:xmlns:"
    names = " ".join(f'xmlns:{name}="{office}{name}:1.0"' for name in ("office", "table", "text"))
    heads = "".join(
        f'<table:table-cell office:value-type="string"><text:p>{heading}</text:p></table:table-cell>'
        for heading in HEADINGS
    )
    row = (
        '<table:table-cell office:value-type="string"><text:p>Durand</text:p></table:table-cell>'
        '<table:table-cell office:value-type="date" office:date-value="2024-01-10"/>'
        '<table:table-cell office:value-type="float" office:value="120.5"><text:p>120,5</text:p></table:table-cell>'
    )
    rows = "".join(f"<table:table-row>{cells}</table:table-row>" for cells in (heads, row))
    content = (
        f'<?xml version="1.0"?><office:document-content {names}><office:body><office:spreadsheet>'
        f'<table:table table:name="F">{rows}</table:table></office:spreadsheet></office:body></office:document-content>'
    )
    manifest = "urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"
    return zipped(
        {
            "mimetype": b"application/vnd.oasis.opendocument.spreadsheet",
            "META-INF/manifest.xml": f'<manifest:manifest xmlns:manifest="{manifest}"/>'.encode(),
            "content.xml": content.encode(),
        }
    )


def pdf_of(invoice: bytes) -> bytes:
    """A PDF that carries an e-invoice."""
    written, out = PdfWriter(), io.BytesIO()
    written.add_blank_page(200, 200)
    written.add_attachment("factur-x.xml", invoice)
    written.write(out)
    return out.getvalue()


def parquet() -> bytes:
    """A Parquet file of one row."""
    out = io.BytesIO()
    pd.DataFrame([["Durand", pd.Timestamp("2024-01-10"), 120.5]], columns=HEADINGS).to_parquet(out)
    return out.getvalue()


def read_or_refused(name: str, content: bytes) -> None:
    """Reads a file as a ledger, and as receipts where there are such: it ties, or is refused in both languages."""
    try:
        ledger = read_ledger((name, content))
    except ArlibError as refused:
        _is_said(refused)
    else:
        assert proof(ledger)["ties"].all()
        for sentence in (said for source in ledger.sources for said in (*source.reading, *source.warnings)):
            assert sentence.text("en")
            assert sentence.text("fr")
    receipts = getattr(arlib, "read_receipts", None)
    if receipts is not None:
        try:
            receipts((name, content))
        except ArlibError as refused:
            _is_said(refused)


def _is_said(refused: ArlibError) -> None:
    assert str(refused).strip()
    assert refused.text("fr").strip()


def every_kind() -> dict[str, bytes]:
    """A sound file of every kind."""
    return {
        "list.csv": CSV,
        "list.xlsx": workbook(),
        "list.ods": ods(),
        "list.xls": HTML,
        "binary.xls": XLS,
        "list.parquet": parquet(),
        "list.csv.gz": gzip.compress(CSV, mtime=0),
        "list.zip": zipped({"list.csv": CSV}),
        "123456789FEC20241231.txt": FEC,
        "statement.sta": MT940,
        "camt.xml": CAMT,
        "releve.cfonb": CFONB,
        "ubl.xml": UBL,
        "cii.xml": CII,
        "empty.pdf": PDF,
        "invoice.pdf": pdf_of(CII),
    }
