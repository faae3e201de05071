import { type ReactNode, useState } from "react";
import { query } from "../api/client";
import type { Risk } from "../api/tracking";
import type { Finding, Page } from "../api/types";
import { EvidencePanel } from "../chat/evidence";
import { useWhose } from "../record/whose";
import { useApi } from "../session/session";
import { formatWhen } from "../ui/format";
import { Loading, ProblemNotice } from "../ui/notice";
import { useLoad } from "../ui/use-load";
import { useFeed } from "./live";

/** Where the person stands, as the last decisions left it. */
export function Standing(): ReactNode {
  const api = useApi();
  const { patientId } = useWhose();
  const [opened, setOpened] = useState<Risk>();
  const [, { alarms }] = useFeed();
  const { data, problem, loading, reload } = useLoad(
    (signal) => api.get<Page<Risk>>(`/v1/risks${query({ patient_id: patientId })}`, signal),
    `${patientId} ${alarms?.length}`,
  );
  return (
    <section aria-labelledby="standing-title" className="space-y-3">
      <h2 id="standing-title" className="title flex min-h-9 items-center text-xl">
        Where things stand
      </h2>
      {loading && <Loading />}
      <ProblemNotice problem={problem} onRetry={reload} />
      {data?.items.length === 0 && <p className="text-muted">Nothing has been decided about yet: new readings are looked at as they come in.</p>}
      {data && data.items.length > 0 && (
        <ul aria-label="Where things stand" className="card divide-y divide-line">
          {data.items.map((risk) => (
            <li key={risk.key} className="space-y-1 p-5">
              <h3 className="font-semibold">{risk.label}</h3>
              <p className="break-words">{risk.text}</p>
              <p className="flex flex-wrap items-center gap-x-3 text-sm text-muted">
                Since {formatWhen(risk.at)}
                {risk.evidence.length > 0 && (
                  <button type="button" onClick={() => setOpened(risk)} aria-label={`What this rests on: ${risk.label}`} className="min-h-8 rounded font-medium text-accent underline underline-offset-3">
                    What this rests on
                  </button>
                )}
              </p>
            </li>
          ))}
        </ul>
      )}
      <EvidencePanel finding={opened && asFinding(opened)} onClose={() => setOpened(undefined)} />
    </section>
  );
}

const asFinding = ({ key, text, evidence }: Risk): Finding => ({
  kind: key,
  text,
  status: "found",
  values: [],
  urgency: "routine",
  confidence: 1,
  evidence,
  reason: null,
  categories: [],
  agent: null,
});
