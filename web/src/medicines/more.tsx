import { type ReactNode, useState } from "react";
import type { Adherence, Medicine, MedicineDetail } from "../api/medications";
import { Unevaluated } from "../health/unevaluated";
import { useApi } from "../session/session";
import { Icon } from "../ui/icons";
import { Loading, ProblemNotice } from "../ui/notice";
import { useLoad } from "../ui/use-load";
import { useMedicinePath } from "./calls";
import { Reminders } from "./reminders";
import { SideEffects } from "./side-effects";
import { Supply } from "./supply";
import { adherenceWords, changeWhen, changeWords, countedWords } from "./words";

interface Props {
  medicine: Medicine;
  /** Counts up whenever a dose is told of. */
  round: number;
}

/** How long it lasts, how regularly it is taken, what was felt, reminders and history; loaded when it is opened. */
export function More({ medicine, round }: Props): ReactNode {
  const [open, setOpen] = useState(false);
  return (
    <details className="group border-t border-line pt-2" data-testid="medicine-more" onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary className="inline-flex min-h-9 items-center gap-1.5 text-sm font-medium text-muted hover:text-ink">
        <span className="transition-transform group-open:rotate-90">
          <Icon name="chevron" size={14} />
        </span>
        Supply, side effects, reminders, history<span className="sr-only">: {medicine.name}</span>
      </summary>
      {open && (
        <div className="mt-3 grid gap-x-10 gap-y-6 wide:grid-cols-2">
          <Supply medicine={medicine} round={round} />
          <Regularity medicine={medicine} round={round} />
          <SideEffects medicine={medicine} />
          <Reminders medicine={medicine} />
          <History medicine={medicine} />
        </div>
      )}
    </details>
  );
}

/** A part of the card with its heading. */
export const Part = ({ title, children }: { title: string; children: ReactNode }): ReactNode => (
  <section aria-label={title} className="min-w-0 space-y-2">
    <h3 className="font-semibold">{title}</h3>
    {children}
  </section>
);

function Regularity({ medicine, round }: Props): ReactNode {
  const api = useApi();
  const path = useMedicinePath();
  const { data, problem, loading, reload } = useLoad((signal) => api.get<Adherence>(path(`/${medicine.id}/adherence`), signal), `${medicine.id} ${medicine.version} ${round}`);
  const words = data && adherenceWords(data);
  const counted = data && countedWords(data);
  return (
    <Part title="How regularly it is taken">
      {loading && <Loading />}
      <ProblemNotice problem={problem} onRetry={reload} />
      {data && !words && <Unevaluated reason={`it cannot be said, because ${data.reason ?? "nothing was told"}.`} />}
      {words && <p className="break-words">{words}.</p>}
      {counted && <p className="text-sm text-muted">{counted}.</p>}
    </Part>
  );
}

function History({ medicine }: { medicine: Medicine }): ReactNode {
  const api = useApi();
  const path = useMedicinePath();
  const { data, problem, loading, reload } = useLoad((signal) => api.get<MedicineDetail>(path(`/${medicine.id}`), signal), `${medicine.id} ${medicine.version}`);
  return (
    <Part title="History">
      {loading && <Loading />}
      <ProblemNotice problem={problem} onRetry={reload} />
      {data && (
        <ol className="space-y-1.5 text-sm">
          {data.history.map(({ at, kind, directions, reason }, index) => (
            <li key={index} className="break-words">
              <span className="font-medium">
                {changeWords(kind)} {changeWhen(at)}
              </span>
              {directions && `: ${directions}`}
              {reason && <span className="block text-muted">{reason}</span>}
            </li>
          ))}
        </ol>
      )}
    </Part>
  );
}
