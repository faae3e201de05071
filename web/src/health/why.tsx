import { type ReactNode, useState } from "react";
import { query } from "../api/client";
import type { AlarmDetail, Decision, DecisionInput } from "../api/tracking";
import type { Value } from "../api/types";
import { EvidencePanel, Source } from "../chat/evidence";
import { useWhose } from "../record/whose";
import { useApi } from "../session/session";
import { Sheet } from "../ui/dialog";
import { formatNumber, formatQuantity, formatWhen } from "../ui/format";
import { Icon } from "../ui/icons";
import { Loading, Note, ProblemNotice } from "../ui/notice";
import { useLoad } from "../ui/use-load";
import { AGENT, ROLE, begun, categoryName, count, plain } from "../ui/words";
import { STATE, stateWords } from "./alarms";
import { Unevaluated } from "./unevaluated";
import { UrgencyBadge } from "./urgency";

/** Why there is an alarm: the reading, what it was compared with, the rule, and what was done. */
export function Why({ id, onClose }: { id: string | undefined; onClose: () => void }): ReactNode {
  return (
    <Sheet open={id !== undefined} onClose={onClose} title="Why this alarm" testId="why-panel">
      {id && <Opened id={id} />}
    </Sheet>
  );
}

function Opened({ id }: { id: string }): ReactNode {
  const api = useApi();
  const { patientId } = useWhose();
  const { data, problem, loading, reload } = useLoad(
    (signal) => api.get<AlarmDetail>(`/v1/alarms/${encodeURIComponent(id)}${query({ patient_id: patientId })}`, signal),
    `${patientId} ${id}`,
  );
  if (loading) return <Loading label="Opening the alarm" />;
  if (problem?.status === 404) return <Note>This alarm cannot be opened. It may not be shared with you.</Note>;
  if (problem || !data) return <ProblemNotice problem={problem} onRetry={reload} />;
  const { alarm, decision, actions, history } = data;
  return (
    <>
      <div className="space-y-2">
        <div className="flex flex-wrap items-center gap-3">
          <UrgencyBadge urgency={alarm.urgency} />
          <span className="text-sm text-muted">{stateWords(alarm)}</span>
        </div>
        <h3 className="title text-2xl">{alarm.title}</h3>
        <p className="whitespace-pre-line break-words">{alarm.text}</p>
      </div>
      <Grounds decision={decision} />
      {actions.some(({ text }) => text) && (
        <Part title="What was done">
          <ul className="list-disc space-y-1 pl-5">
            {actions.map(({ kind, text }, index) => text && <li key={`${kind} ${index}`}>{text}</li>)}
          </ul>
        </Part>
      )}
      <Part title="What happened to the alarm">
        <ol className="space-y-1 text-sm">
          {history.map(({ state, at, actor_role, note }, index) => (
            <li key={index} className="break-words">
              {STATE[state]}, {formatWhen(at)}
              {(actor_role === "patient" || actor_role === "provider") && ` · ${ROLE[actor_role]}`}
              {note && note !== alarm.title && ` · ${note}`}
            </li>
          ))}
        </ol>
      </Part>
    </>
  );
}

const WHAT: Record<DecisionInput["kind"], string> = {
  reading: "What was measured",
  context: "What it was compared with",
  statement: "What was said",
};

function Grounds({ decision }: { decision: Decision }): ReactNode {
  const { inputs, findings, confidence, rule, rule_version, model, agent, decided_at, withheld } = decision;
  return (
    <>
      {(["reading", "context", "statement"] as const).map((kind) => {
        const ones = inputs.filter((input) => input.kind === kind);
        return (
          ones.length > 0 && (
            <Part key={kind} title={WHAT[kind]}>
              <ul className="space-y-2">
                {ones.map((input, index) => (
                  <Input key={index} input={input} />
                ))}
              </ul>
            </Part>
          )
        );
      })}
      {findings.length > 0 && (
        <Part title="What follows from it">
          <Findings findings={findings} />
        </Part>
      )}
      {Boolean(withheld) && <p className="text-sm text-muted">{begun(count(withheld ?? 0, "more ground"))} of parts of the record that are not shared with you.</p>}
      <dl className="grid grid-cols-[auto_1fr] gap-x-5 gap-y-1.5 text-sm">
        <Row name="How sure">{formatNumber(Math.round(confidence * 100))}%</Row>
        <Row name="Rule">
          {rule}, version {rule_version}
        </Row>
        <Row name="Decided by">
          {AGENT[agent] ?? plain(agent).toLowerCase()}
          {model && `, with the model ${model}`}
        </Row>
        <Row name="Decided">{formatWhen(decided_at)}</Row>
      </dl>
    </>
  );
}

function Input({ input }: { input: DecisionInput }): ReactNode {
  const [open, setOpen] = useState(false);
  const { evidence, values, category } = input;
  const when = evidence.at ?? values[0]?.at;
  return (
    <li>
      <details className="rounded-xl border border-line" onToggle={(event) => setOpen(event.currentTarget.open)}>
        <summary className="min-h-11 px-4 py-2.5">
          <span className="font-medium">{begun(evidence.label)}</span>
          {values.length > 0 && <span className="block">{begun(values.map(valueWords).join(", "))}</span>}
          <span className="block text-sm text-muted">
            {categoryName(category)}
            {when && ` · ${formatWhen(when)}`}
          </span>
        </summary>
        <div className="space-y-3 border-t border-line p-4">{open && <Source evidence={evidence} />}</div>
      </details>
    </li>
  );
}

const valueWords = ({ name, number, text, unit }: Value): string =>
  `${name} ${number === null ? (text ?? "") : formatQuantity(number, unit)}`.trim();

function Findings({ findings }: { findings: Decision["findings"] }): ReactNode {
  const [opened, setOpened] = useState<number>();
  return (
    <>
      <ul className="space-y-2">
        {findings.map((finding, index) => (
          <li key={index}>
            {finding.status === "not_evaluated" ? (
              <Unevaluated reason={finding.reason ? `${finding.text} (${finding.reason})` : finding.text} />
            ) : (
              <p className="break-words">{finding.text}</p>
            )}
            {finding.evidence.length > 0 && (
              <button
                type="button"
                aria-label={`Evidence: ${finding.text}`}
                onClick={() => setOpened(index)}
                className="-ml-2 inline-flex min-h-9 max-w-full items-center gap-1.5 rounded-full px-2 text-left text-sm font-medium text-accent hover:bg-accent-soft"
              >
                <span className="truncate">{begun(finding.evidence[0]?.label ?? "Evidence")}</span>
                <Icon name="chevron" size={14} />
              </button>
            )}
          </li>
        ))}
      </ul>
      <EvidencePanel finding={opened === undefined ? undefined : findings[opened]} onClose={() => setOpened(undefined)} />
    </>
  );
}

const Part = ({ title, children }: { title: string; children: ReactNode }): ReactNode => (
  <section aria-label={title} className="space-y-2">
    <h4 className="text-sm font-medium text-muted">{title}</h4>
    {children}
  </section>
);

const Row = ({ name, children }: { name: string; children: ReactNode }): ReactNode => (
  <>
    <dt className="text-muted">{name}</dt>
    <dd className="min-w-0 break-words">{children}</dd>
  </>
);
