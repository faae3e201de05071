import type { ReactNode } from "react";
import type { CheckedFinding } from "../api/medications";
import type { Finding } from "../api/types";
import { UrgencyShape } from "../health/urgency";
import { Icon } from "../ui/icons";
import { begun } from "../ui/words";
import { interrupts, isInferred, kindWords, pairsOf, severityWords } from "./checks";

interface Props {
  finding: CheckedFinding;
  onEvidence: (finding: Finding) => void;
  onWhy: (finding: Finding) => void;
  /** What can be done about it, beside the sources and the path. */
  children?: ReactNode;
}

/** One thing that a check found. What interrupts says so in words and by its shape, not by colour alone. */
export function FindingCard({ finding, onEvidence, onWhy, children }: Props): ReactNode {
  const isLoud = interrupts(finding);
  return (
    <li data-testid="check-finding" data-kind={finding.kind} data-urgency={finding.urgency} className={`card space-y-2.5 p-5 ${isLoud ? "border-2 border-danger" : ""}`}>
      <p className="flex flex-wrap items-center gap-x-3 gap-y-1 text-sm">
        <span className={`inline-flex min-h-7 items-center gap-1.5 rounded-full px-2.5 font-semibold ${badge(finding)}`}>
          {finding.override ? <Icon name="check" size={14} /> : <UrgencyShape urgency={finding.urgency} />}
          {severityWords(finding)}
          {finding.override && ", accepted"}
        </span>
        <span className="text-muted">
          {kindWords(finding)}
          {isInferred(finding) && " · worked out, not in a list"}
        </span>
      </p>
      <p className="whitespace-pre-line break-words">{finding.text}</p>
      <div className="flex flex-wrap items-center gap-2">
        <Sources finding={finding} onEvidence={onEvidence} />
        {pairsOf(finding).length > 0 && (
          <button type="button" aria-label={`Why? ${finding.text}`} onClick={() => onWhy(finding)} className="inline-flex min-h-9 items-center rounded-full border border-edge bg-surface px-3.5 text-sm font-medium hover:bg-sunken">
            Why?
          </button>
        )}
        {children}
      </div>
    </li>
  );
}

function badge(finding: CheckedFinding): string {
  if (finding.urgency === "emergency") return "bg-alarm text-on-alarm";
  if (finding.override) return "bg-sunken text-ink";
  if (interrupts(finding)) return "bg-danger-soft text-danger";
  return finding.urgency === "routine" ? "bg-warn-soft text-warn" : "bg-accent-soft text-accent";
}

/** A button to what a finding rests on; nothing where there is none. */
export function Sources({ finding, onEvidence }: Pick<Props, "finding" | "onEvidence">): ReactNode {
  const { evidence } = finding;
  if (evidence.length === 0) return null;
  const label = begun(evidence[0]?.label ?? "Source");
  return (
    <button
      type="button"
      data-testid="evidence-button"
      onClick={() => onEvidence(finding)}
      className="-ml-2 inline-flex min-h-9 max-w-full items-center gap-1.5 rounded-full px-2 text-left text-sm font-medium text-accent hover:bg-accent-soft"
    >
      <Icon name="book" size={16} />
      <span className="sr-only">Sources: </span>
      <span className="truncate">{evidence.length > 1 ? `${label} and ${evidence.length - 1} more` : label}</span>
      <Icon name="chevron" size={14} />
    </button>
  );
}

/** What could not be checked, and why: never drawn like an answer. */
export function UncheckedCard({ finding, onEvidence }: Pick<Props, "finding" | "onEvidence">): ReactNode {
  return (
    <li data-testid="unchecked" data-status="not_evaluated" className="flex items-start gap-3 rounded-2xl border-2 border-dashed border-edge p-3.5">
      <span className="mt-0.5 grid size-6 shrink-0 place-items-center rounded-full border border-dashed border-edge text-warn">
        <Icon name="question" size={15} />
      </span>
      <div className="min-w-0 flex-1">
        <p className="break-words">
          <span className="font-semibold">Not checked, {kindWords(finding).toLowerCase()}: </span>
          {finding.text}
        </p>
        <Sources finding={finding} onEvidence={onEvidence} />
      </div>
    </li>
  );
}
