import type { ReactNode } from "react";
import type { Finding } from "../api/types";
import { Icon } from "../ui/icons";
import { begun } from "../ui/words";
import { isSaid } from "./match";

interface Props {
  findings: Finding[];
  reply: string;
  onEvidence: (index: number) => void;
}

/** What an answer rests on, folded up. What could not be checked is always in view and never looks like an answer. */
export function Findings({ findings, reply, onEvidence }: Props): ReactNode {
  const all = findings.map((finding, index) => ({ finding, index }));
  const unchecked = all.filter(({ finding }) => finding.status === "not_evaluated");
  const checked = all.filter(({ finding }) => finding.status !== "not_evaluated");
  return (
    <>
      {unchecked.map(({ finding, index }) => (
        <Unchecked key={index} finding={finding} said={isSaid(finding, reply)} number={index + 1} onEvidence={() => onEvidence(index)} />
      ))}
      {checked.length > 0 && (
        <details data-testid="findings" className="group">
          <summary className="inline-flex min-h-9 items-center gap-1 text-sm font-medium text-muted hover:text-ink">
            <span className="transition-transform group-open:rotate-90">
              <Icon name="chevron" size={14} />
            </span>
            What this rests on ({checked.length})
          </summary>
          <ol aria-label="What this answer rests on" className="card mt-1 divide-y divide-line px-4">
            {checked.map(({ finding, index }) => (
              <Row key={index} finding={finding} said={isSaid(finding, reply)} number={index + 1} onEvidence={() => onEvidence(index)} />
            ))}
          </ol>
        </details>
      )}
    </>
  );
}

interface OneProps {
  finding: Finding;
  /** The reply says it already: it is not said twice. */
  said: boolean;
  number: number;
  onEvidence: () => void;
}

function Row({ finding, said, number, onEvidence }: OneProps): ReactNode {
  return (
    <li data-testid="finding" data-status={finding.status} className="flex items-start gap-3 py-2">
      <span aria-hidden="true" className="mt-1.5 grid h-6 min-w-6 place-items-center rounded-full bg-accent-soft px-1.5 text-xs font-semibold text-accent">
        {number}
      </span>
      <div className="min-w-0 flex-1">
        {!said && <p className="break-words py-1">{finding.text}</p>}
        {finding.status === "not_found" && <p className="pt-1 text-sm text-muted">Looked for, and nothing was found</p>}
        <EvidenceLink finding={finding} number={number} onEvidence={onEvidence} />
        {said && finding.evidence.length === 0 && <p className="py-1.5 text-sm text-muted">{finding.text}</p>}
      </div>
    </li>
  );
}

const aboutWords = (kind: string): string =>
  kind === "access.refused" ? "Not opened" : kind.endsWith(".declined") ? "Not done" : "Not checked";

function Unchecked({ finding, said, number, onEvidence }: OneProps): ReactNode {
  return (
    <article
      data-testid="finding"
      data-status={finding.status}
      className="flex items-start gap-3 rounded-2xl border-2 border-dashed border-edge p-3.5"
    >
      <span className="mt-0.5 grid size-6 shrink-0 place-items-center rounded-full border border-dashed border-edge text-warn">
        <Icon name="question" size={15} />
      </span>
      <div className="min-w-0 flex-1 space-y-1">
        <p className="break-words">
          <span className="font-semibold">{aboutWords(finding.kind)}: </span>
          {finding.reason ?? finding.text}
        </p>
        {!said && finding.reason && finding.text !== finding.reason && <p className="text-sm text-muted">{finding.text}</p>}
        <EvidenceLink finding={finding} number={number} onEvidence={onEvidence} />
      </div>
    </article>
  );
}

function EvidenceLink({ finding, number, onEvidence }: Omit<OneProps, "said">): ReactNode {
  if (finding.evidence.length === 0) return null;
  return (
    <button
      type="button"
      data-testid="evidence-button"
      onClick={onEvidence}
      className="-ml-2 inline-flex min-h-9 max-w-full items-center gap-1.5 rounded-full px-2 text-left text-sm font-medium text-accent hover:bg-accent-soft"
    >
      <span className="sr-only">Evidence {number}: </span>
      <span className="truncate">{evidenceWords(finding)}</span>
      <Icon name="chevron" size={14} />
    </button>
  );
}

const evidenceWords = ({ evidence }: Finding): string => {
  const label = begun(evidence[0]?.label ?? "See the record");
  return evidence.length > 1 ? `${label} and ${evidence.length - 1} more` : label;
};
