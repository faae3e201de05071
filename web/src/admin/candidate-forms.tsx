import { type FormEvent, type ReactNode, useState } from "react";
import { besideFields } from "../api/problem";
import type { Candidate } from "../api/review";
import { Button } from "../ui/button";
import { FormDialog } from "../ui/dialog";
import { Field } from "../ui/field";
import { ProblemNotice } from "../ui/notice";
import { Select } from "../ui/select";
import { useDecision } from "./candidate-card";
import { SEVERITY, changesOf, formOf, isRated } from "./candidates";

interface Props {
  candidate: Candidate;
  onClose: () => void;
  onDecided: (now: Candidate) => void;
}

const LONGEST = 1000;

/** Mends what was read and accepts it; what was read stays beside it. */
export function EditCandidate({ candidate, onClose, onDecided }: Props): ReactNode {
  const [form, setForm] = useState(() => formOf(candidate));
  const { busy, problem, decide } = useDecision(candidate, onDecided);
  const { errors, rest } = besideFields(problem, ["source", "target", "severity", "what", "advice"]);
  const set = (part: Partial<typeof form>): void => setForm({ ...form, ...part });
  const submit = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    if (await decide("edit", changesOf(form, candidate), "Accepted with changes")) onClose();
  };
  return (
    <FormDialog open onClose={onClose} title="Edit and accept">
      <form onSubmit={(event) => void submit(event)} className="space-y-4">
        <p className="whitespace-pre-line break-words border-l-3 border-accent pl-3 text-sm text-muted">{candidate.sentence}</p>
        <ProblemNotice problem={rest} />
        <Field label="What" required maxLength={400} error={errors.source} value={form.source} onChange={(event) => set({ source: event.target.value })} />
        <Field label="With what" required maxLength={400} error={errors.target} value={form.target} onChange={(event) => set({ target: event.target.value })} />
        {isRated(candidate) && (
          <>
            <Select label="Severity" value={form.severity} onChange={(severity) => set({ severity })}>
              {form.severity === "" && <option value="">Not said</option>}
              {Object.entries(SEVERITY).map(([value, words]) => (
                <option key={value} value={value}>
                  {words}
                </option>
              ))}
            </Select>
            <Field label="What happens" maxLength={LONGEST} error={errors.what} value={form.what} onChange={(event) => set({ what: event.target.value })} />
            <Field label="Advice" maxLength={LONGEST} error={errors.advice} value={form.advice} onChange={(event) => set({ advice: event.target.value })} />
          </>
        )}
        <div className="flex justify-end gap-2">
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" look="primary" busy={busy}>
            Accept with changes
          </Button>
        </div>
      </form>
    </FormDialog>
  );
}

/** Refuses it, for a reason; an edge that came of it is taken out again. */
export function RefuseCandidate({ candidate, onClose, onDecided }: Props): ReactNode {
  const [reason, setReason] = useState("");
  const { busy, problem, decide } = useDecision(candidate, onDecided);
  const { errors, rest } = besideFields(problem, ["reason"]);
  const submit = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    if (await decide("refuse", { reason: reason.trim() }, "Refused")) onClose();
  };
  return (
    <FormDialog open onClose={onClose} title="Refuse">
      <form onSubmit={(event) => void submit(event)} className="space-y-4">
        <p className="whitespace-pre-line break-words border-l-3 border-accent pl-3 text-sm text-muted">{candidate.sentence}</p>
        <ProblemNotice problem={rest} />
        <Field label="Why" required maxLength={LONGEST} hint="“The sentence is about a test tube.”" error={errors.reason} value={reason} onChange={(event) => setReason(event.target.value)} />
        <div className="flex justify-end gap-2">
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" look="primary" busy={busy}>
            Refuse
          </Button>
        </div>
      </form>
    </FormDialog>
  );
}
