"""XML with entities off: whatever the bytes, the elements or a sentence."""

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from arlib.errors import ArlibError
from arlib.readers.sources.xml import local, parse_xml

LAUGHS = """<?xml version="1.0"?>
<!DOCTYPE lolz [<!ENTITY lol "lol"><!ENTITY lol2 "&lol;&lol;&lol;&lol;&lol;&lol;&lol;&lol;&lol;&lol;">]>
<lolz>&lol2;</lolz>"""


@pytest.mark.parametrize(
    "text",
    [
        LAUGHS,
        '<!DOCTYPE a SYSTEM "file:///etc/passwd"><a/>',
        '<!DOCTYPE a [<!ENTITY secret SYSTEM "file:///etc/passwd">]><a>&secret;</a>',
        '<!DOCTYPE a PUBLIC "-//X//Y" "http://192.0.2.1/a.dtd"><a/>',
        "<!DOCTYPE a><a/>",
    ],
)
def test_a_document_type_is_refused_before_any_entity_is_read(text):
    with pytest.raises(ArlibError) as refused:
        parse_xml("hostile.xml", text.encode())
    assert [problem.what.key for problem in refused.value.problems] == ["read.xml_doctype"]
    assert "lollol" not in str(refused.value)
    assert "root:" not in str(refused.value)
    assert refused.value.text("fr").startswith("hostile.xml")


@pytest.mark.parametrize(
    "content",
    [
        *(b"", b"<a>", b"<a><b></a>", b"a,b\n1,2\n", b"<a>&unknown;</a>", b"<a>\xff</a>", b"<a>\0</a>", b"<a/><b/>"),
        b'<?xml version="1.0" encoding="no-such-encoding"?><a/>',
        b'<?xml version="1.0" encoding="hex"?><a/>',
    ],
)
def test_a_damaged_document_is_a_sentence(content):
    with pytest.raises(ArlibError) as refused:
        parse_xml("cut.xml", content)
    assert [problem.what.key for problem in refused.value.problems] == ["read.damaged_xml"]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "iso-8859-15", "windows-1252"])
def test_the_usual_encodings_are_read(encoding):
    declared = "utf-8" if encoding == "utf-8-sig" else encoding
    content = f'<?xml version="1.0" encoding="{declared}"?><n:a xmlns:n="urn:x">Société 12 €</n:a>'.encode(encoding)
    root = parse_xml("a.xml", content)
    assert (local(root), root.text) == ("a", "Société 12 €")


def test_a_very_deep_document_is_read_without_a_crash():
    depth = 200_000
    assert sum(1 for _ in parse_xml("deep.xml", b"<a>" * depth + b"</a>" * depth).iter()) == depth


@given(st.binary(max_size=200) | st.text(alphabet="<>/ab&;!DOCTYPE[] \"'=?", max_size=80).map(str.encode))
def test_any_bytes_are_elements_or_a_sentence(content):
    with suppress(ArlibError):
        parse_xml("any.xml", content)
