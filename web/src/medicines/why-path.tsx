import { type ReactNode, useState } from "react";
import { query } from "../api/client";
import type { Path } from "../api/medications";
import type { Finding } from "../api/types";
import { Source } from "../chat/evidence";
import { Unevaluated } from "../health/unevaluated";
import { useApi } from "../session/session";
import { Sheet } from "../ui/dialog";
import { Loading, ProblemNotice } from "../ui/notice";
import { useLoad } from "../ui/use-load";
import { begun } from "../ui/words";
import { isInferred, pairsOf, stepsOf } from "./checks";

/** How the medicines of a finding hang together, step by step, each with its source. */
export function WhyPath({ finding, onClose }: { finding: Finding | undefined; onClose: () => void }): ReactNode {
  return (
    <Sheet open={finding !== undefined} onClose={onClose} title="Why?" testId="path-panel">
      {finding && (
        <>
          <p className="border-l-3 border-accent pl-3 text-muted">{finding.text}</p>
          {pairsOf(finding).map(([one, two]) => (
            <Pair key={`${one}\n${two}`} one={one} two={two} told={finding.text} />
          ))}
        </>
      )}
    </Sheet>
  );
}

function Pair({ one, two, told }: { one: string; two: string; told: string }): ReactNode {
  const api = useApi();
  const { data, problem, loading, reload } = useLoad((signal) => api.get<Path>(`/v1/knowledge/path${query({ from: one, to: two })}`, signal), `${one}\n${two}`);
  return (
    <section aria-label={`${begun(one)} and ${two}`} className="space-y-4 border-t border-line pt-5">
      <h3 className="title text-xl">
        {begun(one)} and {two}
      </h3>
      {loading && <Loading label="Looking for the path" />}
      <ProblemNotice problem={problem} onRetry={reload} />
      {data && (
        <ol className="space-y-4">
          {stepsOf(data, told).map((step, index) => (
            <Step key={index} step={step} />
          ))}
        </ol>
      )}
    </section>
  );
}

function Step({ step }: { step: Finding }): ReactNode {
  if (step.status === "not_evaluated") {
    return (
      <li>
        <Unevaluated reason={step.text} />
      </li>
    );
  }
  return (
    <li data-testid="path-step" className="space-y-2">
      <p className="break-words">{step.text}</p>
      {isInferred(step) && <p className="text-sm font-medium text-warn">Worked out, not documented as such.</p>}
      {step.evidence.map((evidence, index) => (
        <Folded key={index} label={evidence.label}>
          <Source evidence={evidence} />
        </Folded>
      ))}
    </li>
  );
}

function Folded({ label, children }: { label: string; children: ReactNode }): ReactNode {
  const [open, setOpen] = useState(false);
  return (
    <details className="rounded-xl border border-line" onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary className="min-h-11 px-4 py-2.5 text-sm font-medium">{begun(label)}</summary>
      <div className="space-y-3 border-t border-line p-4">{open && children}</div>
    </details>
  );
}
