"""What the tests of the report share: a ledger counted by hand, and what is read on a page or on paper."""

import io
import unicodedata
from html.parser import HTMLParser

import pypdf

LEDGER = """
customer | kind    | issued     | due        | amount | pays
A        | invoice | 2023-12-01 | 2023-12-31 | 100    |
A        | payment | 2023-12-28 |            | -100   | 1
A        | invoice | 2024-01-10 | 2024-02-09 | 1000   |
A        | payment | 2024-02-09 |            | -1000  | 3
A        | invoice | 2024-02-15 | 2024-03-16 | 500    |
B        | invoice | 2024-03-01 | 2024-03-31 | 1250.5 |
B        | invoice | 2024-01-05 | 2024-02-04 | 300.25 |
B        | payment | 2024-02-20 |            | -300.25 | 7
C        | invoice | 2024-01-20 | 2024-02-19 | 200    |
A        | invoice | 2024-04-10 | 2024-05-10 | 700    |
"""
DAY = "2024-03-31"


class Tags(HTMLParser):
    """What a browser would make of a page: its elements, attributes and text."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.attributes: list[tuple[str, str]] = []
        self.text: list[str] = []
        self._silent = 0
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        self.tags.add(tag)
        self.attributes += [(name, value or "") for name, value in attrs]
        self._silent += tag in {"code", "style"}

    def handle_endtag(self, tag):
        self._silent -= tag in {"code", "style"}

    def handle_data(self, data):
        if not self._silent:
            self.text.append(data)


def told(page: str) -> str:
    """All that is read on a page, spaces alike."""
    return plain(" ".join(Tags(page).text))


def plain(text: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", text).replace("\u200b", "").split())


def printed(content: bytes) -> str:
    return plain(" ".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(content)).pages))
