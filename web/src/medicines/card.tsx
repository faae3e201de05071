import { type ReactNode, useState } from "react";
import type { Medicine } from "../api/medications";
import { EvidencePanel } from "../chat/evidence";
import { useMayWrite } from "../providers/rights";
import { Button } from "../ui/button";
import { Icon } from "../ui/icons";
import { begun, listOf } from "../ui/words";
import { type ChangeName, ChangeDialog } from "./change";
import { Due } from "./due";
import { More } from "./more";
import { isOver, orderedWords, stateWords, unknownParts } from "./words";

interface Props {
  medicine: Medicine;
  onChanged: () => void;
}

/** One medicine: how it is taken, what is due today, and everything else folded. */
export function MedicineCard({ medicine, onChanged }: Props): ReactNode {
  const [doses, setDoses] = useState(0);
  const [evidence, setEvidence] = useState<{ text: string; evidence: Medicine["evidence"] }>();
  const { name, state, state_reason, directions } = medicine;
  const ordered = orderedWords(medicine);
  const unknown = unknownParts(medicine);
  return (
    <li data-testid="medicine" data-state={state} className={`card space-y-4 p-5 ${isOver(state) ? "border-dashed" : ""}`}>
      <div className="grid items-start gap-x-8 gap-y-4 wide:grid-cols-[minmax(0,1fr)_21rem]">
        <div className="flex min-w-0 items-start gap-3">
          <span className="mt-0.5 text-accent">
            <Icon name={state === "paused" ? "pause" : "pill"} size={24} />
          </span>
          <div className="min-w-0 space-y-1">
            <h2 className="break-words text-lg font-semibold">{begun(name)}</h2>
            <p className="break-words">{directions ?? <span className="text-muted">How it is taken is not told.</span>}</p>
            <p className="break-words text-sm text-muted">
              {stateWords(medicine)}
              {state_reason && `: ${state_reason}`}
            </p>
            {ordered && <p className="break-words text-sm text-muted">{ordered}</p>}
            <Moves medicine={medicine} onChanged={onChanged}>
              <button
                type="button"
                aria-label={`Where this comes from: ${name}`}
                onClick={() => setEvidence({ text: name, evidence: medicine.evidence })}
                className="inline-flex min-h-9 items-center gap-1.5 rounded-full px-2 text-sm font-medium text-accent hover:bg-accent-soft"
              >
                Where this comes from
                <Icon name="chevron" size={14} />
              </button>
            </Moves>
          </div>
        </div>
        {(state === "taking" || state === "unclear") && <Due medicine={medicine} onChanged={() => setDoses(doses + 1)} />}
      </div>
      {unknown.length > 0 && (
        <Warn title="Not known">
          {listOf(unknown)} {unknown.length === 1 ? "is" : "are"} in no list that is known here, so nothing can be checked. Compare the name with the pack.
        </Warn>
      )}
      {medicine.disagreements.map((each) => (
        <Warn key={each.text} title="The record says two things">
          {each.text}{" "}
          <button type="button" aria-label={`Show the entries that disagree: ${name}`} onClick={() => setEvidence(each)} className="font-medium text-accent underline underline-offset-3">
            Show the entries
          </button>
        </Warn>
      ))}
      <More medicine={medicine} round={doses} />
      <EvidencePanel finding={evidence} onClose={() => setEvidence(undefined)} />
    </li>
  );
}

const Warn = ({ title, children }: { title: string; children: ReactNode }): ReactNode => (
  <p className="break-words rounded-xl bg-warn-soft px-4 py-2.5 text-sm">
    <span className="font-semibold">{title}: </span>
    {children}
  </p>
);

const MOVES: { name: ChangeName; label: string; fits: (state: Medicine["state"]) => boolean }[] = [
  { name: "dose", label: "Change", fits: (state) => !isOver(state) },
  { name: "pause", label: "Pause", fits: (state) => state === "taking" || state === "unclear" },
  { name: "resume", label: "Take again", fits: (state) => state === "paused" || isOver(state) },
  { name: "stop", label: "Stop", fits: (state) => !isOver(state) },
];

function Moves({ medicine, onChanged, children }: Props & { children: ReactNode }): ReactNode {
  const mayWrite = useMayWrite();
  const [asking, setAsking] = useState<ChangeName>();
  const moves = mayWrite ? MOVES.filter(({ fits }) => fits(medicine.state)) : [];
  return (
    <div className={`flex flex-wrap items-center gap-2 ${moves.length > 0 ? "pt-2" : "-ml-2"}`}>
      {moves.map(({ name, label }) => (
        <Button key={name} small onClick={() => setAsking(name)} aria-label={`${label}: ${medicine.name}`}>
          {label}
        </Button>
      ))}
      {children}
      {asking && <ChangeDialog name={asking} medicine={medicine} onClose={() => setAsking(undefined)} onChanged={onChanged} />}
    </div>
  );
}
