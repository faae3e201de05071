import { type ReactNode, useMemo } from "react";
import { query } from "../api/client";
import type { RecordItemDetail } from "../api/types";
import { useApi } from "../session/session";
import { formatWhen } from "../ui/format";
import { Loading, Note, ProblemNotice } from "../ui/notice";
import { useLoad } from "../ui/use-load";
import { categoryName, plain } from "../ui/words";
import { factsOf } from "./facts";
import { useWhose } from "./whose";

interface Props {
  /** "Type/id" */
  reference: string;
  /** The version that an answer rests on. */
  citedVersion?: string;
  label?: string;
}

/** One stored record: what it says, its versions, and the FHIR resource as it is kept. */
export function RecordDetail({ reference, citedVersion, label }: Props): ReactNode {
  const api = useApi();
  const { patientId } = useWhose();
  const path = reference.split("/").map(encodeURIComponent).join("/");
  const { data, problem, loading, reload } = useLoad(
    (signal) => api.get<RecordItemDetail>(`/v1/record/items/${path}${query({ patient_id: patientId })}`, signal),
    `${patientId} ${reference}`,
  );
  if (loading) return <Loading label="Opening the record" />;
  if (problem?.status === 404) {
    return <Note title={label}>This record cannot be opened. It may have been removed, or is no longer shared.</Note>;
  }
  if (problem || !data) return <ProblemNotice problem={problem} onRetry={reload} />;
  return <Opened detail={data} citedVersion={citedVersion} />;
}

function Opened({ detail, citedVersion }: { detail: RecordItemDetail; citedVersion?: string }): ReactNode {
  const { item, resource, versions } = detail;
  const when = formatWhen(item.at);
  const facts = useMemo(() => factsOf(resource).filter(({ value }) => value !== when && value !== item.detail), [resource, when, item.detail]);
  const changed = citedVersion !== undefined && String(item.version) !== citedVersion;
  return (
    <div className="space-y-4">
      <div>
        <p className="text-sm text-muted">{categoryName(item.category)}</p>
        <h3 className="title text-2xl">{item.label}</h3>
        {item.detail && <p className="mt-1 text-lg">{item.detail}</p>}
      </div>
      {changed && (
        <Note title="This record has changed since">
          The answer used version {citedVersion}. Version {item.version} is shown here.
        </Note>
      )}
      <dl className="divide-y divide-line">
        {when && <Row name="When" value={when} />}
        {facts.map(({ name, value }, index) => (
          <Row key={index} name={name} value={value} />
        ))}
        {item.status && <Row name="Status" value={plain(item.status)} />}
        {item.code && <Row name="Code" value={item.code} />}
        <Row name="Kept as" value={`${plain(item.type)}, version ${item.version}`} />
      </dl>
      <div>
        <h4 className="mb-1 text-sm font-medium text-muted">Versions</h4>
        <ul className="space-y-1 text-sm">
          {versions.map(({ version, recorded_at }) => (
            <li key={version} className="flex justify-between gap-4">
              <span>
                Version {version}
                {String(version) === citedVersion && " (used in the answer)"}
              </span>
              <span className="text-muted">{formatWhen(recorded_at)}</span>
            </li>
          ))}
        </ul>
      </div>
      <details className="rounded-xl border border-line">
        <summary className="min-h-11 px-4 py-2.5 text-sm font-medium">{resource.resourceType ? "Original data (FHIR)" : "Original data"}</summary>
        <pre tabIndex={0} aria-label="Original data" className="max-h-96 overflow-auto border-t border-line p-4 font-mono text-xs leading-relaxed">
          {JSON.stringify(resource, null, 2)}
        </pre>
      </details>
    </div>
  );
}

const Row = ({ name, value }: { name: string; value: string }): ReactNode => (
  <div className="flex justify-between gap-6 py-2 text-sm">
    <dt className="shrink-0 text-muted">{name}</dt>
    <dd className="min-w-0 break-words text-right">{value}</dd>
  </div>
);
