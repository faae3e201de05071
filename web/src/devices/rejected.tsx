import { type ReactNode, useState } from "react";
import { query } from "../api/client";
import type { DeliveryReport, RejectedRow } from "../api/tracking";
import type { Page } from "../api/types";
import { useMayWrite } from "../providers/rights";
import { useWhose } from "../record/whose";
import { useApi } from "../session/session";
import { Button } from "../ui/button";
import { FormDialog } from "../ui/dialog";
import { Empty, Loading, Note, ProblemNotice } from "../ui/notice";
import { useToast } from "../ui/toast";
import { useAction, useLoad } from "../ui/use-load";
import { mendedBody } from "./words";

const PAGE_SIZE = 50;

/** Rows that could not be taken, each with its reason, to be mended or thrown away. */
export function RejectedRows({ onMended }: { onMended: () => void }): ReactNode {
  const api = useApi();
  const { patientId } = useWhose();
  const [more, setMore] = useState<Page<RejectedRow>>();
  const next = useAction();
  const path = (after?: string | null): string => `/v1/observations/rejected${query({ limit: PAGE_SIZE, after, patient_id: patientId })}`;
  const { data, problem, loading, reload } = useLoad((signal) => api.get<Page<RejectedRow>>(path(), signal), `${patientId}`);
  if (loading) return <Loading />;
  if (problem || !data) return <ProblemNotice problem={problem} onRetry={reload} />;
  const rows = [...data.items, ...(more?.items ?? [])];
  const after = more ? more.next : data.next;
  const loadMore = (): Promise<boolean> =>
    next.run(async () => {
      const page = await api.get<Page<RejectedRow>>(path(after));
      setMore((before) => ({ items: [...(before?.items ?? []), ...page.items], next: page.next }));
    });
  const settled = (): void => {
    setMore(undefined);
    reload();
  };
  if (rows.length === 0) return <Empty title="Every row was taken">Rows that cannot be read stand here with the reason, until you mend them or throw them away.</Empty>;
  return (
    <div className="space-y-4">
      <ul aria-label="Rows that could not be taken" data-testid="rejected-list" className="card divide-y divide-line">
        {rows.map((row) => (
          <Row key={row.id} row={row} onSettled={settled} onMended={onMended} />
        ))}
      </ul>
      <ProblemNotice problem={next.problem} />
      {after && (
        <Button busy={next.busy} onClick={() => void loadMore()}>
          Show more
        </Button>
      )}
    </div>
  );
}

interface RowProps {
  row: RejectedRow;
  onSettled: () => void;
  onMended: () => void;
}

function Row({ row, onSettled, onMended }: RowProps): ReactNode {
  const api = useApi();
  const toast = useToast();
  const { patientId } = useWhose();
  const mayWrite = useMayWrite();
  const [mending, setMending] = useState(false);
  const { busy, problem, run } = useAction();
  const drop = async (): Promise<void> => {
    if (!(await run(() => api.json("DELETE", `/v1/observations/rejected/${row.id}${query({ patient_id: patientId })}`)))) return;
    toast("Thrown away");
    onSettled();
  };
  return (
    <li data-testid="rejected-row" className="space-y-2 p-5">
      <p className="text-sm text-muted">{row.place}</p>
      <p className="break-words font-medium">{row.reason}</p>
      {row.content && <pre tabIndex={0} aria-label={`Content of ${row.place}`} className="max-h-40 overflow-auto whitespace-pre-wrap break-all rounded-xl bg-sunken px-3 py-2 font-mono text-xs">{row.content}</pre>}
      <ProblemNotice problem={problem} />
      {mayWrite && (
        <div className="flex flex-wrap gap-2">
          <Button small onClick={() => setMending(true)} aria-label={`Mend ${row.place}`}>
            Mend
          </Button>
          <Button small busy={busy} onClick={() => void drop()} aria-label={`Throw away ${row.place}`}>
            Throw away
          </Button>
        </div>
      )}
      {mending && <Mend row={row} onClose={() => setMending(false)} onMended={onMended} />}
    </li>
  );
}

function Mend({ row, onClose, onMended }: { row: RejectedRow; onClose: () => void; onMended: () => void }): ReactNode {
  const api = useApi();
  const toast = useToast();
  const { patientId } = useWhose();
  const [text, setText] = useState(row.content);
  const [refused, setRefused] = useState<string>();
  const { busy, problem, run } = useAction();
  const send = async (): Promise<void> => {
    setRefused(undefined);
    await run(async () => {
      const { type, body } = mendedBody(text);
      const path = `/v1/observations/rejected/${row.id}/mend${query({ patient_id: patientId })}`;
      const report = await api.json<DeliveryReport>("POST", path, { text: { type, content: body } });
      const taken = report.new + report.changed + report.unchanged;
      if (report.rejected > 0 || taken === 0) return setRefused(report.examples[0]?.reason ?? "Nothing that is taken was found in it.");
      toast("The row was taken");
      onClose();
      onMended();
    });
  };
  return (
    <FormDialog open onClose={onClose} title="Mend the row">
      <div className="space-y-4">
        <p className="text-sm text-muted">{row.reason}</p>
        <ProblemNotice problem={problem} />
        {refused && (
          <div role="alert">
            <Note title="Still not taken">{refused}</Note>
          </div>
        )}
        <label className="block space-y-1.5">
          <span className="block text-sm font-medium">The row</span>
          <textarea rows={6} spellCheck={false} value={text} onChange={(event) => setText(event.target.value)} className="w-full rounded-xl border border-edge bg-surface px-3.5 py-2 font-mono text-sm text-ink" />
        </label>
        <p className="text-sm text-muted">As JSON, or as a line of a table with the columns time, metric, value and unit: 2026-11-03T07:30:00Z,8867-4,61,/min</p>
        <div className="flex justify-end gap-2">
          <Button onClick={onClose}>Cancel</Button>
          <Button look="primary" busy={busy} onClick={() => void send()}>
            Send
          </Button>
        </div>
      </div>
    </FormDialog>
  );
}
