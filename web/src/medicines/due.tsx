import { type FormEvent, type ReactNode, useState } from "react";
import type { Dose, DoseStatus, Doses, DueDose, Medicine } from "../api/medications";
import { Unevaluated } from "../health/unevaluated";
import { useMayWrite } from "../providers/rights";
import { useApi } from "../session/session";
import { Button } from "../ui/button";
import { FormDialog } from "../ui/dialog";
import { Field } from "../ui/field";
import { Icon } from "../ui/icons";
import { ProblemNotice } from "../ui/notice";
import { useToast } from "../ui/toast";
import { useAction, useLoad } from "../ui/use-load";
import { newId, useMedicinePath } from "./calls";
import { DOSE, dayOf, doseWords, dueOn, dueWords, toldOf } from "./words";

interface Props {
  medicine: Medicine;
  /** Told when a dose was told of or taken back. */
  onChanged: () => void;
}

/** The doses of today, each with what became of it; or why it cannot be told what is due. */
export function Due({ medicine, onChanged }: Props): ReactNode {
  const api = useApi();
  const path = useMedicinePath();
  const mayWrite = useMayWrite();
  const { data, problem, reload } = useLoad((signal) => api.get<Doses>(path(`/${medicine.id}/doses`), signal), `${medicine.id} ${medicine.version}`);
  const [last, setLast] = useState<Doses>();
  if (data && data !== last) setLast(data);
  const shown = data ?? last;
  const changed = (): void => {
    reload();
    onChanged();
  };
  if (problem) return <ProblemNotice problem={problem} onRetry={reload} />;
  if (!shown) return null;
  const today = dayOf(new Date());
  const due = dueOn(shown.due, today);
  return (
    <section aria-label={`Today: ${medicine.name}`} className="rounded-xl bg-sunken p-3.5">
      <h3 className="mb-1 text-sm font-medium text-muted">Today</h3>
      {shown.not_evaluated ? (
        <Open medicine={medicine} reason={shown.not_evaluated} doses={shown.items.filter(({ at }) => dayOf(new Date(at)) === today)} onChanged={changed} />
      ) : due.length === 0 ? (
        <p className="text-sm">Nothing is due today.</p>
      ) : (
        <ul className="space-y-2.5">
          {due.map((each) => (
            <Row key={each.key} medicine={medicine} due={each} told={toldOf(each, shown.items)} mayWrite={mayWrite} onChanged={changed} />
          ))}
        </ul>
      )}
    </section>
  );
}

/** No gap in what is known: there is no due dose of it. */
const WHEN_NEEDED = /when needed/i;

/** Taken when needed, or by words that cannot be read for sure: nothing is due, and a dose can be told of. */
function Open({ medicine, reason, doses, onChanged }: Props & { reason: string; doses: Dose[] }): ReactNode {
  const mayWrite = useMayWrite();
  const { busy, problem, tell } = useTell(medicine, onChanged);
  return (
    <div className="space-y-2.5">
      {WHEN_NEEDED.test(reason) ? <p className="text-sm">Nothing is due: {reason}.</p> : <Unevaluated reason={`what is due cannot be said, because ${reason}.`} />}
      {doses.length > 0 && <p className="text-sm">{doses.map(doseWords).join(", ")}</p>}
      <ProblemNotice problem={problem} />
      {mayWrite && (
        <Button small busy={busy} onClick={() => void tell("taken", null)} aria-label={`I took it now: ${medicine.name}`}>
          I took it now
        </Button>
      )}
    </div>
  );
}

interface RowProps extends Props {
  due: DueDose;
  told: Dose | undefined;
  mayWrite: boolean;
}

function Row({ medicine, due, told, mayWrite, onChanged }: RowProps): ReactNode {
  const { busy, problem, tell, takeBack } = useTell(medicine, onChanged);
  const [skipping, setSkipping] = useState(false);
  const when = dueWords(due);
  const of = `${medicine.name}, ${when.toLowerCase()}`;
  const status = told?.status ?? due.status;
  return (
    <li data-testid="dose" data-status={status ?? "untold"}>
      <div className="flex flex-wrap items-center justify-between gap-x-3 gap-y-1.5">
        <span className="font-medium">{when}</span>
        {status ? (
          <span className="flex flex-wrap items-center gap-2 text-sm">
            <span className="inline-flex items-center gap-1.5">
              <Icon name={status === "taken" ? "check" : "none"} size={16} />
              {told ? doseWords(told) : DOSE[status]}
            </span>
            {told && mayWrite && (
              <Button small look="quiet" busy={busy} onClick={() => void takeBack(told)} aria-label={`Take back: ${of}`}>
                Take back
              </Button>
            )}
          </span>
        ) : (
          mayWrite && (
            <span className="flex flex-wrap gap-1.5">
              <Button small look="primary" busy={busy} onClick={() => void tell("taken", due)} aria-label={`Taken: ${of}`}>
                Taken
              </Button>
              <Button small busy={busy} onClick={() => void tell("missed", due)} aria-label={`Missed: ${of}`}>
                Missed
              </Button>
              <Button small busy={busy} onClick={() => setSkipping(true)} aria-label={`Leave out: ${of}`}>
                Leave out
              </Button>
            </span>
          )
        )}
        {!status && !mayWrite && <span className="text-sm text-muted">Not told of</span>}
      </div>
      <ProblemNotice problem={problem} />
      {skipping && <Skip of={of} onClose={() => setSkipping(false)} onSkip={(reason) => tell("skipped", due, reason)} />}
    </li>
  );
}

function Skip({ of, onClose, onSkip }: { of: string; onClose: () => void; onSkip: (reason: string) => Promise<boolean> }): ReactNode {
  const [reason, setReason] = useState("");
  const submit = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    await onSkip(reason.trim());
    onClose();
  };
  return (
    <FormDialog open onClose={onClose} title="Leave out a dose">
      <form onSubmit={(event) => void submit(event)} className="space-y-4">
        <p className="break-words font-medium">{of}</p>
        <Field label="Why" required maxLength={500} hint="In a few words: “my doctor said so”." value={reason} onChange={(event) => setReason(event.target.value)} />
        <div className="flex justify-end gap-2">
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" look="primary">
            Leave out
          </Button>
        </div>
      </form>
    </FormDialog>
  );
}

/** Telling of a dose and taking it back. */
function useTell(medicine: Medicine, onChanged: () => void) {
  const api = useApi();
  const path = useMedicinePath();
  const toast = useToast();
  const { busy, problem, run } = useAction();
  const tell = async (status: DoseStatus, due: DueDose | null, reason?: string): Promise<boolean> => {
    const body = { id: newId(), status, at: new Date().toISOString(), due: due?.key, reason };
    let text: string | null = null;
    const done = await run(async () => {
      text = (await api.post<{ text: string | null }>(path(`/${medicine.id}/doses`), body)).text;
    });
    if (!done) return false;
    toast(text ?? `${DOSE[status]}: noted`);
    onChanged();
    return true;
  };
  const takeBack = async (dose: Dose): Promise<void> => {
    if (!(await run(() => api.json("DELETE", path(`/doses/${dose.id}`))))) return;
    toast("Taken back");
    onChanged();
  };
  return { busy, problem, tell, takeBack };
}
