import { type FormEvent, type ReactNode, useState } from "react";
import type { Doses, Medicine, Reminder } from "../api/medications";
import type { Page } from "../api/types";
import { useWhose } from "../record/whose";
import { useApi } from "../session/session";
import { Button } from "../ui/button";
import { FormDialog } from "../ui/dialog";
import { Field } from "../ui/field";
import { Loading, ProblemNotice } from "../ui/notice";
import { useToast } from "../ui/toast";
import { useAction, useLoad } from "../ui/use-load";
import { listOf } from "../ui/words";
import { useMedicinePath } from "./calls";
import { Part } from "./more";
import { isOver, slotsWithoutTime, usualTime } from "./words";

const KINDS = ["dose", "refill"] as const;
type Kind = (typeof KINDS)[number];
const WORDS: Record<Kind, string> = { dose: "Each dose", refill: "A refill in time" };

/** Of what the person is reminded; only the person changes it. */
export function Reminders({ medicine }: { medicine: Medicine }): ReactNode {
  const api = useApi();
  const path = useMedicinePath();
  const { patientId } = useWhose();
  const { data, problem, loading, reload } = useLoad(async (signal) => {
    const [reminders, doses] = await Promise.all([
      api.get<Page<Reminder>>(path(`/${medicine.id}/reminders`), signal),
      api.get<Doses>(path(`/${medicine.id}/doses`), signal),
    ]);
    return { reminders: reminders.items, slots: slotsWithoutTime(doses.due) };
  }, `${medicine.id} ${medicine.version}`);
  return (
    <Part title="Reminders">
      {loading && <Loading />}
      <ProblemNotice problem={problem} onRetry={reload} />
      {data &&
        KINDS.map((kind) => (
          <Row key={kind} kind={kind} medicine={medicine} known={data.reminders.find((each) => each.kind === kind)} slots={data.slots} mayChange={!patientId && !isOver(medicine.state)} onChanged={reload} />
        ))}
      {patientId && <p className="text-sm text-muted">Only the patient changes this.</p>}
    </Part>
  );
}

interface RowProps {
  kind: Kind;
  medicine: Medicine;
  known: Reminder | undefined;
  slots: ReturnType<typeof slotsWithoutTime>;
  mayChange: boolean;
  onChanged: () => void;
}

function Row({ kind, medicine, known, slots, mayChange, onChanged }: RowProps): ReactNode {
  const { busy, problem, set } = useReminder(medicine, kind, onChanged);
  const [asking, setAsking] = useState(false);
  const isOn = known?.is_on ?? false;
  const toggle = (): void => {
    if (!isOn && kind === "dose" && slots.length > 0) setAsking(true);
    else void set({ is_on: !isOn });
  };
  return (
    <div data-testid="reminder" data-kind={kind} className="space-y-2">
      <div className="flex flex-wrap items-center justify-between gap-2">
        <span>
          {WORDS[kind]}: <span className={isOn ? "font-semibold" : "text-muted"}>{isOn ? onWords(known!) : "off"}</span>
        </span>
        {mayChange && (
          <Button small busy={busy} onClick={toggle} aria-label={`${isOn ? "Switch off" : "Switch on"}: ${WORDS[kind].toLowerCase()}, ${medicine.name}`}>
            {isOn ? "Switch off" : "Switch on"}
          </Button>
        )}
      </div>
      <ProblemNotice problem={problem} />
      {asking && <Times medicine={medicine} slots={slots} onClose={() => setAsking(false)} onChanged={onChanged} />}
    </div>
  );
}

const onWords = ({ clock, days_before }: Reminder): string => {
  const times = Object.values(clock).toSorted();
  if (days_before) return `on, ${days_before} days before`;
  return times.length > 0 ? `on, at ${listOf(times)}` : "on";
};

interface TimesProps {
  medicine: Medicine;
  slots: ReturnType<typeof slotsWithoutTime>;
  onClose: () => void;
  onChanged: () => void;
}

/** At what time of the clock each part of the day is meant. */
function Times({ medicine, slots, onClose, onChanged }: TimesProps): ReactNode {
  const [clock, setClock] = useState<Record<string, string>>(() => Object.fromEntries(slots.map(({ slot }) => [slot, usualTime(slot)])));
  const { busy, problem, set } = useReminder(medicine, "dose", onChanged);
  const submit = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    if (await set({ is_on: true, clock })) onClose();
  };
  return (
    <FormDialog open onClose={onClose} title="When to be reminded">
      <form onSubmit={(event) => void submit(event)} className="space-y-4">
        <p className="break-words font-medium">{medicine.name}</p>
        <ProblemNotice problem={problem} />
        {slots.map(({ slot, words }) => (
          <Field key={slot} label={words} type="time" required value={clock[slot] ?? ""} onChange={(event) => setClock({ ...clock, [slot]: event.target.value })} />
        ))}
        <div className="flex justify-end gap-2">
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" look="primary" busy={busy}>
            Remind me
          </Button>
        </div>
      </form>
    </FormDialog>
  );
}

function useReminder(medicine: Medicine, kind: Kind, onChanged: () => void) {
  const api = useApi();
  const path = useMedicinePath();
  const toast = useToast();
  const { busy, problem, run } = useAction();
  const set = async (body: { is_on: boolean; clock?: Record<string, string> }): Promise<boolean> => {
    if (busy || !(await run(() => api.json("PUT", path(`/${medicine.id}/reminders/${kind}`), { body })))) return false;
    toast(body.is_on ? "You will be reminded" : "Switched off");
    onChanged();
    return true;
  };
  return { busy, problem, set };
}
