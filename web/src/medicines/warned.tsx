import { type ReactNode, useState } from "react";
import type { Check } from "../api/medications";
import type { Finding } from "../api/types";
import { EvidencePanel } from "../chat/evidence";
import { Button } from "../ui/button";
import { count, listOf } from "../ui/words";
import { grouped, unknownNames } from "./checks";
import { FindingCard, UncheckedCard } from "./finding-card";
import { WhyPath } from "./why-path";

interface Props {
  name: string;
  check: Check;
  busy: boolean;
  onBack: () => void;
  onKeep: () => void;
}

/** What speaks against a medicine before it is kept; whoever takes it already keeps it all the same. */
export function Warned({ name, check, busy, onBack, onKeep }: Props): ReactNode {
  const { unchecked, interrupting, others } = grouped(check.findings);
  const unknown = unknownNames(check.findings, [name]);
  const [evidence, setEvidence] = useState<Finding>();
  const [why, setWhy] = useState<Finding>();
  return (
    <div data-testid="warned" className="space-y-4">
      <p className="break-words font-medium">
        {name}
        {interrupting.length > 0 && `: ${count(interrupting.length, "warning")}`}
      </p>
      {unknown.length > 0 && (
        <div className="rounded-2xl bg-warn-soft p-4">
          <p className="font-semibold">The name is not known</p>
          <p className="break-words">
            {listOf(unknown.map((each) => `“${each}”`))} cannot be checked. Compare it with the pack. You can keep it all the same: it is listed, and stays unchecked.
          </p>
        </div>
      )}
      {interrupting.length > 0 && (
        <ul aria-label="What speaks against it" className="space-y-3">
          {interrupting.map((finding) => (
            <FindingCard key={finding.kind + finding.text} finding={finding} onEvidence={setEvidence} onWhy={setWhy} />
          ))}
        </ul>
      )}
      <Fold title="could not be checked" findings={unchecked.filter((finding) => unknownNames([finding], [name]).length === 0)}>
        {(finding) => <UncheckedCard key={finding.kind + finding.text} finding={finding} onEvidence={setEvidence} />}
      </Fold>
      <Fold title="more to know" findings={others}>
        {(finding) => <FindingCard key={finding.kind + finding.text} finding={finding} onEvidence={setEvidence} onWhy={setWhy} />}
      </Fold>
      <p className="break-words text-sm text-muted">
        {interrupting.length > 0 ? "If you take it already, keep it in the list and call your doctor or pharmacist today. Do not stop what was prescribed on your own." : "Keep it in the list if you take it."}
      </p>
      <div className="flex flex-wrap justify-end gap-2">
        <Button onClick={onBack}>Back</Button>
        <Button look={interrupting.length > 0 ? "danger" : "primary"} busy={busy} onClick={onKeep}>
          Keep it anyway
        </Button>
      </div>
      <EvidencePanel finding={evidence} onClose={() => setEvidence(undefined)} />
      <WhyPath finding={why} onClose={() => setWhy(undefined)} />
    </div>
  );
}

function Fold({ title, findings, children }: { title: string; findings: Finding[]; children: (finding: Finding) => ReactNode }): ReactNode {
  if (findings.length === 0) return null;
  return (
    <details>
      <summary className="min-h-9 py-1.5 text-sm font-medium text-muted hover:text-ink">{count(findings.length, "thing")} {title}</summary>
      <ul className="mt-2 space-y-3">{findings.map(children)}</ul>
    </details>
  );
}
