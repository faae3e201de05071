import { type ReactNode, useState } from "react";
import type { Finding, Status, Value } from "../api/types";
import { Button } from "../ui/button";
import { formatQuantity, formatWhen } from "../ui/format";
import { Icon, type IconName } from "../ui/icons";
import { plain } from "../ui/words";

const SHOWN = 4;
const STATUS: Record<Status, { word: string; icon: IconName; look: string }> = {
  found: { word: "Found", icon: "check", look: "bg-accent-soft text-accent" },
  not_found: { word: "Nothing found", icon: "none", look: "bg-sunken text-muted" },
  not_evaluated: { word: "Not checked", icon: "question", look: "border border-dashed border-edge text-warn" },
};

interface Props {
  findings: Finding[];
  onEvidence: (index: number) => void;
}

/** What an answer rests on. What could not be checked is always in view and never looks like an answer. */
export function Findings({ findings, onEvidence }: Props): ReactNode {
  const [all, setAll] = useState(false);
  if (findings.length === 0) return null;
  const hidden = (finding: Finding, index: number): boolean =>
    !all && index >= SHOWN && finding.status !== "not_evaluated" && findings.length > SHOWN + 1;
  const missing = findings.filter(hidden).length;
  return (
    <div className="space-y-2.5">
      <p aria-hidden="true" className="text-sm font-medium text-muted">
        What this answer rests on
      </p>
      <ol aria-label="What this answer rests on" className="space-y-2.5">
        {findings.map((finding, index) =>
          hidden(finding, index) ? null : (
            <li key={index}>
              <FindingCard finding={finding} number={index + 1} onEvidence={() => onEvidence(index)} />
            </li>
          ),
        )}
      </ol>
      {missing > 0 && (
        <Button small look="quiet" onClick={() => setAll(true)}>
          Show {missing} more
        </Button>
      )}
    </div>
  );
}

function FindingCard({ finding, number, onEvidence }: { finding: Finding; number: number; onEvidence: () => void }): ReactNode {
  const { word, icon, look } = STATUS[finding.status];
  const unchecked = finding.status === "not_evaluated";
  return (
    <article
      data-testid="finding"
      data-status={finding.status}
      className={`rounded-2xl p-3.5 ${unchecked ? "border-2 border-dashed border-edge" : "card"}`}
    >
      <div className="flex items-start gap-3">
        <span className={`mt-0.5 grid size-6 shrink-0 place-items-center rounded-full ${look}`}>
          <Icon name={icon} size={15} />
        </span>
        <div className="min-w-0 flex-1 space-y-2">
          <p className="break-words">
            <span className={finding.status === "found" ? "sr-only" : "font-semibold"}>{word}: </span>
            {unchecked ? (finding.reason ?? finding.text) : finding.text}
          </p>
          {unchecked && finding.reason && finding.text !== finding.reason && <p className="text-sm text-muted">{finding.text}</p>}
          {!unchecked && <Values values={finding.values} />}
          {finding.evidence.length > 0 && (
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
          )}
        </div>
      </div>
    </article>
  );
}

const evidenceWords = ({ evidence }: Finding): string => {
  const label = evidence[0]?.label ?? "See the record";
  return evidence.length > 1 ? `${label} and ${evidence.length - 1} more` : label;
};

function Values({ values }: { values: Value[] }): ReactNode {
  if (values.length === 0) return null;
  const times = new Set(values.map((value) => value.at));
  return (
    <dl className="flex flex-wrap gap-x-7 gap-y-2">
      {values.slice(0, 12).map((value, index) => (
        <div key={index}>
          <dt className="text-xs text-muted">
            {plain(value.name)}
            {value.at && times.size > 1 && <span> · {formatWhen(value.at)}</span>}
          </dt>
          <dd className="font-semibold tabular-nums">
            {value.number === null || value.number === undefined ? value.text : formatQuantity(value.number, value.unit)}
          </dd>
        </div>
      ))}
    </dl>
  );
}
