"""The texts of letters: plain files that anybody copies and edits, with fields in braces."""

import re
import shutil
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from arlib.errors import ArlibError, Place, Problem
from arlib.words import Language, say

FOLDER = Path(__file__).with_name("templates")
TABLE = "invoices"  # the field that stands for the table, alone on its line
PENALTIES = frozenset({"penalties", "indemnity", "total_with_penalties", "penalty_rate", "penalties_on"})
FIELDS = (
    *("customer_name", "customer_id", "company_name", "date", "invoice_count", TABLE, "total", "total_overdue"),
    *("credits", "oldest_reference", "oldest_due_on", "oldest_days", "previous_on", "statement_on"),
    *("penalties", "indemnity", "total_with_penalties", "penalty_rate", "penalties_on"),
    *("bank_details", "contact_name", "contact_role", "contact_phone", "contact_email", "signature"),
)
_SUBJECT = re.compile(r"\s*(?:subject|objet)\s*:\s*(.*)", re.IGNORECASE)
_FIELD = re.compile(r"\{([^{}\n]*)\}")
_LONGEST = 100_000  # characters
_NAME = re.compile(r"[\w-]{1,80}")


@dataclass(frozen=True)
class Template:
    """The text of a letter.

    Attributes:
        name: of its file, without the ending.
        language: the folder it stands in.
        subject: one line.
        paragraphs: of the body; the one that is `{invoices}` is the table.
    """

    name: str
    language: Language
    subject: str
    paragraphs: tuple[str, ...]

    @property
    def fields(self) -> frozenset[str]:
        """The fields it uses."""
        return frozenset(_FIELD.findall("\n".join((self.subject, *self.paragraphs))))

    @property
    def claims_penalties(self) -> bool:
        """Whether it speaks of the amount of penalties."""
        return bool(self.fields & PENALTIES)


def read_template(name: str, language: Language, folder: str | Path | None = None) -> Template:
    """The template of a name in a language: from the folder given, else the one that ships.

    The first line is `Subject:` or `Objet :`; then paragraphs, an empty line between two; lines that begin with # at
    the top are remarks. `{total}` is a field: `FIELDS` has them all. `{invoices}`, alone on its line, is the table.

    Raises:
        ArlibError: there is no such template, it has no subject, a field does not exist or a brace stands alone: each
            with its file and line, and the fields that exist.
    """
    path = _path(name, language, folder)
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, ValueError) as unreadable:
        raise ArlibError(say("letters.template.unreadable", file=path.name)) from unreadable
    place = f"{language}/{path.name}"
    if len(text) > _LONGEST:
        raise ArlibError(say("letters.template.unreadable", file=place))
    return _template(name, language, text, place)


def copy_templates(folder: str | Path) -> list[Path]:
    """Copies the templates that ship into a folder, one folder a language, to be edited; returns what was written.

    A file that is there already is left as it is: nobody's words are overwritten.
    """
    written = []
    for path in sorted(FOLDER.glob("*/*.txt")):
        target = Path(folder) / path.parent.name / path.name
        if target.exists():
            continue
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, target)
        written.append(target)
    return written


def filled(text: str, values: Mapping[str, str]) -> str:
    """A text with its fields replaced, once: what a value holds is never looked at again."""
    return _FIELD.sub(lambda found: values[found.group(1)], text)


def _path(name: str, language: Language, folder: str | Path | None) -> Path:
    """Where a template stands; a name is a name, never a path."""
    own = [] if folder is None else [Path(folder)]
    tried = [each / language / f"{name}.txt" for each in (*own, FOLDER)] if _NAME.fullmatch(name) else []
    found = next((path for path in tried if path.is_file()), None)
    if found is None:
        names = sorted({path.stem for each in (*own, FOLDER) for path in (each / language).glob("*.txt")})
        where = str(folder) if folder is not None else "–"
        raise ArlibError(
            say("letters.template.none", name=name[:80], language=language, folder=where, names=", ".join(names))
        )
    return found


def _template(name: str, language: Language, text: str, file: str) -> Template:
    lines = list(enumerate(text.splitlines(), 1))
    while lines and (not lines[0][1].strip() or lines[0][1].startswith("#")):
        lines.pop(0)
    subject = _SUBJECT.fullmatch(lines[0][1]) if lines else None
    problems = list(_wrong(lines, file))
    if subject is None or not subject.group(1).strip():
        row = lines[0][0] if lines else None
        problems.insert(0, Problem(Place(file, row=row), say("letters.template.subject")))
    if subject is None or problems:
        raise ArlibError(problems=problems)
    return Template(name, language, subject.group(1).strip(), tuple(_paragraphs([line for _, line in lines[1:]])))


def _wrong(lines: list[tuple[int, str]], file: str) -> Iterator[Problem]:
    """Fields that do not exist, braces that are none, and a table within a line."""
    for row, line in lines:
        place = Place(file, row=row)
        for field in _FIELD.findall(line):
            if field not in FIELDS:
                yield Problem(place, say("letters.template.field", field=field[:80], fields=", ".join(FIELDS)))
        if re.search(r"[{}]", _FIELD.sub("", line)):
            yield Problem(place, say("letters.template.brace"))
        if "{" + TABLE + "}" in line and line.strip() != "{" + TABLE + "}":
            yield Problem(place, say("letters.template.table"))
    tables = [row for row, line in lines if line.strip() == "{" + TABLE + "}"]
    if len(tables) > 1:
        yield Problem(Place(file, row=tables[1]), say("letters.template.table"))


def _paragraphs(lines: list[str]) -> Iterator[str]:
    """Lines together up to an empty one; the table is a paragraph of its own."""
    held: list[str] = []
    for line in [*lines, ""]:
        alone = line.strip() == "{" + TABLE + "}"
        if (not line.strip() or alone) and held:
            yield "\n".join(held)
            held = []
        if alone:
            yield line.strip()
        elif line.strip():
            held.append(line.strip())
