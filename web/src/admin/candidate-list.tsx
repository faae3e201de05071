import { type ReactNode, useState } from "react";
import { query } from "../api/client";
import type { Candidate, CandidateState } from "../api/review";
import type { Page } from "../api/types";
import { useApi } from "../session/session";
import { Button } from "../ui/button";
import { Empty, Loading, ProblemNotice } from "../ui/notice";
import { Select } from "../ui/select";
import { useAction, useLoad } from "../ui/use-load";
import { CandidateCard } from "./candidate-card";
import { STATE } from "./candidates";

const PAGE_SIZE = 20;

/** Candidates in one state, page by page; one that was just decided stays in view with its new state. */
export function CandidateList(): ReactNode {
  const api = useApi();
  const [state, setState] = useState<CandidateState>("proposed");
  const [more, setMore] = useState<Page<Candidate>>();
  const [decided, setDecided] = useState<ReadonlyMap<string, Candidate>>(new Map());
  const next = useAction();
  const path = (cursor?: string | null): string => `/v1/knowledge/candidates${query({ state, limit: PAGE_SIZE, cursor })}`;
  const { data, problem, loading, reload } = useLoad((signal) => api.get<Page<Candidate>>(path(), signal), state);
  const items = [...(data?.items ?? []), ...(more?.items ?? [])].map((each) => decided.get(each.id) ?? each);
  const cursor = more ? more.next : data?.next;
  const loadMore = (): Promise<boolean> =>
    next.run(async () => {
      const page = await api.get<Page<Candidate>>(path(cursor));
      setMore((before) => ({ items: [...(before?.items ?? []), ...page.items], next: page.next }));
    });
  const choose = (to: string): void => {
    setState(to as CandidateState);
    setMore(undefined);
    setDecided(new Map());
  };
  return (
    <div className="space-y-4">
      <div className="max-w-xs">
        <Select label="Show" value={state} onChange={choose} testId="candidate-state">
          {Object.entries(STATE).map(([value, words]) => (
            <option key={value} value={value}>
              {words}
            </option>
          ))}
        </Select>
      </div>
      {loading && <Loading />}
      <ProblemNotice problem={problem} onRetry={reload} />
      {data && items.length === 0 && <Empty title="Nothing here">Read a document in, under Documents.</Empty>}
      {items.length > 0 && (
        <ul aria-label="Candidates" className="space-y-4">
          {items.map((each) => (
            <CandidateCard key={each.id} candidate={each} onDecided={(now) => setDecided(new Map(decided).set(now.id, now))} />
          ))}
        </ul>
      )}
      <ProblemNotice problem={next.problem} />
      {cursor && (
        <Button busy={next.busy} onClick={() => void loadMore()}>
          Show more
        </Button>
      )}
    </div>
  );
}
