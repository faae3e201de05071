import { type FormEvent, type ReactNode, useState } from "react";
import { query } from "../api/client";
import { useWhose } from "../record/whose";
import { useApi } from "../session/session";
import { Button } from "../ui/button";
import { FormDialog } from "../ui/dialog";
import { Field } from "../ui/field";
import { ProblemNotice } from "../ui/notice";
import { useToast } from "../ui/toast";
import { useAction } from "../ui/use-load";

const FIELDS = [
  { name: "name", label: "Name", hint: "As you call it: “Cuff in the kitchen”.", required: true },
  { name: "kind", label: "Kind", hint: "Cuff, watch, scale, glucose sensor …" },
  { name: "maker", label: "Maker" },
  { name: "model", label: "Model" },
  { name: "external_id", label: "Serial number" },
] as const;

/** Registers a device; the same one again is the same device. */
export function RegisterForm({ onClose, onRegistered }: { onClose: () => void; onRegistered: () => void }): ReactNode {
  const api = useApi();
  const toast = useToast();
  const { patientId } = useWhose();
  const [form, setForm] = useState<Record<string, string>>({});
  const { busy, problem, run } = useAction();
  const submit = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    const body = Object.fromEntries(Object.entries(form).flatMap(([name, words]) => (words.trim() ? [[name, words.trim()]] : [])));
    if (busy || !(await run(() => api.post(`/v1/devices${query({ patient_id: patientId })}`, body)))) return;
    toast("Device added");
    onClose();
    onRegistered();
  };
  return (
    <FormDialog open onClose={onClose} title="Add a device">
      <form onSubmit={(event) => void submit(event)} className="space-y-4">
        <ProblemNotice problem={problem} />
        {FIELDS.map(({ name, ...field }) => (
          <Field key={name} {...field} maxLength={120} value={form[name] ?? ""} onChange={(event) => setForm({ ...form, [name]: event.target.value })} />
        ))}
        <div className="flex justify-end gap-2">
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" look="primary" busy={busy}>
            Add
          </Button>
        </div>
      </form>
    </FormDialog>
  );
}
