"""Tools as LangChain sees them: the schema a model may fill, and nothing of who asks."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from langchain_core.tools import BaseTool, StructuredTool, ToolException
from langgraph.runtime import get_runtime

from vitasense.deterministic.platform.problems import Problem
from vitasense.guardrails import told
from vitasense.tools.context import RunContext
from vitasense.tools.registry import Registry
from vitasense.tools.tool import AnyTool


def bind(registry: Registry, tools: Sequence[AnyTool], agent: str) -> list[BaseTool]:
    """Each tool as a LangChain tool of `agent`: its content is for the model, its artifact the findings as JSON."""
    return [_bind(registry, tuple(tools), tool, agent) for tool in tools]


def _bind(registry: Registry, allowed: tuple[AnyTool, ...], tool: AnyTool, agent: str) -> BaseTool:
    async def call(**filled: Any) -> tuple[str, list[dict[str, Any]]]:
        run = replace(get_runtime(RunContext).context, agent=agent)
        try:
            findings = await registry.call(allowed, tool.name, tool.arguments.model_validate(filled), run)
        except Problem as refused:
            raise ToolException(refused.detail) from refused
        return told(f"tool {tool.name}", findings), [finding.model_dump(mode="json") for finding in findings]

    return StructuredTool.from_function(
        coroutine=call,
        name=tool.name,
        description=tool.description,
        args_schema=tool.arguments,
        response_format="content_and_artifact",
        handle_tool_error=True,
    )
