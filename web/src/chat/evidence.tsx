import { type ReactNode, useState } from "react";
import type { Evidence, Finding } from "../api/types";
import { type MeasuredRef, chartPlace, measuredRef } from "../health/measured-ref";
import { RecordDetail } from "../record/detail";
import { useWhose } from "../record/whose";
import { href } from "../router";
import { Sheet } from "../ui/dialog";
import { formatWhen } from "../ui/format";
import { Icon } from "../ui/icons";
import { begun } from "../ui/words";

/** The records and sources behind one finding, in a panel at the side. */
export function EvidencePanel({ finding, onClose }: { finding: Pick<Finding, "text" | "evidence"> | undefined; onClose: () => void }): ReactNode {
  return (
    <Sheet open={finding !== undefined} onClose={onClose} title="Where this comes from" testId="evidence-panel">
      {finding && (
        <>
          <p className="border-l-3 border-accent pl-3 text-muted">{finding.text}</p>
          {finding.evidence.map((evidence, index) =>
            finding.evidence.length > FEW ? (
              <Folded key={`${evidence.ref} ${index}`} evidence={evidence} />
            ) : (
              <section key={`${evidence.ref} ${index}`} aria-label={evidence.label} className="space-y-3 border-t border-line pt-5 first-of-type:border-0 first-of-type:pt-0">
                <Source evidence={evidence} />
              </section>
            ),
          )}
        </>
      )}
    </Sheet>
  );
}

/** Up to so many pieces of evidence are open at once. */
const FEW = 3;

function Folded({ evidence }: { evidence: Evidence }): ReactNode {
  const [open, setOpen] = useState(false);
  return (
    <details className="rounded-xl border border-line" onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary className="min-h-11 px-4 py-2.5 text-sm font-medium">{begun(evidence.label)}</summary>
      <div className="space-y-3 border-t border-line p-4">{open && <Source evidence={evidence} />}</div>
    </details>
  );
}

/** One piece of evidence: the record itself, or the source that knowledge comes from. */
export function Source({ evidence }: { evidence: Evidence }): ReactNode {
  const measured = evidence.kind === "record" ? measuredRef(evidence.ref) : undefined;
  if (measured) return <Measured evidence={evidence} measured={measured} />;
  if (evidence.kind === "record") return <RecordDetail reference={evidence.ref} citedVersion={evidence.version} label={evidence.label} />;
  const said = evidence.kind === "statement";
  return (
    <>
      <h3 className="flex items-center gap-2.5 font-semibold">
        <span className="text-accent">
          <Icon name={said ? "quote" : "book"} />
        </span>
        {begun(evidence.label)}
      </h3>
      <p className="text-sm text-muted">
        {said ? "You said this yourself." : "From VitaSense's collected medical knowledge."}
      </p>
      <dl className="grid grid-cols-[auto_1fr] gap-x-5 gap-y-1.5 text-sm">
        {!said && <Row name="Source" value={evidence.source ?? "Not stated"} />}
        {!said && <Row name="Edition" value={evidence.version} />}
        {!said && <Row name="Entry" value={evidence.ref} />}
        {evidence.at && <Row name="When" value={formatWhen(evidence.at)} />}
      </dl>
    </>
  );
}

/** What a device measured is no entry of the record: it is seen in its chart. */
function Measured({ evidence, measured }: { evidence: Evidence; measured: MeasuredRef }): ReactNode {
  const { base } = useWhose();
  return (
    <>
      <h3 className="flex items-center gap-2.5 font-semibold">
        <span className="text-accent">
          <Icon name={measured.at ? "device" : "chart"} />
        </span>
        {begun(evidence.label)}
      </h3>
      <p className="text-sm text-muted">
        {measured.at ? `Measured by a device, ${formatWhen(measured.at)}.` : "All that was measured of it, taken together."}
      </p>
      <a href={href(base + chartPlace(measured))} className="inline-flex min-h-9 items-center font-medium text-accent underline underline-offset-3">
        See the chart
      </a>
    </>
  );
}

const Row = ({ name, value }: { name: string; value: string }): ReactNode => (
  <>
    <dt className="text-muted">{name}</dt>
    <dd className="break-words">{value}</dd>
  </>
);
