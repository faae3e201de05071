import { type ReactNode, useState } from "react";
import { query } from "../api/client";
import type { GlucoseReport } from "../api/tracking";
import { useWhose } from "../record/whose";
import { useApi } from "../session/session";
import { formatDate, formatQuantity } from "../ui/format";
import { Loading, ProblemNotice } from "../ui/notice";
import { Select } from "../ui/select";
import { useLoad } from "../ui/use-load";
import { begun } from "../ui/words";
import type { Period } from "./period";
import { Unevaluated } from "./unevaluated";

/** LOINC of what a continuous sensor measures. */
export const SENSOR_GLUCOSE = "99504-3";

/** The service reports on no longer time at once (ms). */
const LONGEST = 31 * 86_400_000;

/** Whose targets the service knows. */
const PEOPLE = [
  ["", "Nobody: only the values"],
  ["standard", "Adults with type 1 or type 2 diabetes"],
  ["older_high_risk", "Older people, or high risk of low glucose"],
  ["pregnancy_type_1", "Pregnancy with type 1 diabetes"],
] as const;

type Row = GlucoseReport["metrics"][number];
const STATUS: Record<Row["status"], string> = { found: "Missed", not_found: "Met", not_evaluated: "Not evaluated" };

/** What the values of a glucose sensor amount to in a period: each measure with its target, or why there is none. */
export function Glucose({ period }: { period: Period }): ReactNode {
  const api = useApi();
  const { patientId } = useWhose();
  const [people, setPeople] = useState("");
  const since = Math.max(period.since, period.until - LONGEST);
  const path = `/v1/tracking/glucose${query({ since: new Date(since).toISOString(), until: new Date(period.until).toISOString(), people, patient_id: patientId })}`;
  const { data, problem, loading, reload } = useLoad((signal) => api.get<GlucoseReport>(path, signal), path);
  return (
    <section aria-labelledby="glucose-title" data-testid="glucose" className="card space-y-3 p-4 wide:p-6">
      <h2 id="glucose-title" className="title text-xl">
        Glucose report
      </h2>
      <div className="max-w-md">
        <Select label="Targets of" value={people} onChange={setPeople}>
          {PEOPLE.map(([value, words]) => (
            <option key={value} value={value}>
              {words}
            </option>
          ))}
        </Select>
      </div>
      {loading && <Loading />}
      <ProblemNotice problem={problem} onRetry={reload} />
      {data && (
        <p className="text-sm text-muted">
          {formatDate(data.since)} to {formatDate(data.until)}
          {data.active_percent !== null && `, with readings for ${formatQuantity(data.active_percent, "%")} of the time`}
        </p>
      )}
      {data && whyAll(data) && <Unevaluated what="Whether targets are met" reason={whyAll(data) ?? ""} />}
      {data && data.metrics.length > 0 && <Measures report={data} />}
      {data && [...new Set(data.evidence.map(({ source, label }) => source ?? label))].map((source) => (
        <p key={source} className="text-sm text-muted">
          {source}
        </p>
      ))}
    </section>
  );
}

const Measures = ({ report }: { report: GlucoseReport }): ReactNode => (
  <div className="overflow-x-auto" tabIndex={0} role="region" aria-label="Measures of the glucose report">
    <table className="w-full text-left text-sm tabular-nums">
      <caption className="sr-only">{report.people ? `Targets for ${report.people}` : "Measures and targets"}</caption>
      <thead className="text-muted">
        <tr>
          {["Measure", "Value", "Target", "Is it met?"].map((name) => (
            <th key={name} scope="col" className="py-2 pr-5 font-medium">
              {name}
            </th>
          ))}
        </tr>
      </thead>
      <tbody className="divide-y divide-line">
        {report.metrics.map((row) => (
          <tr key={row.key}>
            <th scope="row" className="py-1.5 pr-5 font-medium">
              {begun(row.name)}
            </th>
            <td className="whitespace-nowrap py-1.5 pr-5">{row.value === null ? "Not evaluated" : formatQuantity(row.value, row.unit)}</td>
            <td className="py-1.5 pr-5">{row.target ?? "Not given"}</td>
            <td className="py-1.5">{met(row, whyAll(report))}</td>
          </tr>
        ))}
      </tbody>
    </table>
  </div>
);

/** Why no target at all could be looked at, said once; undefined when the measures differ. */
function whyAll({ reason, metrics }: GlucoseReport): string | undefined {
  const reasons = new Set(metrics.map(({ status, reason: why }) => (status === "not_evaluated" ? why : null)));
  const [only] = reasons;
  return (reasons.size === 1 ? only : undefined) ?? reason ?? undefined;
}

/** A target that was not looked at is neither met nor missed; a reason that was said for all is not repeated. */
const met = ({ status, reason }: Row, said: string | undefined): string =>
  status === "not_evaluated" && reason && reason !== said ? `Not evaluated: ${reason}` : STATUS[status];
