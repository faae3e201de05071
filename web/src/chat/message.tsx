import { type ReactNode, useState } from "react";
import { Mark } from "../ui/icons";
import { ProblemNotice } from "../ui/notice";
import { AGENT, listOf, plain } from "../ui/words";
import { ChartLinks } from "./charts";
import type { AssistantMessage, Message } from "./conversation";
import { EvidencePanel } from "./evidence";
import { Findings } from "./findings";
import { ReplyText } from "./reply-text";
import { UrgencyBanner } from "./urgency";

export function MessageView({ message, onRetry }: { message: Message; onRetry?: () => void }): ReactNode {
  if (message.role === "person") {
    return (
      <article aria-label="You" className="flex justify-end">
        <p className="max-w-[85%] whitespace-pre-wrap break-words rounded-3xl rounded-br-lg bg-accent-soft px-4.5 py-2.5">
          {message.content}
        </p>
      </article>
    );
  }
  return <Reply message={message} onRetry={onRetry} />;
}

function Reply({ message, onRetry }: { message: AssistantMessage; onRetry?: () => void }): ReactNode {
  const [opened, setOpened] = useState<number>();
  const { content, findings, state } = message;
  const urgency = findings.some((finding) => finding.urgency === "emergency") ? "emergency" : message.urgency;
  const working = state === "working";
  return (
    <article aria-label="VitaSense" data-testid="reply" data-state={state} aria-busy={working} className="flex gap-3.5">
      <span className="mt-0.5 hidden wide:block">
        <Mark size={26} />
      </span>
      <div className="min-w-0 flex-1 space-y-4">
        <UrgencyBanner urgency={urgency} live={message.live} />
        {content && <ReplyText text={content} findings={working ? NONE : findings} onEvidence={setOpened} />}
        {working && <Progress text={message.progress ?? "Thinking about your question"} />}
        {state === "stopped" && <p className="text-sm text-muted">Stopped. This answer is not complete.</p>}
        {state === "failed" && <ProblemNotice problem={message.problem} onRetry={onRetry} />}
        {!working && <ChartLinks findings={findings} />}
        {!working && <Findings findings={findings} reply={content} onEvidence={setOpened} />}
        {message.agents.length > 0 && !working && (
          <p className="text-xs text-muted">
            Answered by {listOf(message.agents.map((agent) => AGENT[agent] ?? plain(agent).toLowerCase()))}
            {message.planner === "model" && ", worded by a language model"}
          </p>
        )}
      </div>
      <EvidencePanel finding={opened === undefined ? undefined : findings[opened]} onClose={() => setOpened(undefined)} />
    </article>
  );
}

const NONE: never[] = [];

const Progress = ({ text }: { text: string }): ReactNode => (
  <p className="flex items-center gap-2.5 text-muted">
    <span className="breathe size-2.5 rounded-full bg-accent" aria-hidden="true" />
    {text.replace(/[.…]+$/, "")}…
  </p>
);
