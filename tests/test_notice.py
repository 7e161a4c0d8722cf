"""What a visitor is told when something cannot be done, and what is logged of it."""

import logging

from petit import HOSTILE

from arlib.apps.parts.notice import Notice, guarded
from arlib.apps.parts.page_link import PageLink
from arlib.errors import ArlibError
from arlib.words import say


def test_a_sentence_of_arlib_is_shown_as_it_is():
    notice = Notice("fr")
    assert notice.box.layout.display == "none"

    def work():
        raise ArlibError(say("error.not_a_day", value=HOSTILE))

    guarded(work, notice)()
    assert notice.box.layout.display == ""
    assert "n&#x27;est pas une date" in notice._text.value
    assert "<img" not in notice._text.value
    assert 'role="alert"' in notice._text.value
    notice.speak("en")
    assert "is not a date" in notice._text.value
    notice._close.click()
    assert notice.box.layout.display == "none"


def test_an_unexpected_error_is_logged_under_the_code_that_is_shown(caplog):
    notice = Notice("en")

    def work():
        {}["the secret of the machine"]

    with caplog.at_level(logging.ERROR):
        guarded(work, notice)()
    code = caplog.records[-1].args[0]
    assert code in notice._text.value
    assert "secret" not in notice._text.value
    assert caplog.records[-1].exc_info[0] is KeyError


def test_the_busy_sign_goes_out_after_an_error_too():
    link = PageLink()
    seen = []

    def work():
        with link.working("Reading…"):
            seen.append(link.busy)
            {}["nothing"]

    guarded(work, Notice("en"))()
    assert seen == ["Reading…"]
    assert link.busy == ""
