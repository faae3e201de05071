import { type FormEvent, type ReactNode, useState } from "react";
import { query } from "../api/client";
import type { Goal } from "../api/tracking";
import { useWhose } from "../record/whose";
import { useApi } from "../session/session";
import { Button } from "../ui/button";
import { FormDialog } from "../ui/dialog";
import { Field } from "../ui/field";
import { Loading, Note, ProblemNotice } from "../ui/notice";
import { Select } from "../ui/select";
import { useToast } from "../ui/toast";
import { humanUnit } from "../ui/units";
import { useAction } from "../ui/use-load";
import { begun } from "../ui/words";
import { useMeasurements } from "./metrics";

interface Props {
  onClose: () => void;
  onSet: () => void;
}

/** What people set goals for, also before anything was measured; codes and units as tracking knows them. */
const USUAL = [
  { metric: "55423-8", name: "steps", unit: "{steps}" },
  { metric: "55411-3", name: "exercise duration", unit: "min" },
  { metric: "93832-4", name: "sleep duration", unit: "h" },
  { metric: "29463-7", name: "body weight", unit: "kg" },
  { metric: "8480-6", name: "systolic blood pressure", unit: "mm[Hg]" },
];

/** Sets one goal. */
export function GoalForm({ onClose, onSet }: Props): ReactNode {
  const { data, loading } = useMeasurements();
  const known = (data ?? []).flatMap(({ metric, name, unit }) => (unit ? [{ metric, name, unit }] : []));
  const offered = [...USUAL, ...known.filter(({ metric }) => !USUAL.some((usual) => usual.metric === metric))];
  return (
    <FormDialog open onClose={onClose} title="Set a goal">
      {loading ? <Loading /> : <Form offered={offered} onClose={onClose} onSet={onSet} />}
    </FormDialog>
  );
}

function Form({ offered, onClose, onSet }: Props & { offered: typeof USUAL }): ReactNode {
  const api = useApi();
  const toast = useToast();
  const { patientId } = useWhose();
  const [form, setForm] = useState({ metric: offered[0]!.metric, direction: "at_least", target: "", per: "day" });
  const [notes, setNotes] = useState<string[]>();
  const { busy, problem, run } = useAction();
  const set = (part: Partial<typeof form>): void => setForm({ ...form, ...part });
  const { unit } = offered.find(({ metric }) => metric === form.metric)!;
  const submit = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    const goal = { ...form, unit, target: Number(form.target) };
    if (busy) return;
    let made: Goal | undefined;
    if (!(await run(async () => (made = await api.post<Goal>(`/v1/goals${query({ patient_id: patientId })}`, goal))))) return;
    toast(patientId ? "Goal suggested to the patient" : "Goal set");
    onSet();
    if (made?.notes.length) setNotes(made.notes);
    else onClose();
  };
  if (notes) {
    return (
      <div className="space-y-4">
        <Note title="The goal is set">
          {notes.map((words) => (
            <p key={words}>{words}</p>
          ))}
        </Note>
        <div className="flex justify-end">
          <Button onClick={onClose}>Close</Button>
        </div>
      </div>
    );
  }
  return (
    <form onSubmit={(event) => void submit(event)} className="space-y-4">
      <ProblemNotice problem={problem} />
      <Select label="What" value={form.metric} onChange={(metric) => set({ metric })}>
        {offered.map(({ metric, name }) => (
          <option key={metric} value={metric}>
            {begun(name)}
          </option>
        ))}
      </Select>
      <div className="grid grid-cols-2 gap-3">
        <Select label="How much" value={form.direction} onChange={(direction) => set({ direction })}>
          <option value="at_least">At least</option>
          <option value="at_most">At most</option>
        </Select>
        <Field label={`Target${humanUnit(unit) ? ` (${humanUnit(unit)})` : ""}`} type="number" step="any" required value={form.target} onChange={(event) => set({ target: event.target.value })} />
      </div>
      <Select label="Per" value={form.per} onChange={(per) => set({ per })}>
        <option value="day">Day</option>
        <option value="week">Week</option>
        <option value="reading">Each reading</option>
      </Select>
      <div className="flex justify-end gap-2">
        <Button onClick={onClose}>Cancel</Button>
        <Button type="submit" look="primary" busy={busy}>
          Set the goal
        </Button>
      </div>
    </form>
  );
}
