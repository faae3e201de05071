import { type FormEvent, type ReactNode, useState } from "react";
import type { Medicine, SideEffect } from "../api/medications";
import { besideFields } from "../api/problem";
import type { Page } from "../api/types";
import { useMayWrite } from "../providers/rights";
import { useApi } from "../session/session";
import { Button } from "../ui/button";
import { FormDialog } from "../ui/dialog";
import { Field } from "../ui/field";
import { formatDate } from "../ui/format";
import { Loading, ProblemNotice } from "../ui/notice";
import { useToast } from "../ui/toast";
import { useAction, useLoad } from "../ui/use-load";
import { newId, useMedicinePath } from "./calls";
import { Part } from "./more";
import { dayOf } from "./words";

/** What was put down to a medicine, with how it stands to it in time; that says nothing of a cause. */
export function SideEffects({ medicine }: { medicine: Medicine }): ReactNode {
  const api = useApi();
  const path = useMedicinePath();
  const mayWrite = useMayWrite();
  const [telling, setTelling] = useState(false);
  const { data, problem, loading, reload } = useLoad((signal) => api.get<Page<SideEffect>>(path(`/${medicine.id}/side-effects`), signal), `${medicine.id} ${medicine.version}`);
  return (
    <Part title="Side effects">
      {loading && <Loading />}
      <ProblemNotice problem={problem} onRetry={reload} />
      {data?.items.length === 0 && <p className="text-sm text-muted">None were told of.</p>}
      {data && data.items.length > 0 && (
        <ul className="space-y-2">
          {data.items.map((each) => (
            <Row key={each.id} effect={each} onChanged={reload} />
          ))}
        </ul>
      )}
      {mayWrite && (
        <Button small onClick={() => setTelling(true)} aria-label={`Tell of a side effect: ${medicine.name}`}>
          Tell of a side effect
        </Button>
      )}
      {telling && <Tell medicine={medicine} onClose={() => setTelling(false)} onTold={reload} />}
    </Part>
  );
}

function Row({ effect, onChanged }: { effect: SideEffect; onChanged: () => void }): ReactNode {
  const api = useApi();
  const path = useMedicinePath();
  const mayWrite = useMayWrite();
  const { busy, problem, run } = useAction();
  const { id, name, note, since, until, relation } = effect;
  const takeBack = async (): Promise<void> => {
    if (await run(() => api.json("DELETE", path(`/side-effects/${id}`)))) onChanged();
  };
  return (
    <li data-testid="side-effect" className="rounded-xl border border-line px-4 py-2.5 text-sm">
      <p className="break-words font-medium">
        {name ?? "A symptom that is not shared with you"}
        {since && <span className="font-normal text-muted">, since {formatDate(since)}</span>}
        {until && <span className="font-normal text-muted"> until {formatDate(until)}</span>}
      </p>
      {relation && <p className="break-words">{relation.text}</p>}
      {note && <p className="break-words text-muted">“{note}”</p>}
      <ProblemNotice problem={problem} />
      {mayWrite && (
        <Button small look="quiet" busy={busy} onClick={() => void takeBack()} aria-label={`Take back: ${name ?? "the symptom"}`} className="-ml-3">
          Take back
        </Button>
      )}
    </li>
  );
}

interface TellProps {
  medicine: Medicine;
  onClose: () => void;
  onTold: () => void;
}

function Tell({ medicine, onClose, onTold }: TellProps): ReactNode {
  const api = useApi();
  const path = useMedicinePath();
  const toast = useToast();
  const [id] = useState(newId);
  const [form, setForm] = useState({ name: "", since: dayOf(new Date()), note: "" });
  const { busy, problem, run } = useAction();
  const { errors, rest } = besideFields(problem, ["name", "since", "note"]);
  const set = (part: Partial<typeof form>): void => setForm({ ...form, ...part });
  const submit = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    const symptom = { name: form.name.trim(), since: moment(form.since) };
    const body = { id, symptom, note: form.note.trim() || undefined };
    if (busy || !(await run(() => api.post(path(`/${medicine.id}/side-effects`), body)))) return;
    toast("Noted");
    onClose();
    onTold();
  };
  return (
    <FormDialog open onClose={onClose} title="Tell of a side effect">
      <form onSubmit={(event) => void submit(event)} className="space-y-4">
        <p className="break-words font-medium">{medicine.name}</p>
        <p className="text-sm text-muted">It is noted as you tell it. In an emergency call for help, do not write.</p>
        <ProblemNotice problem={rest} />
        <Field label="What you feel" required maxLength={200} error={errors.name} value={form.name} onChange={(event) => set({ name: event.target.value })} />
        <Field label="Since" type="date" required max={dayOf(new Date())} error={errors.since} value={form.since} onChange={(event) => set({ since: event.target.value })} />
        <Field label="Note" maxLength={500} hint="May be left empty." error={errors.note} value={form.note} onChange={(event) => set({ note: event.target.value })} />
        <div className="flex justify-end gap-2">
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" look="primary" busy={busy}>
            Keep
          </Button>
        </div>
      </form>
    </FormDialog>
  );
}

/** The chosen day as a moment: now for today, else its noon. */
function moment(day: string): string {
  const now = new Date();
  return day === dayOf(now) ? now.toISOString() : new Date(`${day}T12:00:00`).toISOString();
}
