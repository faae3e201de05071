"""Chooses who drives a specialist: the configured model, and in every case of doubt the embedded planner."""

from collections.abc import Awaitable, Callable, Sequence
from typing import Any

from langchain.agents.middleware import AgentMiddleware, AgentState
from langchain.agents.middleware.types import ModelRequest, ModelResponse
from langchain_core.messages import AIMessage, AnyMessage, HumanMessage

from vitasense.agents.spec import AgentSpec
from vitasense.graphs.bounds import bounded
from vitasense.graphs.model import LanguageModel, ModelUnavailable
from vitasense.graphs.plan import plan
from vitasense.graphs.planner import Planner
from vitasense.graphs.redaction import Redaction
from vitasense.tools.context import RunContext

MODEL_ROUNDS = 4  # asks of the model in one turn of one specialist; then the planner finishes

Handler = Callable[[ModelRequest[RunContext]], Awaitable[ModelResponse[Any]]]


class Conductor(AgentMiddleware[AgentState[Any], RunContext]):
    """Whoever drives, what the reading asks for is done: the planner completes what a model left out."""

    def __init__(self, spec: AgentSpec, model: LanguageModel | None) -> None:
        super().__init__()
        self._spec = spec
        self._model = model

    async def awrap_model_call(self, request: ModelRequest[RunContext], handler: Handler) -> ModelResponse[Any]:
        """The next message of the specialist."""
        run = request.runtime.context
        if self._model is not None and _rounds(request.messages) < MODEL_ROUNDS:
            try:
                message = await self._ask(self._model, request, handler, run)
            except ModelUnavailable:
                pass
            else:
                if message.tool_calls:
                    return ModelResponse(result=[message])
        assert run.reading is not None, "a specialist runs after the message was read"
        return await handler(request.override(model=Planner(planned=plan(self._spec, run.reading))))

    async def _ask(
        self, model: LanguageModel, request: ModelRequest[RunContext], handler: Handler, run: RunContext
    ) -> AIMessage:
        redaction = Redaction.of(run, model)
        messages = [*_before(run), *request.messages]
        asked = request.override(model=model.chat, messages=redaction.hide_all(messages))
        response = await model.run(lambda: handler(asked))
        return redaction.restore_message(bounded(response.result[0]))


def _before(run: RunContext) -> list[AnyMessage]:
    """What was said so far, so that "and the second one?" can be understood; it is labelled as data."""
    return [HumanMessage(run.before)] if run.before else []


def _rounds(messages: Sequence[AnyMessage]) -> int:
    start = max((i for i, message in enumerate(messages) if isinstance(message, HumanMessage)), default=0)
    return sum(isinstance(message, AIMessage) for message in messages[start:])
