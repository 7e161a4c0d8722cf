"""Letters as files a person opens, completes and sends: Word documents, and drafts of e-mails. Nothing is ever sent."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from zipfile import ZIP_STORED, ZipFile, ZipInfo

from arlib.collection.letters import Letter
from arlib.export.letters.document import document_bytes
from arlib.export.letters.message import message_bytes
from arlib.export.letters.names import Names
from arlib.progress import Progress, followed, unseen
from arlib.words import Sentence, say

__all__ = ["Names", "WrittenLetters", "letter_files", "letters_archive", "write_letters"]


@dataclass(frozen=True)
class WrittenLetters:
    """What was written.

    Attributes:
        paths: the files, in the order of the letters.
        notes: what to complete in each letter and to look at before sending, each once.
    """

    paths: tuple[Path, ...]
    notes: tuple[Sentence, ...] = ()


def write_letters(letters: Iterable[Letter], folder: str | Path) -> WrittenLetters:
    """Writes letters into a folder: each as a Word document, those by e-mail as a draft (.eml) too.

    Names begin with the day and the level (`2025-12-31_reminder_1_C0012_Dupont.docx`) and hold letters, digits, - and
    _ alone. A file that is there is never overwritten: somebody may have completed it. Outlook, Thunderbird and Apple
    Mail open a draft as a new message (`X-Unsent`), with the text both plain and formatted.
    """
    listed: Sequence[Letter] = list(letters)
    target = Path(folder)
    target.mkdir(parents=True, exist_ok=True)
    names, paths = Names(path.name for path in target.iterdir()), []
    for letter in listed:
        for name, content in letter_files(letter, names):
            paths.append(target / name)
            paths[-1].write_bytes(content)
    notes = [note for letter in listed for note in letter.notes]
    notes += [say("letters.export.there", rows=names.kept)] if names.kept else []
    notes += [] if listed else [say("letters.export.nothing")]
    return WrittenLetters(tuple(paths), _once(notes))


def letters_archive(letters: Sequence[Letter], *, progress: Progress = unseen) -> bytes:
    """The files that `write_letters` would write, as the bytes of one zip; nothing is written to a disk.

    The same letters make the same bytes: the files are dated by the day of their letters.
    """
    made, names = BytesIO(), Names()
    with ZipFile(made, "w", ZIP_STORED) as archive:  # Word documents are compressed already
        for letter in followed(letters, progress):
            day = letter.written_on
            for name, content in letter_files(letter, names):
                archive.writestr(ZipInfo(name, (day.year, day.month, day.day, 0, 0, 0)), content)
    return made.getvalue()


def letter_files(letter: Letter, names: Names) -> Iterator[tuple[str, bytes]]:
    """The files of one letter, each with a name nothing else has: a Word document, and by e-mail a draft too."""
    stem = names.stem(letter)
    yield f"{stem}.docx", document_bytes(letter)
    if letter.channel == "email":
        yield f"{stem}.eml", message_bytes(letter)


def _once(notes: Iterable[Sentence]) -> tuple[Sentence, ...]:
    """Notes without repetition, in their order."""
    return tuple({note.text(): note for note in notes}.values())
