import type { ReactNode } from "react";
import { query } from "../api/client";
import type { HealthScore } from "../api/tracking";
import { useWhose } from "../record/whose";
import { useApi } from "../session/session";
import { formatNumber } from "../ui/format";
import { Loading, ProblemNotice } from "../ui/notice";
import { useLoad } from "../ui/use-load";
import { begun } from "../ui/words";
import { Unevaluated } from "./unevaluated";

/** The health score with its parts; a part that has no points says why. */
export function Score(): ReactNode {
  const api = useApi();
  const { patientId } = useWhose();
  const { data, problem, loading, reload } = useLoad(
    (signal) => api.get<HealthScore>(`/v1/tracking/score${query({ patient_id: patientId })}`, signal),
    `${patientId}`,
  );
  return (
    <section aria-labelledby="score-title" data-testid="score" className="space-y-3">
      <h2 id="score-title" className="title flex min-h-9 items-center text-xl">
        Health score
      </h2>
      {loading && <Loading />}
      <ProblemNotice problem={problem} onRetry={reload} />
      {data && (
        <div className="card space-y-3 p-5">
          {data.score === null ? (
            <Unevaluated reason={data.reason ?? "Parts of it are not known."} />
          ) : (
            <p>
              <span className="title text-3xl tabular-nums">{formatNumber(data.score)}</span> of 100{data.level && `, ${data.level}`}
            </p>
          )}
          <details>
            <summary className="min-h-9 py-1 text-sm font-medium text-accent">Its parts, and what they rest on</summary>
            <ul aria-label="Parts of the health score" className="divide-y divide-line text-sm">
              {data.parts.map(({ name, points, note, reason }) => (
                <li key={name} className="space-y-0.5 py-2">
                  <p className="flex justify-between gap-4">
                    <span className="font-medium">{begun(name)}</span>
                    <span className="tabular-nums">{points === null ? "Not evaluated" : `${formatNumber(points)} of 100`}</span>
                  </p>
                  {(reason ?? note) && <p className="break-words text-muted">{begun(reason ?? note ?? "")}</p>}
                </li>
              ))}
            </ul>
            <p className="pt-2 text-sm text-muted">{data.evidence.source ?? data.evidence.label}</p>
          </details>
        </div>
      )}
    </section>
  );
}
