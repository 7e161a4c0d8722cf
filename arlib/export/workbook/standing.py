"""What is owed: the open items, the aged balance as sums over them, the proof, the key figures."""

from collections.abc import Sequence

import pandas as pd

from arlib.checks.proof import ROLLED_FORWARD
from arlib.export.proof import write_proof_lines
from arlib.export.sheets import Book, Field, Live, Placed, fields_of, write_table
from arlib.export.workbook import charts
from arlib.export.workbook.material import Material
from arlib.measures import concentration
from arlib.show.look import bucket_columns, bucket_label
from arlib.show.tables import measure_label
from arlib.words import Sentence, say, word

_ITEMS = (
    *("no", "customer_id", "name", "reference", "kind", "issued_on", "due_on", "due_source"),
    *("days_overdue", "bucket", "disputed", "amount", "open_amount"),
)
_NAMED = ("no", "bucket", "disputed", "days_overdue", "open_amount")  # columns of the items that formulas use
_MOST_SUMS = 50_000_000  # customers × items: beyond it a program would calculate for minutes
_MOMENTS = ("value", "previous_month", "previous_year")
_TOP = 10


def write_items(book: Book, material: Material) -> None:
    """Every open item, the latest first: the columns the sums of other sheets are over."""
    items = material.items
    said = {
        "no": {"heading": word("export.column.no", book.language), "kind": "count"},
        "bucket": {"heading": word("table.column.bucket", book.language)},
        "disputed": {"heading": word("export.column.disputed", book.language), "kind": "count", "total": True},
        "reference": {"heading": word("export.column.reference", book.language)},
        "days_overdue": {"kind": "count"},
        "amount": {"total": True},
        "open_amount": {"total": True},
    }
    written = items.assign(bucket=items["bucket"].map(lambda bucket: bucket_label(bucket, book.language), "ignore"))
    placed = write_table(book.pages["open_items"], fields_of(written, _ITEMS, book.language, **said), written)
    for column in _NAMED:
        book.name(f"items_{column.removesuffix('_amount')}", placed.cells(column))


def write_aged(book: Book, material: Material) -> None:
    """What each customer owes by age: each cell the sum of its items, each total the sum of the cells above."""
    aged, page = material.aged, book.pages["aged"]
    buckets = bucket_columns(aged.drop(columns="no"))
    live = "items_open" in book.names and len(aged) * len(material.items) <= _MOST_SUMS
    head = 5  # the row of the headings, as Excel counts it
    said: dict[str, object] = {"no": {"heading": word("export.column.no", book.language), "kind": "count"}}
    for place, bucket in enumerate(buckets, 3):
        letter = chr(ord("A") + place)
        sums = f"=SUMIFS(items_open,items_no,$A{{row}},items_bucket,{letter}${head})" if live else ""
        label = bucket_label(bucket, book.language)
        said[bucket] = {"heading": label[:1].upper() + label[1:], "total": True, "formula": sums}
    last = chr(ord("A") + 2 + len(buckets))
    said["total"] = {"total": True, "formula": f"=SUM(D{{row}}:{last}{{row}})"}
    fields = fields_of(aged, ["no", "customer_id", "name", *buckets, "total"], book.language, **said)
    placed = write_table(page, fields, aged, finding=_largest(material))
    for bucket in [*buckets, "total"]:
        book.name(_bucket_name(bucket), placed.sum(bucket))
    book.name("aged_customers", placed.cells("name"))
    book.name("aged_totals", placed.cells("total"))
    if not live and "items_open" in book.names and len(aged):
        _by_items(book, placed, aged, buckets)


def write_proof(book: Book, material: Material) -> None:
    """The tie-out: how the balance came about, then each way of counting it and its difference from the accounts."""
    lines = material.proof
    counted = {"open_items": "=ROUND(SUM(items_open),2)", "buckets": "=ROUND(receivable,2)"}
    known = {
        line: formula
        for (line, formula), name in zip(counted.items(), ("items_open", "receivable"), strict=True)
        if name in book.names
    }
    write_proof_lines(book, "proof", lines, known, summed=ROLLED_FORWARD, finding=_verdict(lines))
    book.pages["proof"].notes([say("export.proof.how")])


def write_figures(book: Book, material: Material) -> None:
    """The key figures, each in its own unit, from other sheets where they hold its parts; then drawn."""
    figures, page, language = material.key_figures, book.pages["figures"], book.language
    fields = [Field("measure", word("export.column.measure", language), width=52)]
    fields += [Field(name, word(f"export.column.{name}", language), "money", width=20) for name in _MOMENTS]
    fields += [Field("note", word("table.remark", language), width=50)]
    write_table(page, fields, figures.iloc[:0], finding=_largest(material), filtered=False)
    for line in figures.to_dict("records"):
        unit, measure, figure = str(line["unit"]), str(line["measure"]), float(line["value"])
        formula, *names = _LIVE.get(measure, ("",))
        value = book.live(formula, figure, *names) if formula else figure
        told = line["note"].text(language) if isinstance(line["note"], Sentence) else None
        moments = [value, *(line[moment] for moment in _MOMENTS[1:])]
        page.line([measure_label(measure, language), *moments, told], ["text", unit, unit, unit, "prose"])
    charts.dashboard(book, material)
    page.one_page()


_LIVE: "dict[str, tuple[str, ...]]" = {
    "balance": ("=receivable", "receivable"),
    "overdue": ("=receivable-not_due-no_due_date-unapplied", "receivable", "not_due", "no_due_date", "unapplied"),
    "overdue_share": (
        "=(receivable-not_due-no_due_date-unapplied)/(receivable-unapplied)",
        *("receivable", "not_due", "no_due_date", "unapplied"),
    ),
    "dso": ("=dso_simple", "dso_simple"),
    "countback_dso": ("=dso_countback", "dso_countback"),
    "best_possible_dso": ("=dso_best_possible", "dso_best_possible"),
    "delinquent_dso": ("=dso_delinquent", "dso_delinquent"),
    "sales_90": ("=sales_90", "sales_90"),
    "value_of_a_day": ("=sales_365/365", "sales_365"),
    "disputed": ('=SUMIFS(items_open,items_disputed,1,items_open,">0")', "items_open", "items_disputed"),
    "unapplied": ("=unapplied", "unapplied"),
    "open_items": ("=COUNT(items_open)", "items_open"),
}


def _by_items(book: Book, placed: Placed, aged: pd.DataFrame, buckets: Sequence[str]) -> None:
    """Below totals of figures: what the items come to by bucket, where a sum a customer would take minutes."""
    page = placed.page
    sums = [
        Live(f"=SUMIFS(items_open,items_bucket,{placed.letter(bucket)}${placed.first})", float(aged[bucket].sum()))
        for bucket in buckets
    ]
    kinds = ["text"] * 3 + ["money"] * (len(buckets) + 1)
    whole = Live("=SUM(items_open)", float(aged["total"].sum()))
    page.line([word("export.aged.by_items", book.language), None, None, *sums, whole], kinds, ("strong",))
    page.notes([say("export.aged.too_many", customers=len(aged))])


def _bucket_name(bucket: str) -> str:
    """The name of a total in formulas: `receivable`, `not_due`, `overdue_1_30`, `overdue_91_up`."""
    if bucket == "total":
        return "receivable"
    named = bucket.replace("-", "_").replace("+", "_up")
    return f"overdue_{named}" if bucket[0].isdigit() else named


def _largest(material: Material) -> Sentence | str:
    """How many owe, what they owe in all, and the share of the largest; customers in credit owe nothing."""
    debts = concentration(material.ledger, material.as_of, counts=(_TOP,))
    debtors, top = len(debts.groups), debts.top.iloc[0]
    if debts.owed < 1 or debtors <= 1:
        return ""
    return say(
        "export.aged.finding", owed=debts.owed, customers=debtors, top=min(_TOP, debtors), share=float(top["share"])
    )


def _verdict(lines: pd.DataFrame) -> Sentence:
    """Whether all totals tie with the accounts."""
    totals = lines[lines["role"] == "total"]
    apart = totals[~totals["ties"].fillna(value=False)]
    if apart.empty:
        return say("export.proof.ties", ways=len(totals))
    return say("export.proof.differs", ways=len(apart), amount=float(apart["difference"].abs().max()))
