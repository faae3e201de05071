import { type FormEvent, type ReactNode, useState } from "react";
import type { Check, Medicine } from "../api/medications";
import { besideFields } from "../api/problem";
import { useApi } from "../session/session";
import { Button } from "../ui/button";
import { FormDialog } from "../ui/dialog";
import { Field } from "../ui/field";
import { ProblemNotice } from "../ui/notice";
import { useToast } from "../ui/toast";
import { useAction } from "../ui/use-load";
import { count } from "../ui/words";
import { newId, useMedicinePath } from "./calls";
import { grouped, heldUp } from "./checks";
import { Warned } from "./warned";
import { dayOf } from "./words";

const FIELDS = [
  { name: "name", label: "Name", hint: "As it stands on the pack, with the strength: “ibuprofen 400 mg”.", required: true, maxLength: 200 },
  { name: "directions", label: "How it is taken", hint: "In words: “1 tablet twice a day with food”.", maxLength: 500 },
  { name: "since", label: "Since", type: "date" },
  { name: "reason", label: "What for", hint: "May be left empty.", maxLength: 500 },
] as const;
type Form = Record<(typeof FIELDS)[number]["name"], string>;
const NAMES = FIELDS.map(({ name }) => name);

interface Props {
  onClose: () => void;
  onChanged: () => void;
}

/** Tells of a medicine. Before it is kept it is checked, and what interrupts is shown, and what else a misspelt name may be. */
export function AddMedicine({ onClose, onChanged }: Props): ReactNode {
  const api = useApi();
  const toast = useToast();
  const path = useMedicinePath();
  const [id, setId] = useState(newId);
  const [form, setForm] = useState<Form>({ name: "", directions: "", since: dayOf(new Date()), reason: "" });
  const [warned, setWarned] = useState<Check>();
  const checking = useAction();
  const saving = useAction();
  const { errors, rest } = besideFields(saving.problem, NAMES);
  const set = (part: Partial<Form>): void => {
    setForm({ ...form, ...part });
    setId(newId());
  };

  const save = async (checked?: Check): Promise<void> => {
    const said = Object.fromEntries(NAMES.flatMap((name) => (form[name].trim() ? [[name, form[name].trim()]] : [])));
    const kept = await saving.run(() => api.post<Medicine>(path(), { id, ...said }));
    if (!kept) return setWarned(undefined);
    const more = checked ? grouped(checked.findings).others.length : 0;
    toast(more > 0 ? `Added. Under Check: ${count(more, "thing")} to know` : "Added");
    onClose();
    onChanged();
  };
  const ask = async (name: string): Promise<Check | undefined> => {
    let found: Check | undefined;
    const asked = { name: name.trim(), directions: form.directions.trim() || null };
    await checking.run(async () => (found = await api.post<Check>(path("/check"), { medicines: [asked], with_record: true })));
    return found;
  };
  const check = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    if (checking.busy || saving.busy) return;
    const found = await ask(form.name);
    if (!found) return;
    if (heldUp(found.findings, form.name)) setWarned(found);
    else await save(found);
  };
  const rename = async (name: string): Promise<void> => {
    if (checking.busy || saving.busy) return;
    const found = await ask(name);
    set({ name });
    setWarned(found);
  };

  if (warned) {
    return (
      <FormDialog open onClose={onClose} title="Before it is added">
        <Warned
          name={form.name.trim()}
          check={warned}
          busy={checking.busy || saving.busy}
          onBack={() => setWarned(undefined)}
          onKeep={() => void save()}
          onMeant={(name) => void rename(name)}
        />
      </FormDialog>
    );
  }
  return (
    <FormDialog open onClose={onClose} title="Add a medicine">
      <form onSubmit={(event) => void check(event)} className="space-y-4">
        <ProblemNotice problem={rest} />
        <Unchecked problem={checking.problem} busy={saving.busy} onKeep={() => void save()} />
        {FIELDS.map(({ name, ...field }) => (
          <Field key={name} {...field} autoComplete="off" error={errors[name]} value={form[name]} onChange={(event) => set({ [name]: event.target.value })} />
        ))}
        <div className="flex justify-end gap-2">
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" look="primary" busy={checking.busy || saving.busy}>
            Check and add
          </Button>
        </div>
      </form>
    </FormDialog>
  );
}

/** The check itself did not work: that is said, and whoever wants to may keep the medicine all the same. */
function Unchecked({ problem, busy, onKeep }: { problem: ReturnType<typeof useAction>["problem"]; busy: boolean; onKeep: () => void }): ReactNode {
  if (!problem) return null;
  return (
    <div className="space-y-2">
      <ProblemNotice problem={{ ...problem, title: "It could not be checked" }} />
      <Button small busy={busy} onClick={onKeep}>
        Add it unchecked
      </Button>
    </div>
  );
}
