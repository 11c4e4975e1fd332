"""The assistant of this process: the acts of ``acts`` on the request's session, release and model."""

from __future__ import annotations

import time
from datetime import date
from typing import TYPE_CHECKING

from flask import Flask, current_app

from portal.database import current_session
from portal.library.holder import current_knowledge
from portal.metrics import current_metrics
from portal.settings import Settings, SettingsError

from .acts import Asked, OpenQuestion, answer_question, open_question

if TYPE_CHECKING:
    from bot.model import Model


def join_model(app: Flask, settings: Settings) -> None:
    """Prepares the model named in the settings; nothing is contacted before the first question."""
    app.extensions["rouwen.model"] = opened_model(settings)


def current_model() -> Model | None:
    model: Model | None = current_app.extensions["rouwen.model"]
    return model


def ask_here(
    text: str, *, conversation: str | None = None, region: str | None = None, on: date | None = None
) -> Asked:
    """Asks and answers one question of this request."""
    return answer_here(open_here(text, conversation=conversation, region=region, on=on))


def open_here(
    text: str, *, conversation: str | None = None, region: str | None = None, on: date | None = None
) -> OpenQuestion:
    """Stores a question of this request; see ``acts.open_question``."""
    return open_question(
        current_session(), current_knowledge(), text=text, conversation=conversation, region=region, on=on
    )


def answer_here(opened: OpenQuestion) -> Asked:
    """Answers a stored question in this request, and counts it."""
    started = time.perf_counter()
    asked = answer_question(current_session(), current_knowledge(), current_model(), opened)
    metrics = current_metrics()
    metrics.answer_seconds.observe(time.perf_counter() - started)
    metrics.answers.labels(asked.answer.status, asked.answer.written_by).inc()
    return asked


def opened_model(settings: Settings) -> Model | None:
    """The model that the settings name, or None; SettingsError where its provider cannot be used."""
    if settings.model is None:
        return None
    from bot.model import open_model

    try:
        return open_model(settings.model, url=settings.model_url, key=settings.model_key)
    except ValueError as error:
        raise SettingsError(f"ROUWEN_MODEL 的提供方不能用：{settings.model}。") from error
