import { type ReactNode, useState } from "react";
import type { Check, CheckedFinding } from "../api/medications";
import type { Finding } from "../api/types";
import { EvidencePanel } from "../chat/evidence";
import { Button } from "../ui/button";
import { count, listOf } from "../ui/words";
import { grouped, heldUp, isReadAs, meantNames, unknownNames } from "./checks";
import { FindingCard, UncheckedCard } from "./finding-card";
import { WhyPath } from "./why-path";

interface Props {
  name: string;
  check: Check;
  busy: boolean;
  onBack: () => void;
  onKeep: () => void;
  /** Another name was meant: it is checked in place of this one. */
  onMeant: (name: string) => void;
}

/** What speaks against a medicine before it is kept, its name as well; whoever takes it already keeps it all the same. */
export function Warned({ name, check, busy, onBack, onKeep, onMeant }: Props): ReactNode {
  const { unchecked, interrupting, others } = grouped(check.findings);
  const isCalm = !heldUp(check.findings, name);
  const meant = [...new Set(check.findings.flatMap((finding) => meantNames(finding, name)))];
  const [evidence, setEvidence] = useState<Finding>();
  const [why, setWhy] = useState<Finding>();
  return (
    <div data-testid="warned" className="space-y-4">
      <p role="status" className="break-words font-medium">
        {name}
        {interrupting.length > 0 && `: ${count(interrupting.length, "warning")}`}
      </p>
      <Doubt name={name} findings={check.findings} meant={meant} busy={busy} onMeant={onMeant} />
      {isCalm && <p className="break-words">In what could be checked, nothing was found that has to be looked at first. That does not rule out a problem.</p>}
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
      <Fold title="more to know" findings={others.filter((finding) => !isReadAs(finding, name))}>
        {(finding) => <FindingCard key={finding.kind + finding.text} finding={finding} onEvidence={setEvidence} onWhy={setWhy} />}
      </Fold>
      <p className="break-words text-sm text-muted">
        {interrupting.length > 0 ? "If you take it already, keep it in the list and call your doctor or pharmacist today. Do not stop what was prescribed on your own." : "Keep it in the list if you take it."}
      </p>
      <div className="flex flex-wrap justify-end gap-2">
        <Button onClick={onBack}>Back</Button>
        <Button look={interrupting.length > 0 ? "danger" : meant.length > 0 ? "plain" : "primary"} busy={busy} onClick={onKeep}>
          {isCalm ? "Add" : "Keep it anyway"}
        </Button>
      </div>
      <EvidencePanel finding={evidence} onClose={() => setEvidence(undefined)} />
      <WhyPath finding={why} onClose={() => setWhy(undefined)} />
    </div>
  );
}

interface DoubtProps extends Pick<Props, "name" | "busy" | "onMeant"> {
  findings: Finding[];
  meant: string[];
}

/** That nobody knows the name, or that it was read as another one, with those that may be meant; nothing for a name that is known. */
function Doubt({ name, findings, meant, busy, onMeant }: DoubtProps): ReactNode {
  const unknown = unknownNames(findings, [name]);
  const readAs = findings.find((finding) => isReadAs(finding, name));
  if (unknown.length === 0 && !readAs) return null;
  return (
    <section aria-label="The name" className="space-y-3 rounded-2xl bg-warn-soft p-4">
      <div>
        <p className="font-semibold">{readAs ? "The name may be misspelt" : "The name is not known"}</p>
        <p className="break-words">
          {readAs
            ? `${readAs.text} Compare it with the pack.`
            : `${listOf(unknown.map((each) => `“${each}”`))} cannot be checked. Compare it with the pack. You can keep it all the same: it is listed, and stays unchecked.`}
        </p>
      </div>
      {meant.length > 0 && (
        <ul aria-label="What may be meant" className="flex flex-wrap gap-2">
          {meant.map((each) => (
            <li key={each} className="min-w-0">
              <Button small busy={busy} onClick={() => onMeant(each)} className="max-w-full break-words text-left">
                Did you mean {each}?
              </Button>
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}

interface FoldProps {
  title: string;
  findings: CheckedFinding[];
  children: (finding: CheckedFinding) => ReactNode;
}

function Fold({ title, findings, children }: FoldProps): ReactNode {
  if (findings.length === 0) return null;
  return (
    <details>
      <summary className="min-h-9 py-1.5 text-sm font-medium text-muted hover:text-ink">{count(findings.length, "thing")} {title}</summary>
      <ul className="mt-2 space-y-3">{findings.map(children)}</ul>
    </details>
  );
}
