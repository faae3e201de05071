import { type FormEvent, type ReactNode, useState } from "react";
import type { CheckedFinding } from "../api/medications";
import { besideFields } from "../api/problem";
import { useMayWrite } from "../providers/rights";
import { useApi } from "../session/session";
import { Button } from "../ui/button";
import { FormDialog } from "../ui/dialog";
import { Field } from "../ui/field";
import { formatWhen } from "../ui/format";
import { ProblemNotice } from "../ui/notice";
import { useToast } from "../ui/toast";
import { useAction } from "../ui/use-load";
import { newId, useMedicinePath } from "./calls";

interface Props {
  finding: CheckedFinding;
  onChanged: () => void;
}

const SHORTEST = 3;

/** Choosing to live with a finding, for a reason: it stays in the list and does not interrupt until something changes. */
export function Accept({ finding, onChanged }: Props): ReactNode {
  const mayWrite = useMayWrite();
  const [asking, setAsking] = useState(false);
  if (!mayWrite) return null;
  return (
    <>
      <Button small onClick={() => setAsking(true)} aria-label={`I know and accept this: ${finding.text}`}>
        I know and accept this
      </Button>
      {asking && <Reason finding={finding} onClose={() => setAsking(false)} onChanged={onChanged} />}
    </>
  );
}

function Reason({ finding, onClose, onChanged }: Props & { onClose: () => void }): ReactNode {
  const api = useApi();
  const toast = useToast();
  const path = useMedicinePath();
  const [id] = useState(newId);
  const [reason, setReason] = useState("");
  const { busy, problem, run } = useAction();
  const { errors, rest } = besideFields(problem, ["reason"]);
  const submit = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    if (busy || !(await run(() => api.post(path("/overrides"), { id, finding, reason: reason.trim() })))) return;
    toast("Kept: it stays in the list and does not interrupt");
    onClose();
    onChanged();
  };
  return (
    <FormDialog open onClose={onClose} title="I know and accept this">
      <form onSubmit={(event) => void submit(event)} className="space-y-4">
        <p className="border-l-3 border-danger pl-3 text-sm text-muted">{finding.text}</p>
        <p className="text-sm">Best after you spoke with a doctor or pharmacist. It speaks up again when a dose, a value or a medicine changes.</p>
        <ProblemNotice problem={rest} />
        <Field label="Why" required minLength={SHORTEST} maxLength={500} hint="“My doctor knows and checks my blood every month.”" error={errors.reason} value={reason} onChange={(event) => setReason(event.target.value)} />
        <div className="flex justify-end gap-2">
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" look="primary" busy={busy}>
            Accept
          </Button>
        </div>
      </form>
    </FormDialog>
  );
}

/** Why a finding is quiet, since when, and the way back. */
export function Accepted({ finding, onChanged }: Props): ReactNode {
  const api = useApi();
  const toast = useToast();
  const path = useMedicinePath();
  const mayWrite = useMayWrite();
  const { busy, problem, run } = useAction();
  const { override } = finding;
  if (!override) return null;
  const takeBack = async (): Promise<void> => {
    if (!(await run(() => api.json("DELETE", path(`/overrides/${override.id}`))))) return;
    toast("Taken back: it interrupts again");
    onChanged();
  };
  return (
    <div className="w-full space-y-2 rounded-xl bg-sunken px-4 py-2.5 text-sm">
      <p className="break-words">
        <span className="font-semibold">
          Accepted{override.actor_role === "provider" && " by a care provider"}, {formatWhen(override.at)}:{" "}
        </span>
        {override.reason}
      </p>
      <ProblemNotice problem={problem} />
      {mayWrite && (
        <Button small busy={busy} onClick={() => void takeBack()} aria-label={`Take back that it is accepted: ${finding.text}`}>
          Take back
        </Button>
      )}
    </div>
  );
}
