"""What leaves for a model that is not ours: no identifier of the person or of anyone the person named."""

from collections.abc import Sequence
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
        """The redaction that a call to `model` in this turn needs."""
        return cls(None if model.trusted else Redactor(run.known))

    def hide(self, text: str) -> str:
        """`text` as the model may see it."""
        return self.redactor.redact(text) if self.redactor else text

    def restore(self, text: str) -> str:
        """The model's words with the identifiers back in place."""
        return self.redactor.restore(text) if self.redactor else text

    def hide_all(self, messages: Sequence[AnyMessage]) -> list[AnyMessage]:
        """Copies of the messages as the model may see them."""
        return [message.model_copy(update={"content": self.hide(message.text)}) for message in messages]

    def restore_message(self, message: BaseMessage) -> AIMessage:
        """The model's message with the identifiers back in its tool arguments; anything else is not a message."""
        if not isinstance(message, AIMessage):
            return AIMessage(content="")
        calls = [call | {"args": self._restore_value(call["args"])} for call in message.tool_calls]
        return message.model_copy(update={"tool_calls": calls})

    def _restore_value(self, value: Any) -> Any:
        if isinstance(value, str):
            return self.restore(value)
        if isinstance(value, dict):
            return {key: self._restore_value(item) for key, item in cast(dict[str, Any], value).items()}
        if isinstance(value, list):
            return [self._restore_value(item) for item in cast(list[Any], value)]
        return value
