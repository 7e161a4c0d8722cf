"""Letters as files a person opens, completes and sends: Word documents, and drafts of e-mails. Nothing is ever sent."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from arlib.collection.letters import Letter
from arlib.export.letters.document import document_bytes
from arlib.export.letters.message import message_bytes
from arlib.export.letters.names import Names
from arlib.words import Sentence, say

__all__ = ["WrittenLetters", "write_letters"]


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
    names, paths = Names(target), []
    for letter in listed:
        stem = names.stem(letter)
        files = {".docx": document_bytes} | ({".eml": message_bytes} if letter.channel == "email" else {})
        for ending, made in files.items():
            path = target / f"{stem}{ending}"
            path.write_bytes(made(letter))
            paths.append(path)
    notes = [note for letter in listed for note in letter.notes]
    notes += [say("letters.export.there", rows=names.kept)] if names.kept else []
    notes += [] if listed else [say("letters.export.nothing")]
    return WrittenLetters(tuple(paths), _once(notes))


def _once(notes: Iterable[Sentence]) -> tuple[Sentence, ...]:
    """Notes without repetition, in their order."""
    return tuple({note.text(): note for note in notes}.values())
