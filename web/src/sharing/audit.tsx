import { type ReactNode, useState } from "react";
import { query } from "../api/client";
import type { AuditEntry, Page } from "../api/types";
import { useAccount, useApi } from "../session/session";
import { Button } from "../ui/button";
import { formatWhen } from "../ui/format";
import { Empty, Loading, ProblemNotice } from "../ui/notice";
import { useAction, useLoad } from "../ui/use-load";
import { type Told, trailOf } from "./trail";

const PAGE_SIZE = 200;

/** Every look at the record and every change to it, newest first. */
export function AuditList(): ReactNode {
  const api = useApi();
  const account = useAccount();
  const [more, setMore] = useState<Page<AuditEntry>>();
  const next = useAction();
  const page = (cursor?: string | null, signal?: AbortSignal): Promise<Page<AuditEntry>> =>
    api.get(`/v1/audit${query({ limit: PAGE_SIZE, cursor })}`, signal);
  const { data, problem, loading, reload } = useLoad((signal) => page(undefined, signal), "audit");
  if (loading) return <Loading />;
  if (problem || !data) return <ProblemNotice problem={problem} onRetry={reload} />;
  const items = [...data.items, ...(more?.items ?? [])];
  const cursor = more ? more.next : data.next;
  const loadMore = (): Promise<boolean> =>
    next.run(async () => {
      const older = await page(cursor);
      setMore((before) => ({ items: [...(before?.items ?? []), ...older.items], next: older.next }));
    });
  if (items.length === 0) return <Empty title="Nobody has looked yet">Every look and every change will be listed here.</Empty>;
  return (
    <div className="space-y-4">
      <p className="text-sm text-muted">This list cannot be changed by anyone; each entry is chained to the one before it.</p>
      <ol data-testid="audit-list" aria-label="Who looked" className="card divide-y divide-line">
        {trailOf(items, account.id).map((line) => (
          <Line key={line.seq} line={line} />
        ))}
      </ol>
      <ProblemNotice problem={next.problem} />
      {cursor && (
        <Button busy={next.busy} onClick={() => void loadMore()}>
          Show more
        </Button>
      )}
    </div>
  );
}

function Line({ line }: { line: Told }): ReactNode {
  return (
    <li className="flex flex-wrap justify-between gap-x-6 gap-y-0.5 px-5 py-3">
      <div className="min-w-0 break-words">
        <p>
          <strong className="font-semibold">{line.who}</strong> {line.did}
        </p>
        {(line.how || line.times > 1) && (
          <p className="text-sm text-muted">{[line.how, line.times > 1 && `${line.times} times`].filter(Boolean).join(" · ")}</p>
        )}
      </div>
      <time dateTime={line.until} className="text-sm text-muted">
        {formatWhen(line.until)}
      </time>
    </li>
  );
}
