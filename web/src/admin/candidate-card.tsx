import { type ReactNode, useState } from "react";
import type { Candidate } from "../api/review";
import { EvidencePanel } from "../chat/evidence";
import { useApi } from "../session/session";
import { Button } from "../ui/button";
import { Icon } from "../ui/icons";
import { ProblemNotice } from "../ui/notice";
import { useToast } from "../ui/toast";
import { useAction } from "../ui/use-load";
import { begun } from "../ui/words";
import { EditCandidate, RefuseCandidate } from "./candidate-forms";
import { SEVERITY, STATE, marked, mayBeAccepted, standingWords } from "./candidates";

interface Props {
  candidate: Candidate;
  /** Told with the candidate as it is now. */
  onDecided: (now: Candidate) => void;
}

/** A sentence of a document, the edge that it would become, and what can be decided. */
export function CandidateCard({ candidate, onDecided }: Props): ReactNode {
  const [known, setKnown] = useState(false);
  const { draft, edited, section, material, confidence, denied, state, reason, in_force } = candidate;
  const edge = edited ?? draft;
  return (
    <li data-testid="candidate" data-state={state} className="card space-y-3 p-5">
      <p className="break-words text-sm text-muted">
        {material}
        {section && `, ${section}`} · {Math.round(confidence * 100)}% sure
      </p>
      <blockquote className="whitespace-pre-line break-words border-l-3 border-accent pl-3">
        {marked(candidate).map(({ text, marked: isNamed }, index) =>
          isNamed ? (
            <mark key={index} className="rounded bg-accent-soft px-0.5 font-semibold text-ink">
              {text}
            </mark>
          ) : (
            text
          ),
        )}
      </blockquote>
      <div className="space-y-1">
        <h2 className="break-words font-semibold">{begun(edge.says)}</h2>
        <p className="break-words text-sm">
          {edge.severity ? `Severity: ${SEVERITY[edge.severity].toLowerCase()}. ` : edge.what ? "No severity yet. " : ""}
          {edge.advice}
        </p>
        {denied && <p className="text-sm font-medium text-warn">The sentence says that nothing happens: no edge can come of it.</p>}
        <p className="flex flex-wrap items-center gap-x-2 text-sm text-muted">
          {standingWords(candidate)}
          {candidate.known.evidence.length > 0 && (
            <button type="button" aria-label={`What is known: ${edge.says}`} onClick={() => setKnown(true)} className="inline-flex min-h-9 items-center gap-1 font-medium text-accent underline underline-offset-3">
              What is known
            </button>
          )}
        </p>
      </div>
      {state !== "proposed" && (
        <p className="flex items-start gap-2 text-sm">
          <Icon name={state === "refused" ? "none" : "check"} size={18} />
          <span className="min-w-0 break-words">
            <span className="font-semibold">{STATE[state]}</span>
            {reason && `: ${reason}`}
            {state !== "refused" && !in_force && ", and does not count now"}
          </span>
        </p>
      )}
      <Decisions candidate={candidate} onDecided={onDecided} />
      <EvidencePanel finding={known ? { text: edge.says, evidence: candidate.known.evidence } : undefined} onClose={() => setKnown(false)} />
    </li>
  );
}

function Decisions({ candidate, onDecided }: Props): ReactNode {
  const [asking, setAsking] = useState<"edit" | "refuse">();
  const { busy, problem, decide } = useDecision(candidate, onDecided);
  const { state, draft, denied, in_force } = candidate;
  const close = (): void => setAsking(undefined);
  return (
    <>
      <ProblemNotice problem={problem} />
      <div className="flex flex-wrap gap-2">
        {mayBeAccepted(candidate) && !(state === "accepted" && in_force) && (
          <Button small look="primary" busy={busy} onClick={() => void decide("accept", {}, "Accepted")} aria-label={`Accept: ${draft.says}`}>
            Accept
          </Button>
        )}
        {!denied && (
          <Button small onClick={() => setAsking("edit")} aria-label={`Edit: ${draft.says}`}>
            Edit
          </Button>
        )}
        {state !== "refused" && (
          <Button small onClick={() => setAsking("refuse")} aria-label={`Refuse: ${draft.says}`}>
            Refuse
          </Button>
        )}
      </div>
      {asking === "edit" && <EditCandidate candidate={candidate} onClose={close} onDecided={onDecided} />}
      {asking === "refuse" && <RefuseCandidate candidate={candidate} onClose={close} onDecided={onDecided} />}
    </>
  );
}

/** Sends one decision on the version that was seen. */
export function useDecision(candidate: Candidate, onDecided: (now: Candidate) => void) {
  const api = useApi();
  const toast = useToast();
  const { busy, problem, run } = useAction();
  const decide = async (how: "accept" | "edit" | "refuse", body: object, words: string): Promise<boolean> => {
    if (busy) return false;
    let now: Candidate | undefined;
    const path = `/v1/knowledge/candidates/${candidate.id}/${how}`;
    const done = await run(async () => (now = await api.post<Candidate>(path, { version: candidate.version, ...body })));
    if (!done || !now) return false;
    toast(words);
    onDecided(now);
    return true;
  };
  return { busy, problem, decide };
}
