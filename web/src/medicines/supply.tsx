import { type FormEvent, type ReactNode, useState } from "react";
import type { Forecast, Medicine } from "../api/medications";
import { besideFields } from "../api/problem";
import { Unevaluated } from "../health/unevaluated";
import { useMayWrite } from "../providers/rights";
import { useApi } from "../session/session";
import { Button } from "../ui/button";
import { Field } from "../ui/field";
import { formatDate } from "../ui/format";
import { Loading, ProblemNotice } from "../ui/notice";
import { useToast } from "../ui/toast";
import { useAction, useLoad } from "../ui/use-load";
import { newId, useMedicinePath } from "./calls";
import { Part } from "./more";
import { lastsWords, refillWords } from "./words";

/** How long it lasts, and the refills of each order. */
export function Supply({ medicine, round }: { medicine: Medicine; round: number }): ReactNode {
  const api = useApi();
  const path = useMedicinePath();
  const mayWrite = useMayWrite();
  const { data, problem, loading, reload } = useLoad((signal) => api.get<Forecast>(path(`/${medicine.id}/refill`), signal), `${medicine.id} ${medicine.version} ${round}`);
  const words = data && lastsWords(data);
  return (
    <Part title="How long it lasts">
      {loading && <Loading />}
      <ProblemNotice problem={problem} onRetry={reload} />
      {words && <p className="break-words">{words}</p>}
      {data && !words && <Unevaluated reason={`it cannot be said, because ${data.reason ?? "nothing was told"}.`} />}
      {medicine.prescriptions.length > 0 && (
        <ul aria-label="Prescriptions" className="space-y-1 text-sm">
          {medicine.prescriptions.map((order) => {
            const refills = refillWords(order);
            return (
              <li key={order.id} className="break-words">
                {order.ordered ? `Prescribed ${formatDate(order.ordered)}` : "A prescription"}
                {order.valid_until && `, valid until ${formatDate(order.valid_until)}`}
                {": "}
                {refills.known ? refills.words : <span className="text-muted">refills not known: {refills.words}</span>}
              </li>
            );
          })}
        </ul>
      )}
      {mayWrite && <Count medicine={medicine} onCounted={reload} />}
    </Part>
  );
}

function Count({ medicine, onCounted }: { medicine: Medicine; onCounted: () => void }): ReactNode {
  const api = useApi();
  const path = useMedicinePath();
  const toast = useToast();
  const [number, setNumber] = useState("");
  const { busy, problem, run } = useAction();
  const { errors, rest } = besideFields(problem, ["quantity"]);
  const submit = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    if (busy || !(await run(() => api.post(path(`/${medicine.id}/supply`), { id: newId(), quantity: Number(number) })))) return;
    toast("Counted");
    setNumber("");
    onCounted();
  };
  return (
    <form onSubmit={(event) => void submit(event)} aria-label={`Count what is left: ${medicine.name}`} className="space-y-2">
      <div className="flex items-end gap-2">
        <div className="min-w-0 flex-1">
          <Field label="How many are left" type="number" inputMode="decimal" min={0} max={100_000} step="any" required value={number} error={errors.quantity ?? rest?.detail} onChange={(event) => setNumber(event.target.value)} />
        </div>
        {!problem && (
          <Button type="submit" busy={busy}>
            Keep
          </Button>
        )}
      </div>
      {problem && (
        <Button type="submit" busy={busy}>
          Keep
        </Button>
      )}
    </form>
  );
}
