import { type ReactNode, useState } from "react";
import { query } from "../api/client";
import type { Memory, MemoryHits, Page } from "../api/types";
import { useApi } from "../session/session";
import { Button } from "../ui/button";
import { Field } from "../ui/field";
import { Empty, Loading, Note, ProblemNotice } from "../ui/notice";
import { useAction, useLoad } from "../ui/use-load";
import { MemoryCard } from "./card";
import { RememberForm } from "./remember";

const PAGE_SIZE = 50;

interface Props {
  label: string;
  kinds: string[];
  empty: string;
  /** Whether these are the person's own statements, which can be added to and seen with what they were before. */
  told: boolean;
}

/** The memories of some kinds, a search among them, and for own statements a form to add one. */
export function MemoryList({ label, kinds, empty, told }: Props): ReactNode {
  const [words, setWords] = useState("");
  const [history, setHistory] = useState(false);
  const [round, setRound] = useState(0);
  const again = (): void => setRound((before) => before + 1);
  const sought = words.trim();
  return (
    <div className={told ? "grid items-start gap-8 wide:grid-cols-[minmax(0,1fr)_21rem]" : ""}>
      <div className="space-y-4">
        {told && (
          <div className="flex flex-wrap items-end gap-4">
            <div className="min-w-52 flex-1">
              <Field label="Search" type="search" value={words} maxLength={200} onChange={(event) => setWords(event.target.value)} />
            </div>
            <label className="flex min-h-11 cursor-pointer items-center gap-2.5">
              <input type="checkbox" className="size-4.5" checked={history} onChange={() => setHistory(!history)} />
              Show what it was before
            </label>
          </div>
        )}
        {sought ? (
          <Found key={round} words={sought} label={label} onChange={again} />
        ) : (
          <Listed key={round} kinds={kinds} history={history} label={label} empty={empty} onChange={again} />
        )}
      </div>
      {told && <RememberForm onKept={again} />}
    </div>
  );
}

interface ListedProps {
  kinds: string[];
  label: string;
  history: boolean;
  empty: string;
  onChange: () => void;
}

function Listed({ kinds, label, history, empty, onChange }: ListedProps): ReactNode {
  const api = useApi();
  const [more, setMore] = useState<Page<Memory>>();
  const next = useAction();
  const path = (after?: string | null): string =>
    `/v1/memories${query({ limit: PAGE_SIZE, after, history: history ? "true" : null })}&${kinds.map((kind) => `kind=${kind}`).join("&")}`;
  const { data, problem, loading, reload } = useLoad((signal) => api.get<Page<Memory>>(path(), signal), `${kinds} ${history}`);
  if (loading) return <Loading />;
  if (problem || !data) return <ProblemNotice problem={problem} onRetry={reload} />;
  const items = [...data.items, ...(more?.items ?? [])];
  const after = more ? more.next : data.next;
  const loadMore = (): Promise<boolean> =>
    next.run(async () => {
      const page = await api.get<Page<Memory>>(path(after));
      setMore((before) => ({ items: [...(before?.items ?? []), ...page.items], next: page.next }));
    });
  if (items.length === 0) return <Empty title="Nothing is remembered here">{empty}</Empty>;
  return (
    <>
      <Cards items={items} label={label} onChange={onChange} />
      <ProblemNotice problem={next.problem} />
      {after && (
        <Button busy={next.busy} onClick={() => void loadMore()}>
          Show more
        </Button>
      )}
    </>
  );
}

interface FoundProps {
  words: string;
  label: string;
  onChange: () => void;
}

function Found({ words, label, onChange }: FoundProps): ReactNode {
  const api = useApi();
  const path = `/v1/memories/search${query({ q: words })}`;
  const { data, problem, loading, reload } = useLoad((signal) => api.get<MemoryHits>(path, signal), path);
  if (loading) return <Loading label="Searching" />;
  if (problem || !data) return <ProblemNotice problem={problem} onRetry={reload} />;
  if (data.items.length === 0 && data.by_words) return <Note title="Not certain">Only the words themselves were looked for, not their meaning, and not found. There may be something.</Note>;
  if (data.items.length === 0) return <Empty title="Nothing found">Nothing that is remembered here answers “{words}”.</Empty>;
  return <Cards items={data.items} label={label} onChange={onChange} />;
}

const Cards = ({ items, label, onChange }: { items: Memory[]; label: string; onChange: () => void }): ReactNode => (
  <ul aria-label={label} data-testid="memory-list" className="space-y-3">
    {items.map((memory) => (
      <MemoryCard key={memory.id} memory={memory} onChange={onChange} />
    ))}
  </ul>
);
