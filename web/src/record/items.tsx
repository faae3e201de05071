import { type ReactNode, useState } from "react";
import { query } from "../api/client";
import type { Page, RecordItem } from "../api/types";
import { useApi } from "../session/session";
import { Button } from "../ui/button";
import { Sheet } from "../ui/dialog";
import { formatDate } from "../ui/format";
import { Icon } from "../ui/icons";
import { Empty, Loading, ProblemNotice } from "../ui/notice";
import { useAction, useLoad } from "../ui/use-load";
import { categoryName, plain } from "../ui/words";
import { RecordDetail } from "./detail";
import { useWhose } from "./whose";

const PAGE_SIZE = 50;
/** Said of a record only when it differs from the ordinary case. */
const ORDINARY = new Set(["active", "final", "completed", "finished", "current", "confirmed"]);

/** The records of one category, newest first, each opening its detail. */
export function ItemList({ category }: { category: string }): ReactNode {
  const api = useApi();
  const { patientId } = useWhose();
  const [opened, setOpened] = useState<RecordItem>();
  const [more, setMore] = useState<Page<RecordItem>>();
  const next = useAction();
  const path = (cursor?: string | null): string =>
    `/v1/record/${category}${query({ patient_id: patientId, limit: PAGE_SIZE, cursor })}`;
  const { data, problem, loading, reload } = useLoad(
    (signal) => api.get<Page<RecordItem>>(path(), signal),
    `${patientId} ${category}`,
  );
  if (loading) return <Loading />;
  if (problem || !data) return <ProblemNotice problem={problem} onRetry={reload} />;

  const items = [...data.items, ...(more?.items ?? [])];
  const cursor = more ? more.next : data.next;
  const loadMore = (): Promise<boolean> =>
    next.run(async () => {
      const page = await api.get<Page<RecordItem>>(path(cursor));
      setMore((before) => ({ items: [...(before?.items ?? []), ...page.items], next: page.next }));
    });
  if (items.length === 0) return <Empty title="Nothing here yet">This record has no entries under “{categoryName(category)}”.</Empty>;
  return (
    <div className="space-y-4">
      <h2 className="title text-xl">{categoryName(category)}</h2>
      <ul className="card divide-y divide-line overflow-hidden">
        {items.map((item) => (
          <Row key={`${item.type}/${item.id}`} item={item} onOpen={() => setOpened(item)} />
        ))}
      </ul>
      <ProblemNotice problem={next.problem} />
      {cursor && (
        <Button busy={next.busy} onClick={() => void loadMore()}>
          Show more
        </Button>
      )}
      <Sheet open={opened !== undefined} onClose={() => setOpened(undefined)} title="Record" testId="record-panel">
        {opened && <RecordDetail reference={`${opened.type}/${opened.id}`} />}
      </Sheet>
    </div>
  );
}

function Row({ item, onOpen }: { item: RecordItem; onOpen: () => void }): ReactNode {
  return (
    <li>
      <button
        type="button"
        onClick={onOpen}
        className="flex w-full items-center gap-4 px-4.5 py-3 text-left -outline-offset-2 hover:bg-sunken"
      >
        <span className="min-w-0 flex-1">
          <span className="block break-words font-medium">{item.label}</span>
          {item.detail && <span className="block break-words text-sm text-muted">{item.detail}</span>}
        </span>
        <span className="shrink-0 text-right text-sm text-muted">
          {formatDate(item.at ?? item.recorded_at)}
          {item.status && !ORDINARY.has(item.status) && (
            <span className="mt-0.5 block rounded-full bg-sunken px-2 text-xs text-ink">{plain(item.status)}</span>
          )}
        </span>
        <span className="text-muted">
          <Icon name="chevron" size={16} />
        </span>
      </button>
    </li>
  );
}
