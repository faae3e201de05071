"""What leaves for a model that is not ours: no identifier of the person or of anyone the person named."""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Self, cast

from langchain_core.messages import AIMessage, AnyMessage, BaseMessage

from vitasense.graphs.model import LanguageModel
from vitasense.guardrails import Redactor
from vitasense.tools.context import RunContext


@dataclass(frozen=True, slots=True)
class Redaction:
    """Hides and restores identifiers; does nothing for a trusted model."""

    redactor: Redactor | None

    @classmethod
    def of(cls, run: RunContext, model: LanguageModel) -> Self:
        """The redaction that a call to `model` in this turn needs; the same for every call of the turn."""
        return cls(None if model.trusted else run.redactor)

    def hide(self, text: str) -> str:
        """`text` as the model may see it. A line that is JSON is read first: names are not looked for in its escapes."""
        if self.redactor is None:
            return text
        pieces: list[str] = []
        plain: list[str] = []
        for line in text.split("\n"):
            if (value := _json(line)) is None:
                plain.append(line)
                continue
            pieces.extend(self._hidden(plain))
            plain = []
            pieces.append(json.dumps(_mapped(value, self.redactor.redact), ensure_ascii=False))
        return "\n".join((*pieces, *self._hidden(plain)))

    def restore(self, text: str) -> str:
        """The model's words with the identifiers back in place."""
        return self.redactor.restore(text) if self.redactor else text

    def hide_all(self, messages: Sequence[AnyMessage]) -> list[AnyMessage]:
        """Copies of the messages as the model may see them, the arguments of earlier tool calls included."""
        return [self._hidden_message(message) for message in messages] if self.redactor else list(messages)

    def restore_message(self, message: BaseMessage) -> AIMessage:
        """The model's message with the identifiers back, also in its tool arguments; anything else is not a message."""
        if not isinstance(message, AIMessage):
            return AIMessage(content="")
        return self._changed(message, self.restore) if self.redactor else message

    def _hidden(self, lines: Sequence[str]) -> list[str]:
        assert self.redactor is not None, "only what a remote model reads is hidden"
        return [self.redactor.redact("\n".join(lines))] if lines else []

    def _hidden_message(self, message: AnyMessage) -> AnyMessage:
        if isinstance(message, AIMessage):
            return self._changed(message, self.hide)
        return message.model_copy(update={"content": self.hide(str(message.text))})

    def _changed(self, message: AIMessage, change: Callable[[str], str]) -> AIMessage:
        """Words and tool calls changed; what the provider sent beside them is left out, since it repeats them."""
        calls = [call | {"args": _mapped(call["args"], change)} for call in message.tool_calls]
        rest: dict[str, object] = {"additional_kwargs": {}, "response_metadata": {}, "invalid_tool_calls": []}
        return message.model_copy(update={"content": change(str(message.text)), "tool_calls": calls} | rest)


def _json(line: str) -> object | None:
    """The JSON object or list that the line is, or None."""
    if not line.startswith(("{", "[")):
        return None
    try:
        return cast(object, json.loads(line))
    except ValueError:
        return None


def _mapped(value: Any, change: Callable[[str], str]) -> Any:
    """The value with every string in it changed."""
    if isinstance(value, str):
        return change(value)
    if isinstance(value, dict):
        return {key: _mapped(item, change) for key, item in cast(dict[str, Any], value).items()}
    if isinstance(value, list):
        return [_mapped(item, change) for item in cast(list[Any], value)]
    return value
