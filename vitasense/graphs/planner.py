# ruff: noqa: ARG002 (the signatures are LangChain's)
"""The embedded planner: a plan with the interface of a chat model, so that one graph runs with it or with a model."""

import json
import uuid
from collections.abc import Iterator, Sequence
from typing import Any

from langchain_core.callbacks import CallbackManagerForLLMRun
from langchain_core.language_models.chat_models import BaseChatModel
from langchain_core.messages import AIMessage, AIMessageChunk, BaseMessage, HumanMessage, ToolMessage
from langchain_core.messages.tool import ToolCall, tool_call_chunk
from langchain_core.outputs import ChatGeneration, ChatGenerationChunk, ChatResult
from langchain_core.runnables import Runnable

from vitasense.graphs.plan import PlannedCall


class Planner(BaseChatModel):
    """Calls what is planned and not done yet, all at once; says nothing itself, as Findings speak."""

    planned: tuple[PlannedCall, ...] = ()

    @property
    def _llm_type(self) -> str:
        return "embedded-planner"

    def bind_tools(self, tools: Sequence[Any], **_: Any) -> Runnable[Any, AIMessage]:
        """The planner knows its tools already."""
        return self

    def next_message(self, messages: Sequence[BaseMessage]) -> AIMessage:
        """The calls still to do after `messages`, or an empty message when all are done."""
        done = done_calls(messages)
        calls = [
            ToolCall(name=call.tool, args=call.arguments, id=uuid.uuid4().hex, type="tool_call")
            for call in self.planned
            if call not in done
        ]
        return AIMessage(content="", tool_calls=calls)

    def _generate(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: CallbackManagerForLLMRun | None = None,
        **kwargs: Any,
    ) -> ChatResult:
        return ChatResult(generations=[ChatGeneration(message=self.next_message(messages))])

    async def _agenerate(self, messages: list[BaseMessage], *args: Any, **kwargs: Any) -> ChatResult:
        return self._generate(messages)

    def _stream(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: CallbackManagerForLLMRun | None = None,
        **kwargs: Any,
    ) -> Iterator[ChatGenerationChunk]:
        chunks = [
            tool_call_chunk(name=call["name"], args=json.dumps(call["args"]), id=call["id"], index=index)
            for index, call in enumerate(self.next_message(messages).tool_calls)
        ]
        yield ChatGenerationChunk(message=AIMessageChunk(content="", tool_call_chunks=chunks, chunk_position="last"))


def done_calls(messages: Sequence[BaseMessage]) -> list[PlannedCall]:
    """The calls that a tool answered since the last words of the person; a refused call is not done."""
    start = max((i for i, message in enumerate(messages) if isinstance(message, HumanMessage)), default=0)
    recent = messages[start:]
    answered = {each.tool_call_id for each in recent if isinstance(each, ToolMessage) and each.status != "error"}
    return [
        PlannedCall(call["name"], call["args"])
        for message in recent
        if isinstance(message, AIMessage)
        for call in message.tool_calls
        if call["id"] in answered
    ]
