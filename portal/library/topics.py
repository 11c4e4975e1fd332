"""The library by topic: the tree a level at a time, and what every region says on one topic, side by side."""

from __future__ import annotations

from flask import Blueprint, render_template

from portal.calendar import today
from portal.language import caller_language
from portal.permissions import public
from portal.wording import Language

from .holder import current_knowledge
from .page import clause_address, opening
from .topic_reading import topic_tree, topic_view

topics = Blueprint("topics", __name__, url_prefix="/library/topics")

EXAMPLES = 6


@topics.get("")
@public
def index() -> str:
    """The topics at the top, each with how much stands below it."""
    branches = topic_tree(current_knowledge(), today())
    return render_template("library/topics.html", here="library", branches=branches)


@topics.get("/<topic_id>")
@public
def one(topic_id: str) -> str:
    """One topic: what it is, what each region says, which say nothing, the nation's law, ways of asking."""
    view = topic_view(current_knowledge(), topic_id, today())
    return render_template(
        "library/topic.html",
        here="library",
        view=view,
        examples=_examples(view.topic.asked_as),
        clause_address=clause_address,
        opening=opening,
    )


def _examples(asked_as: tuple[str, ...]) -> tuple[str, ...]:
    """A few ways of asking in the reader's language; the others where there are none in it."""
    english = caller_language() is Language.ENGLISH
    own = tuple(question for question in asked_as if question.isascii() == english)
    return (own or asked_as)[:EXAMPLES]
