"""The configured language model: one loader, with a time limit, retries and a circuit breaker."""

import asyncio
import os
import time
from collections.abc import Awaitable, Callable
from functools import cached_property
from typing import Any, TypeVar

from langchain_core.language_models.chat_models import BaseChatModel
from tenacity import AsyncRetrying, retry_if_exception, stop_after_attempt, wait_random_exponential

from vitasense.deterministic.platform.logging import get_logger
from vitasense.deterministic.platform.settings import Settings
from vitasense.deterministic.platform.telemetry import Metrics

ATTEMPTS = 2
LONGEST_WAIT_SECONDS = 2.0
FAILURES_TO_OPEN = 3
OPEN_SECONDS = 30.0

T = TypeVar("T")
log = get_logger(__name__)


class ModelUnavailable(Exception):
    """The model gave no answer in time; the embedded planner takes over."""


class LanguageModel:
    """A litellm model that fails fast: after repeated failures it is left alone for a while."""

    def __init__(
        self, settings: Settings, metrics: Metrics, *, monotonic: Callable[[], float] = time.monotonic
    ) -> None:
        self._settings = settings
        self._metrics = metrics
        self._monotonic = monotonic
        self._failures = 0
        self._closed_again_at = 0.0

    @property
    def trusted(self) -> bool:
        """Whether identifiers may be sent to it: a model that the operator runs himself."""
        return self._settings.model_trusted

    @property
    def available(self) -> bool:
        """Whether it is worth asking now."""
        return self._monotonic() >= self._closed_again_at

    @cached_property
    def chat(self) -> BaseChatModel:
        """The chat model; importing litellm takes seconds, so it happens on first use and without a download."""
        litellm = _litellm()
        from langchain_litellm import ChatLiteLLM  # noqa: PLC0415

        litellm.suppress_debug_info = True
        key = self._settings.model_api_key
        return ChatLiteLLM(
            model=str(self._settings.model),
            api_base=self._settings.model_base_url,
            api_key=key.get_secret_value() if key else None,
            request_timeout=self._settings.model_timeout_seconds,
            temperature=0.0,
            max_retries=0,
        )

    async def run(self, call: Callable[[], Awaitable[T]]) -> T:
        """The result of `call`, which asks the model; raises ModelUnavailable when it does not answer properly."""
        if not self.available:
            self._metrics.model_call("skipped")
            self._metrics.model_fallback("left alone")
            raise ModelUnavailable
        try:
            result = await self._attempts(call)
        except Exception as error:
            self._failed(error)
            raise ModelUnavailable from error
        self._failures = 0
        self._metrics.model_call("ok")
        return result

    async def _attempts(self, call: Callable[[], Awaitable[T]]) -> T:
        retrying = AsyncRetrying(
            stop=stop_after_attempt(ATTEMPTS),
            wait=wait_random_exponential(multiplier=0.2, max=LONGEST_WAIT_SECONDS),
            retry=retry_if_exception(_worth_another_try),
            reraise=True,
        )

        async def attempt() -> T:
            return await call()

        async with asyncio.timeout(self._settings.model_timeout_seconds):
            return await retrying(attempt)

    def _failed(self, error: Exception) -> None:
        self._failures += 1
        self._metrics.model_call("failed")
        self._metrics.model_fallback(type(error).__name__)
        log.warning("model.failed", attempt=self._failures, exc_info=error)
        if self._failures >= FAILURES_TO_OPEN:
            self._failures = 0
            self._closed_again_at = self._monotonic() + OPEN_SECONDS


def price(model: str, tokens_in: int, tokens_out: int) -> float | None:
    """US dollars for so many tokens by the price map that came with litellm; None for a model that is not in it."""
    try:
        both = _litellm().cost_per_token(model=model, prompt_tokens=tokens_in, completion_tokens=tokens_out)
    except Exception:  # noqa: BLE001 - it has no type of its own for an unknown price
        return None
    return sum(both) or None


def _litellm() -> Any:
    os.environ["LITELLM_LOCAL_MODEL_COST_MAP"] = "True"
    import litellm  # noqa: PLC0415 heavy: this is its one loader

    return litellm


def _worth_another_try(error: BaseException) -> bool:
    """Rate limits, server errors and broken connections pass; a refusal or a bad request does not."""
    status = getattr(error, "status_code", None)
    return isinstance(status, int) and (status == 429 or status >= 500)
