"""The pages around the app: who are you, no room, not here. In the visitor's language; nothing is fetched."""

from functools import cache

import jinja2
from tornado.httputil import HTTPServerRequest

from arlib.apps.server.folders import TEMPLATE
from arlib.words import LANGUAGES, Language, word


def language_of(request: HTTPServerRequest, otherwise: Language) -> Language:
    """The first language of the visitor's browser that we speak."""
    for wanted in request.headers.get("Accept-Language", "").split(","):
        spoken = wanted.strip()[:2].lower()
        for known in LANGUAGES:
            if spoken == known:
                return known
    return otherwise


def message(name: str, language: Language, **values: object) -> str:
    """A page that says `server.<name>.title` and `server.<name>.text`, with a button to try again."""
    title, text = word(f"server.{name}.title", language), word(f"server.{name}.text", language, **values)
    return _page("error.html", language, heading=title, text=text, again=word("server.try_again", language))


def broken(language: Language) -> str:
    """The end of a page that began and could not be made: it stands in the place of the sign that it is coming."""
    return _page(
        "broken.html", language, text=word("server.failed.text", language), again=word("server.again", language)
    )


def login(language: Language, action: str, *, wrong: bool) -> str:
    """The page that asks for the token.

    Args:
        language: of the page.
        action: where its form goes.
        wrong: whether a token was given, and was not the one.
    """
    keys = ("title", "text", "token", "wrong", "enter")
    words = {key: word(f"server.login.{key}", language) for key in keys}
    return _page("login.html", language, words=words, action=action, wrong=wrong)


def _page(template: str, language: Language, **values: object) -> str:
    asked = {"language": language, "title": word("server.title", language), "style": _style(), **values}
    return _templates().get_template(template).render(asked)


@cache
def _templates() -> jinja2.Environment:
    return jinja2.Environment(loader=jinja2.FileSystemLoader(TEMPLATE), autoescape=True)


@cache
def _style() -> str:
    return (TEMPLATE / "static" / "style.css").read_text(encoding="utf-8")
