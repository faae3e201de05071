import { type ReactNode, useState } from "react";
import type { Check, CheckedFinding } from "../api/medications";
import type { Finding } from "../api/types";
import { EvidencePanel } from "../chat/evidence";
import { Icon } from "../ui/icons";
import { Empty, Loading, ProblemNotice } from "../ui/notice";
import type { Loaded } from "../ui/use-load";
import { listOf } from "../ui/words";
import { Accept, Accepted } from "./accept";
import { type Groups, grouped, mayBeAccepted } from "./checks";
import { FindingCard, Sources, UncheckedCard } from "./finding-card";
import { WhyPath } from "./why-path";

interface Props {
  check: Loaded<Check>;
  onChanged: () => void;
}

/** The medicines held against each other and the person: first what could not be checked, then what interrupts. */
export function CheckPart({ check, onChanged }: Props): ReactNode {
  const { data, problem, loading, reload } = check;
  if (problem) return <ProblemNotice problem={problem} onRetry={reload} />;
  if (!data) return loading && <Loading label="Checking" />;
  if (data.checked.length === 0) return <Empty title="Nothing to check">No medicine is told of that is taken now.</Empty>;
  return (
    <div data-testid="check" className="space-y-8">
      <p className="break-words text-muted">Checked: {listOf(data.checked)}.</p>
      <Found findings={data.findings} onChanged={onChanged} />
    </div>
  );
}

function Found({ findings, onChanged }: { findings: CheckedFinding[]; onChanged: () => void }): ReactNode {
  const groups = grouped(findings);
  const [evidence, setEvidence] = useState<Finding>();
  const [why, setWhy] = useState<Finding>();
  const card = (finding: CheckedFinding, children?: ReactNode): ReactNode => (
    <FindingCard key={finding.kind + finding.text} finding={finding} onEvidence={setEvidence} onWhy={setWhy}>
      {children}
    </FindingCard>
  );
  return (
    <>
      <Group title="What could not be checked" findings={groups.unchecked}>
        {groups.unchecked.map((finding) => (
          <UncheckedCard key={finding.kind + finding.text} finding={finding} onEvidence={setEvidence} />
        ))}
      </Group>
      <Group title="Look at this before the next dose" findings={groups.interrupting}>
        {groups.interrupting.map((finding) => card(finding, mayBeAccepted(finding) && <Accept finding={finding} onChanged={onChanged} />))}
      </Group>
      <Group title="What else was found" findings={groups.others}>
        {groups.others.map((finding) => card(finding))}
      </Group>
      {isCalm(groups) && <p className="break-words">In what could be checked, nothing was found that has to be looked at. That does not rule out a problem.</p>}
      <div className="space-y-3">
        <Fold title="Accepted" findings={groups.accepted}>
          {groups.accepted.map((finding) => card(finding, <Accepted finding={finding} onChanged={onChanged} />))}
        </Fold>
        <Fold title="Smaller things" findings={groups.small}>
          {groups.small.map((finding) => card(finding))}
        </Fold>
        <Fold title="Looked for, and nothing found" findings={groups.absent}>
          {groups.absent.map((finding) => (
            <li key={finding.kind + finding.text} className="card px-5 py-3.5 text-sm">
              <p className="break-words">{finding.text}</p>
              <Sources finding={finding} onEvidence={setEvidence} />
            </li>
          ))}
        </Fold>
      </div>
      <EvidencePanel finding={evidence} onClose={() => setEvidence(undefined)} />
      <WhyPath finding={why} onClose={() => setWhy(undefined)} />
    </>
  );
}

const isCalm = ({ interrupting, others, accepted }: Groups): boolean => interrupting.length + others.length + accepted.length === 0;

interface GroupProps {
  title: string;
  findings: Finding[];
  children: ReactNode;
}

const Group = ({ title, findings, children }: GroupProps): ReactNode =>
  findings.length > 0 && (
    <section aria-label={title} className="space-y-3">
      <h2 className="title text-xl">{title}</h2>
      <ul className="space-y-3">{children}</ul>
    </section>
  );

/** What is listed and not shouted. */
const Fold = ({ title, findings, children }: GroupProps): ReactNode =>
  findings.length > 0 && (
    <details className="group">
      <summary className="inline-flex min-h-11 items-center gap-1.5 font-medium text-muted hover:text-ink">
        <span className="transition-transform group-open:rotate-90">
          <Icon name="chevron" size={16} />
        </span>
        {title} ({findings.length})
      </summary>
      <ul aria-label={title} className="mt-2 space-y-3">
        {children}
      </ul>
    </details>
  );
