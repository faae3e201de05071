import { type ReactNode, useState } from "react";
import { query } from "../api/client";
import type { TimelineEntry } from "../api/tracking";
import type { Page } from "../api/types";
import { useWhose } from "../record/whose";
import { useApi } from "../session/session";
import { Button } from "../ui/button";
import { formatRecent } from "../ui/format";
import { Empty, Loading, ProblemNotice } from "../ui/notice";
import { useAction, useLoad } from "../ui/use-load";
import { count } from "../ui/words";
import { type Filter, KINDS, ONE, alarmOf, byDay, leadsChain, shown } from "./timeline";
import { UrgencyBadge } from "./urgency";
import { Why } from "./why";

const PAGE_SIZE = 100;
const YEARS_BACK = 5;

function longAgo(): string {
  const date = new Date();
  date.setFullYear(date.getFullYear() - YEARS_BACK);
  return date.toISOString();
}

/** What happened, the newest first: reading, decision, alarm, advice, day by day. */
export function Timeline(): ReactNode {
  const api = useApi();
  const { patientId } = useWhose();
  const [filter, setFilter] = useState<Filter>({ kinds: [] });
  const [opened, setOpened] = useState<string>();
  const [more, setMore] = useState<Page<TimelineEntry>>();
  const next = useAction();
  const [since] = useState(longAgo);
  const path = (cursor?: string | null): string => `/v1/timeline${query({ since, limit: PAGE_SIZE, cursor, patient_id: patientId })}`;
  const { data, problem, loading, reload } = useLoad((signal) => api.get<Page<TimelineEntry>>(path(), signal), `${patientId}`);
  if (loading) return <Loading />;
  if (problem || !data) return <ProblemNotice problem={problem} onRetry={reload} />;
  const entries = [...data.items, ...(more?.items ?? [])];
  const cursor = more ? more.next : data.next;
  const loadMore = (): Promise<boolean> =>
    next.run(async () => {
      const page = await api.get<Page<TimelineEntry>>(path(cursor));
      setMore((before) => ({ items: [...(before?.items ?? []), ...page.items], next: page.next }));
    });
  if (entries.length === 0) return <Empty title="Nothing has happened yet">Readings of devices, what was decided about them and what came of it stand here in order.</Empty>;
  const visible = shown(entries, filter);
  return (
    <div className="space-y-5">
      <Kinds filter={filter} onChange={setFilter} />
      {filter.chain && (
        <p className="flex flex-wrap items-center gap-3">
          Only what belongs together.
          <Button small onClick={() => setFilter({ kinds: filter.kinds })}>
            Show everything
          </Button>
        </p>
      )}
      {visible.length === 0 && <p className="text-muted">Nothing of this kind among the latest {count(entries.length, "entry", "entries")}.</p>}
      {byDay(visible).map(({ at, entries: ones }) => (
        <section key={at} aria-label={formatRecent(at)} className="space-y-2">
          <h2 className="title sticky top-0 z-10 bg-paper py-1 text-lg first-letter:uppercase">{formatRecent(at)}</h2>
          <ol data-testid="timeline" className="card divide-y divide-line">
            {ones.map((entry, index) => (
              <Entry key={`${entry.ref} ${index}`} entry={entry} leads={!filter.chain && leadsChain(visible, entry)} onChain={(chain) => setFilter({ kinds: [], chain })} onAlarm={setOpened} />
            ))}
          </ol>
        </section>
      ))}
      <ProblemNotice problem={next.problem} />
      {cursor && (
        <Button busy={next.busy} onClick={() => void loadMore()}>
          Show more
        </Button>
      )}
      <Why id={opened} onClose={() => setOpened(undefined)} />
    </div>
  );
}

function Kinds({ filter, onChange }: { filter: Filter; onChange: (filter: Filter) => void }): ReactNode {
  const toggle = (kind: string): void =>
    onChange({ ...filter, kinds: filter.kinds.includes(kind) ? filter.kinds.filter((other) => other !== kind) : [...filter.kinds, kind] });
  return (
    <div role="group" aria-label="Show" className="flex flex-wrap gap-1.5">
      {KINDS.map(({ kind, label }) => (
        <button
          key={kind}
          type="button"
          aria-pressed={filter.kinds.includes(kind)}
          onClick={() => toggle(kind)}
          className="min-h-9 rounded-full border border-edge bg-surface px-3.5 text-sm font-medium hover:bg-sunken aria-pressed:border-accent aria-pressed:bg-accent aria-pressed:text-on-accent"
        >
          {label}
        </button>
      ))}
    </div>
  );
}

interface EntryProps {
  entry: TimelineEntry;
  /** Whether it is the place to ask for what belongs together. */
  leads: boolean;
  onChain: (chain: string) => void;
  onAlarm: (id: string) => void;
}

function Entry({ entry, leads, onChain, onAlarm }: EntryProps): ReactNode {
  const { at, kind, title, text, urgency, correlation_id } = entry;
  const alarm = alarmOf(entry);
  const time = new Intl.DateTimeFormat(undefined, { timeStyle: "short" }).format(new Date(at));
  return (
    <li data-testid="timeline-entry" data-kind={kind} className="grid grid-cols-[4.5rem_minmax(0,1fr)] gap-x-3 px-4 py-3">
      <p className="text-sm tabular-nums text-muted">
        {time}
        <span className="block">{ONE[kind] ?? kind}</span>
      </p>
      <div className="min-w-0 space-y-1">
        <p className="flex flex-wrap items-center gap-x-3 gap-y-1">
          <span className="min-w-0 break-words font-medium">{title}</span>
          {kind === "alarm" && urgency && <UrgencyBadge urgency={urgency} />}
        </p>
        {text && <p className="break-words text-sm">{text}</p>}
        <div className="flex flex-wrap gap-x-4 text-sm">
          {alarm && (
            <Link label={`Why? ${title}`} onClick={() => onAlarm(alarm)}>
              Why?
            </Link>
          )}
          {correlation_id && leads && (
            <Link label={`What belongs to it: ${title}`} onClick={() => onChain(correlation_id)}>
              What belongs to it
            </Link>
          )}
        </div>
      </div>
    </li>
  );
}

const Link = ({ label, onClick, children }: { label: string; onClick: () => void; children: ReactNode }): ReactNode => (
  <button type="button" aria-label={label} onClick={onClick} className="min-h-8 rounded font-medium text-accent underline underline-offset-3">
    {children}
  </button>
);
