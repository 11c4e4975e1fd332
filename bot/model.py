"""An optional language model, through LangChain: it words what the rules found and decides nothing.

It sees the question, the conclusion of the rules and clause tokens ``c1``, ``c2`` …; it returns sentences
with the tokens they rest on. Whatever it sends is checked by ``rewording`` before anyone reads it.
"""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from dataclasses import dataclass
from importlib import resources
from typing import Any, Protocol

from .reply import Reply


class ModelUnavailableError(Exception):
    """The model was slow, down, or did not answer in the agreed form; the composed reply goes out instead."""


@dataclass(frozen=True, slots=True)
class WordedSentence:
    """One sentence of the model with the clause tokens that it says it rests on."""

    text: str
    clauses: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Wording:
    """What a model returns: its sentences, and the outcome it believes it was given."""

    sentences: tuple[WordedSentence, ...]
    outcome: str


class ChatModel(Protocol):
    """The part of a LangChain chat model that is used here."""

    def stream(self, input: Any) -> Iterator[Any]: ...  # noqa: A002, ANN401 - LangChain's own signature


@dataclass(frozen=True, slots=True)
class Model:
    """A chat model with a name for ``written_by`` and a limit in seconds for the whole wording."""

    name: str
    chat: ChatModel
    limit_seconds: float = 20.0

    def word(self, question: str, reply: Reply) -> Wording:
        """Asks for a wording of ``reply``; raises ``ModelUnavailableError`` within about the limit."""
        return _parse(self._collect(_messages(question, reply)))

    def _collect(self, messages: list[tuple[str, str]]) -> str:
        """Streams, so that a model that trickles or hangs is cut off in time."""
        deadline = time.monotonic() + self.limit_seconds
        pieces: list[str] = []
        try:
            for chunk in self.chat.stream(messages):
                pieces.append(_text_of(chunk))
                if time.monotonic() > deadline:
                    raise ModelUnavailableError("over the time limit")
                if sum(map(len, pieces)) > 20_000:
                    raise ModelUnavailableError("too long")
        except ModelUnavailableError:
            raise
        except Exception as error:  # every provider has its own family; none of them may reach the public
            raise ModelUnavailableError(type(error).__name__) from error
        return "".join(pieces)


def open_model(
    name: str, *, url: str | None = None, key: str | None = None, limit_seconds: float = 20.0
) -> Model:
    """The model named ``provider:model``, e.g. ``openai:qwen-plus`` behind an OpenAI-compatible address.

    Nothing is contacted until the first wording. Raises ``ValueError`` for a name LangChain does not know.
    """
    from langchain.chat_models import init_chat_model

    options: dict[str, Any] = {"temperature": 0, "timeout": limit_seconds, "max_retries": 0}
    if url:
        options["base_url"] = url
    if key:
        options["api_key"] = key
    try:
        chat = init_chat_model(name, **options)
    except ImportError as error:
        raise ValueError(f"no LangChain provider is installed for {name!r}") from error
    return Model(name.partition(":")[2] or name, chat, limit_seconds)


def _messages(question: str, reply: Reply) -> list[tuple[str, str]]:
    prompt = (resources.files("bot") / "prompts" / "reword.md").read_text(encoding="utf-8")
    material = {
        "question": question,
        "language": reply.language,
        "outcome": reply.verdict.outcome.value if reply.verdict else "none",
        "answer_by_rules": reply.answer,
        "clauses": {f"c{c.number}": {"title": c.title, "text": c.text} for c in reply.citations},
    }
    return [("system", prompt), ("human", json.dumps(material, ensure_ascii=False))]


def _text_of(chunk: Any) -> str:  # noqa: ANN401 - a chunk of whichever provider
    content = chunk.content
    if isinstance(content, str):
        return content
    return "".join(part.get("text", "") if isinstance(part, dict) else str(part) for part in content)


def _parse(raw: str) -> Wording:
    start, end = raw.find("{"), raw.rfind("}")
    try:
        data = json.loads(raw[start : end + 1])
        sentences = tuple(
            WordedSentence(str(s["text"]), tuple(map(str, s["clauses"]))) for s in data["sentences"]
        )
        outcome = str(data["outcome"])
    except (ValueError, KeyError, TypeError) as error:
        raise ModelUnavailableError("not in the agreed form") from error
    return Wording(sentences, outcome)
