import { type ReactNode, useState } from "react";
import { query } from "../api/client";
import type { AuditEntry, Page } from "../api/types";
import { useAccount, useApi } from "../session/session";
import { Button } from "../ui/button";
import { formatWhen } from "../ui/format";
import { Empty, Loading, ProblemNotice } from "../ui/notice";
import { useAction, useLoad } from "../ui/use-load";
import { PURPOSE, ROLE, categoryName, count, listOf, plain } from "../ui/words";

const PAGE_SIZE = 50;
const VERB: Record<string, string> = {
  read: "looked at",
  search: "looked at",
  write: "changed",
  create: "added",
  insert: "added",
  update: "changed",
  delete: "deleted",
  import: "imported",
  grant: "gave access to",
  revoke: "ended access to",
  export: "exported",
};

const OBJECT: Record<string, string> = { consent: "parts of the record", grant: "parts of the record" };

/** Every look at the record and every change to it, newest first. */
export function AuditList(): ReactNode {
  const api = useApi();
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
        {items.map((entry) => (
          <Entry key={entry.seq} entry={entry} />
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

function Entry({ entry }: { entry: AuditEntry }): ReactNode {
  const account = useAccount();
  const mine = entry.actor.id === account.id;
  const who = mine ? "You" : (entry.actor.name ?? "VitaSense");
  const role = !mine && entry.actor.role && entry.actor.role !== "system" ? ROLE[entry.actor.role] : undefined;
  const parts = (entry.categories ?? []).filter((category) => category !== "profile").map((category) => categoryName(category).toLowerCase());
  const what = parts.length > 0 ? listOf(parts) : (OBJECT[entry.object] ?? plain(entry.object).toLowerCase());
  return (
    <li className="flex flex-wrap justify-between gap-x-6 gap-y-0.5 px-5 py-3">
      <div className="min-w-0 break-words">
        <p>
          <strong className="font-semibold">{who}</strong>
          {role && <span className="text-muted"> ({role.toLowerCase()})</span>} {VERB[entry.verb] ?? plain(entry.verb).toLowerCase()} {what}
        </p>
        <p className="text-sm text-muted">
          {[
            PURPOSE[entry.purpose] ?? entry.purpose,
            entry.activity && plain(entry.activity.replaceAll(".", " ")).toLowerCase(),
            entry.count !== null && entry.count !== undefined && count(entry.count, "record"),
          ]
            .filter(Boolean)
            .join(" · ")}
        </p>
      </div>
      <time dateTime={entry.at} className="text-sm text-muted">
        {formatWhen(entry.at)}
      </time>
    </li>
  );
}
