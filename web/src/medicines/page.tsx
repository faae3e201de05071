import { type ReactNode, useCallback, useState } from "react";
import type { Check, Medicine } from "../api/medications";
import type { Page } from "../api/types";
import { useMayWrite } from "../providers/rights";
import { useWhose } from "../record/whose";
import { href, navigate } from "../router";
import { useApi } from "../session/session";
import { Icon } from "../ui/icons";
import { Loading, ProblemNotice } from "../ui/notice";
import { PAGE, PageTitle } from "../ui/shell";
import { PageTabs } from "../ui/tabs";
import { type Loaded, useLoad } from "../ui/use-load";
import { count } from "../ui/words";
import { useMedicinePath } from "./calls";
import { CheckPart } from "./check";
import { interrupts } from "./checks";
import { MedicineList } from "./list";

/** What somebody takes, how it is going, and what speaks against it. */
export function MedicinesPage({ part }: { part: string | undefined }): ReactNode {
  const api = useApi();
  const { base, patientId } = useWhose();
  const mayWrite = useMayWrite();
  const path = useMedicinePath();
  const [round, setRound] = useState(0);
  const list = useKept(useLoad((signal) => api.get<Page<Medicine>>(path(), signal), `${patientId} ${round}`));
  const check = useKept(useLoad((signal) => api.get<Check>(path("/check"), signal), `${patientId} ${round}`));
  const changed = useCallback(() => setRound((before) => before + 1), []);
  const warnings = check.data?.findings.filter(interrupts).length ?? 0;
  const parts = [
    {
      part: "list",
      label: "Medicines",
      content: list.data && (
        <div className="space-y-6">
          <Warnings number={warnings} to={`${base}/medicines/check`} />
          <MedicineList medicines={list.data.items} onChanged={changed} />
        </div>
      ),
    },
    { part: "check", label: warnings > 0 ? `Check (${warnings})` : "Check", content: <CheckPart check={check} onChanged={changed} /> },
  ];
  return (
    <div className={PAGE}>
      <PageTitle lead={patientId ? "What is taken, how it is going, and what speaks against it." : "What you take, how it is going, and whether it goes together."}>Medicines</PageTitle>
      {!mayWrite && <p className="-mt-3 mb-4 text-sm text-muted">You may look at this and not change it.</p>}
      {list.loading && !list.data && <Loading />}
      <ProblemNotice problem={list.problem} onRetry={list.reload} />
      {list.data && (
        <PageTabs label="Medicines" parts={parts} current={part === "check" ? "check" : "list"} onChange={(to) => navigate(to === "list" ? `${base}/medicines` : `${base}/medicines/${to}`)} />
      )}
    </div>
  );
}

/** What was loaded stays in view while it is loaded anew. */
function useKept<T>(loaded: Loaded<T>): Loaded<T> {
  const [last, setLast] = useState<T>();
  if (loaded.data !== undefined && loaded.data !== last) setLast(loaded.data);
  return { ...loaded, data: loaded.data ?? (loaded.problem ? undefined : last) };
}

function Warnings({ number, to }: { number: number; to: string }): ReactNode {
  if (number === 0) return null;
  return (
    <p role="status" data-testid="warnings" className="flex flex-wrap items-center gap-x-3 gap-y-1 rounded-2xl border-2 border-danger bg-danger-soft px-4 py-3">
      <span className="text-danger">
        <Icon name="alert" />
      </span>
      <span className="min-w-0 flex-1 font-semibold">{count(number, "warning")} about these medicines</span>
      <a href={href(to)} className="inline-flex min-h-9 items-center font-medium text-accent underline underline-offset-3">
        See what was found
      </a>
    </p>
  );
}
