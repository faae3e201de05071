import { type FormEvent, type ReactNode, useState } from "react";
import { query } from "../api/client";
import type { TrackedSeries } from "../api/tracking";
import { useMayWrite } from "../providers/rights";
import { useWhose } from "../record/whose";
import { useApi } from "../session/session";
import { Button } from "../ui/button";
import { FormDialog } from "../ui/dialog";
import { Field } from "../ui/field";
import { ProblemNotice } from "../ui/notice";
import { useToast } from "../ui/toast";
import { humanUnit } from "../ui/units";
import { useAction } from "../ui/use-load";
import { begun } from "../ui/words";

interface Props {
  series: TrackedSeries;
  onChanged: () => void;
}

/** Sets, changes or ends the range that the person, or their care provider, wants to be watched by. */
export function OwnRange({ series, onChanged }: Props): ReactNode {
  const [open, setOpen] = useState(false);
  if (!useMayWrite() || !series.unit) return null;
  return (
    <>
      <Button small onClick={() => setOpen(true)}>
        {series.own_range ? "Change the own range" : "Set an own range"}
      </Button>
      {open && <RangeForm series={series} unit={series.unit} onClose={() => setOpen(false)} onChanged={onChanged} />}
    </>
  );
}

const limit = (words: string): number | null => (words.trim() === "" ? null : Number(words));

function RangeForm({ series, unit, onClose, onChanged }: Props & { unit: string; onClose: () => void }): ReactNode {
  const api = useApi();
  const toast = useToast();
  const { patientId } = useWhose();
  const { own_range: own, metric, name } = series;
  const [low, setLow] = useState(own?.low?.toString() ?? "");
  const [high, setHigh] = useState(own?.high?.toString() ?? "");
  const [reason, setReason] = useState(own?.reason ?? "");
  const { busy, problem, run } = useAction();
  const path = `/v1/tracking/ranges/${encodeURIComponent(metric)}${query({ patient_id: patientId })}`;
  const finish = async (work: () => Promise<unknown>, words: string): Promise<void> => {
    if (busy || !(await run(work))) return;
    toast(words);
    onClose();
    onChanged();
  };
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    const body = { low: limit(low), high: limit(high), unit, reason: reason.trim() };
    void finish(() => api.json("PUT", path, { body }), "Range kept");
  };
  return (
    <FormDialog open onClose={onClose} title={`Own range: ${begun(name)}`}>
      <form onSubmit={submit} className="space-y-4">
        <ProblemNotice problem={problem} />
        <div className="grid grid-cols-2 gap-3">
          <Field label={`From (${humanUnit(unit) || "number"})`} type="number" step="any" value={low} onChange={(event) => setLow(event.target.value)} />
          <Field label={`To (${humanUnit(unit) || "number"})`} type="number" step="any" value={high} onChange={(event) => setHigh(event.target.value)} />
        </div>
        <Field label="Why (may be left out)" maxLength={200} value={reason} onChange={(event) => setReason(event.target.value)} />
        <p className="text-sm text-muted">Values outside are marked in the chart. One of the two ends may stay empty. What guidelines call dangerous still raises an alarm.</p>
        <div className="flex flex-wrap justify-end gap-2">
          {own && (
            <Button busy={busy} onClick={() => void finish(() => api.json("DELETE", path), "Range ended")} className="mr-auto">
              End the range
            </Button>
          )}
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" look="primary" busy={busy}>
            Keep
          </Button>
        </div>
      </form>
    </FormDialog>
  );
}
