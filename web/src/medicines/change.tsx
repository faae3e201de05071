import { type FormEvent, type ReactNode, useState } from "react";
import { besideFields } from "../api/problem";
import type { Medicine } from "../api/medications";
import { useApi } from "../session/session";
import { Button } from "../ui/button";
import { FormDialog } from "../ui/dialog";
import { Field } from "../ui/field";
import { ProblemNotice } from "../ui/notice";
import { useToast } from "../ui/toast";
import { useAction } from "../ui/use-load";
import { useMedicinePath } from "./calls";
import { dayOf } from "./words";

export type ChangeName = "dose" | "pause" | "resume" | "stop";
type FieldName = "directions" | "reason" | "on";

interface Shape {
  title: string;
  lead?: string;
  fields: { name: FieldName; label: string; hint?: string; required?: boolean }[];
  yes: string;
  done: string;
}

const SHAPE: Record<ChangeName, Shape> = {
  dose: {
    title: "Change how it is taken",
    lead: "Write down what was agreed with who prescribed it.",
    fields: [
      { name: "directions", label: "Directions", hint: "As you would say it: “1 tablet twice a day with food”.", required: true },
      { name: "on", label: "From" },
    ],
    yes: "Keep",
    done: "Directions changed",
  },
  pause: {
    title: "Pause it",
    lead: "It is not taken for a while. Nothing is due until it is taken again.",
    fields: [{ name: "reason", label: "Why", hint: "In a few words; may be left empty." }],
    yes: "Pause",
    done: "Paused",
  },
  resume: {
    title: "Take it again",
    fields: [{ name: "on", label: "From" }],
    yes: "Take again",
    done: "Taken again",
  },
  stop: {
    title: "Stop it",
    lead: "This only writes it down. Ask who prescribed it first: some medicines must be stopped slowly.",
    fields: [
      { name: "reason", label: "Why", hint: "In a few words, so that it can be read later.", required: true },
      { name: "on", label: "Last day" },
    ],
    yes: "Stop",
    done: "Stopped",
  },
};

interface Props {
  name: ChangeName;
  medicine: Medicine;
  onClose: () => void;
  onChanged: () => void;
}

const CONFLICT = 409;

/** Asks for what a change needs, and makes it. What came from elsewhere stays. */
export function ChangeDialog({ name, medicine, onClose, onChanged }: Props): ReactNode {
  const api = useApi();
  const toast = useToast();
  const path = useMedicinePath();
  const { title, lead, fields, yes, done } = SHAPE[name];
  const [form, setForm] = useState<Record<FieldName, string>>({ directions: name === "dose" ? (medicine.directions ?? "") : "", reason: "", on: dayOf(new Date()) });
  const { busy, problem, run } = useAction();
  const { errors, rest } = besideFields(problem, fields.map((field) => field.name));
  const submit = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    const said = Object.fromEntries(fields.flatMap((field) => (form[field.name].trim() ? [[field.name, form[field.name].trim()]] : [])));
    const body = { version: medicine.version, action: name, ...said };
    if (busy || !(await run(() => api.json("PATCH", path(`/${medicine.id}`), { body })))) return;
    toast(done);
    onClose();
    onChanged();
  };
  return (
    <FormDialog open onClose={onClose} title={title}>
      <form onSubmit={(event) => void submit(event)} className="space-y-4">
        <p className="font-medium break-words">{medicine.name}</p>
        {lead && <p className="text-sm text-muted">{lead}</p>}
        <ProblemNotice problem={rest} onRetry={problem?.status === CONFLICT ? onChanged : undefined} />
        {fields.map(({ name: field, ...props }) => (
          <Field key={field} {...props} type={field === "on" ? "date" : "text"} maxLength={500} error={errors[field]} value={form[field]} onChange={(event) => setForm({ ...form, [field]: event.target.value })} />
        ))}
        <div className="flex justify-end gap-2">
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" look="primary" busy={busy}>
            {yes}
          </Button>
        </div>
      </form>
    </FormDialog>
  );
}
