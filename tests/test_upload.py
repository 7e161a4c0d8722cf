"""A file from the browser to the kernel, in slices: whole or refused with a sentence, and nothing left on the disk."""

import tempfile

import pytest

from arlib.apps.parts.upload import MEGABYTE, Upload


class Browser:
    """The other end of an upload: what the kernel answers, and sending as the page does."""

    def __init__(self, upload):
        self.upload, self.answers = upload, []
        upload.send = lambda content, **_: self.answers.append(content)

    def say(self, kind, turn=1, part=None, **content):
        self.upload._on_message(self.upload, {"kind": kind, "turn": turn, **content}, [] if part is None else [part])
        return self.answers[-1]["kind"]

    def send(self, name, content, turn=1, slice_size=4):
        self.say("begin", turn, name=name, size=len(content))
        for at in range(0, len(content), slice_size):
            self.say("slice", turn, memoryview(content[at : at + slice_size]), at=at)
        return self.say("end", turn)


@pytest.fixture
def received():
    return []


@pytest.fixture
def browser_end(received):
    upload = Upload(lambda name, content: received.append((name, content)), limit=100)
    yield Browser(upload)
    upload.close()


def test_a_file_arrives_as_it_was_sent(browser_end, received):
    assert browser_end.send("clients.csv", b"0123456789") == "taken"
    assert received == [("clients.csv", b"0123456789")]
    assert browser_end.send("empty.csv", b"", turn=2) == "taken"
    assert received[-1] == ("empty.csv", b"")


def test_a_path_is_not_part_of_a_name(browser_end, received):
    browser_end.send("../../etc/passwd", b"x")
    browser_end.send("C:\\Users\\me\\clients.csv", b"x", turn=2)
    assert [name for name, _ in received] == ["passwd", "clients.csv"]


def test_the_kernel_checks_the_limit_whatever_the_browser_says(browser_end, received):
    assert browser_end.say("begin", name="big.csv", size=101) == "refused"
    assert browser_end.say("begin", name="sly.csv", size=4) == "taken"
    assert browser_end.say("slice", at=0, part=b"01234") == "refused"
    assert received == []


@pytest.mark.parametrize(
    "messages",
    [
        [("end", {})],
        [("slice", {"at": 0, "part": b"a"})],
        [("begin", {"name": "a", "size": 2}), ("slice", {"at": 1, "part": b"a"})],
        [("begin", {"name": "a", "size": 2}), ("slice", {"at": 0, "part": b"a"}), ("end", {})],
        [("begin", {"name": "a", "size": 2}), ("slice", {"at": 0, "part": b"ab", "turn": 2})],
        [("begin", {"name": "a"})],
        [("begin", {"name": "a", "size": -1})],
    ],
)
def test_what_does_not_follow_is_refused_with_a_sentence(browser_end, received, messages):
    for kind, content in messages:
        last = browser_end.say(kind, **content)
    assert last == "refused"
    assert "Choose it once more" in browser_end.answers[-1]["text"]
    assert received == []
    assert browser_end.send("a.csv", b"abc", turn=3) == "taken"  # and the next file is welcome


def test_a_new_file_takes_the_place_of_one_on_its_way(browser_end, received):
    browser_end.say("begin", name="first.csv", size=4)
    browser_end.say("slice", at=0, part=b"ab")
    browser_end.send("second.csv", b"xyz", turn=2)
    assert received == [("second.csv", b"xyz")]


def test_nothing_of_a_file_stays_on_the_disk(monkeypatch, tmp_path, received):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    files = []
    made = tempfile.TemporaryFile
    monkeypatch.setattr(tempfile, "TemporaryFile", lambda *a, **k: files.append(made(*a, **k)) or files[-1])
    upload = Upload(lambda name, _: received.append(name), limit=100)
    end = Browser(upload)
    end.send("whole.csv", b"abcdef")
    end.say("begin", 2, name="half.csv", size=10)
    end.say("slice", 2, b"abc", at=0)
    upload.close()
    assert received == ["whole.csv"]
    assert [file.closed for file in files] == [True, True]
    assert list(tmp_path.iterdir()) == []


def test_the_upload_speaks_the_language_of_the_page(browser_end):
    browser_end.upload.speak("fr")
    assert browser_end.upload.words["choose"] == "Ouvrir un fichier"
    assert "{name}" in browser_end.upload.words["too_big"]
    assert Upload(lambda *_: None, limit=3 * MEGABYTE).words["hint"].endswith("(3 MB)")
