import { type ReactNode, useMemo, useState } from "react";
import { query } from "../api/client";
import type { Series } from "../api/types";
import { firstOf, useMeasurements } from "../health/metrics";
import { MetricSelect } from "../health/metric-select";
import { Plot } from "../health/plot";
import { href } from "../router";
import { useApi } from "../session/session";
import { Sheet } from "../ui/dialog";
import { formatDate, formatQuantity, formatWhen } from "../ui/format";
import { Empty, Loading, ProblemNotice } from "../ui/notice";
import { Select } from "../ui/select";
import { useLoad } from "../ui/use-load";
import { begun } from "../ui/words";
import { RecordDetail } from "./detail";
import { drawingOf, rangeWords, sideOf, summaryOf } from "./series";
import { useWhose } from "./whose";

const SPANS = [
  { value: "", label: "All time", months: 0 },
  { value: "24", label: "2 years", months: 24 },
  { value: "12", label: "1 year", months: 12 },
  { value: "3", label: "3 months", months: 3 },
];

/** A chart of one chosen measurement, and the same values as a table. */
export function Trends(): ReactNode {
  const [metric, setMetric] = useState<string>();
  const [span, setSpan] = useState("");
  const { data, problem, loading, reload } = useMeasurements();
  if (loading) return <Loading />;
  if (problem || !data) return <ProblemNotice problem={problem} onRetry={reload} />;
  const chosen = metric ?? firstOf(data)?.metric;
  if (!chosen) return <Empty title="No measurements yet">Charts appear here when the record holds readings or lab values.</Empty>;
  return (
    <div className="space-y-5">
      <div className="grid gap-3 sm:grid-cols-[minmax(0,1fr)_9rem]">
        <MetricSelect items={data} value={chosen} onChange={setMetric} />
        <Select label="Time" value={span} onChange={setSpan}>
          {SPANS.map(({ value, label }) => (
            <option key={value} value={value}>
              {label}
            </option>
          ))}
        </Select>
      </div>
      <SeriesView key={`${chosen} ${span}`} metric={chosen} since={monthsAgo(Number(span))} />
    </div>
  );
}

function monthsAgo(months: number): string | undefined {
  if (!months) return undefined;
  const date = new Date();
  date.setMonth(date.getMonth() - months, date.getDate());
  return date.toISOString();
}

function SeriesView({ metric, since }: { metric: string; since?: string }): ReactNode {
  const api = useApi();
  const { patientId } = useWhose();
  const path = `/v1/record/measurements/${encodeURIComponent(metric)}${query({ patient_id: patientId, since })}`;
  const { data, problem, loading, reload } = useLoad((signal) => api.get<Series>(path, signal), `${patientId} ${metric}`);
  const { base } = useWhose();
  const series = useMemo(() => data && { ...data, points: data.points.toSorted((a, b) => Date.parse(a.at) - Date.parse(b.at)) }, [data]);
  const drawing = useMemo(() => series && drawingOf(series), [series]);
  if (loading) return <Loading />;
  if (problem || !series || !drawing) return <ProblemNotice problem={problem} onRetry={reload} />;
  const last = series.points.at(-1);
  if (!last) return <Empty title="Nothing was measured in this time">Choose a longer time above.</Empty>;
  return (
    <figure className="card m-0 space-y-4 p-4 wide:p-6">
      <figcaption className="flex flex-wrap items-end justify-between gap-x-8 gap-y-2">
        <div>
          <h2 className="text-muted">{begun(series.name)}</h2>
          <p className="title text-3xl tabular-nums">{formatQuantity(last.value, series.unit)}</p>
          <p className="text-sm text-muted">Latest, {formatWhen(last.at)}</p>
        </div>
        <p className="max-w-xs text-sm text-muted">{rangeWords(series)}</p>
      </figcaption>
      <Plot drawing={drawing} label={summaryOf(series)} />
      <p className="text-sm">
        <a href={href(`${base}/health/${encodeURIComponent(metric)}?days=365`)} className="font-medium text-accent underline underline-offset-3">
          With devices, guidelines and alarms
        </a>
      </p>
      <PointTable series={series} />
    </figure>
  );
}

function PointTable({ series }: { series: Series }): ReactNode {
  const [opened, setOpened] = useState<string>();
  const side = { low: "Below the range", high: "Above the range", in: "Within the range", unknown: "" };
  return (
    <details className="border-t border-line pt-2">
      <summary className="min-h-10 py-2 text-sm font-medium text-accent">Show the values as a table</summary>
      <div className="max-h-96 overflow-auto" tabIndex={0} role="region" aria-label="Values">
        <table className="w-full whitespace-nowrap text-left text-sm tabular-nums">
          <caption className="sr-only">{summaryOf(series)}</caption>
          <thead className="text-muted">
            <tr>
              <th scope="col" className="py-2 pr-4 font-medium">Date</th>
              <th scope="col" className="py-2 pr-4 font-medium">Value</th>
              {series.range && <th scope="col" className="py-2 pr-4 font-medium">Reference range</th>}
              <th scope="col" className="py-2 font-medium">Record</th>
            </tr>
          </thead>
          <tbody className="divide-y divide-line">
            {[...series.points].reverse().map(({ at, value, record_id }, index) => (
              <tr key={index}>
                <td className="py-1.5 pr-4">{formatWhen(at)}</td>
                <td className="py-1.5 pr-4 font-medium">{formatQuantity(value, series.unit)}</td>
                {series.range && <td className="py-1.5 pr-4">{side[sideOf(value, series.range)]}</td>}
                <td className="py-1.5">
                  {record_id && (
                    <button
                      type="button"
                      aria-label={`Open the record of ${formatDate(at)}`}
                      onClick={() => setOpened(record_id)}
                      className="min-h-8 rounded font-medium text-accent underline underline-offset-3"
                    >
                      Open
                    </button>
                  )}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <Sheet open={opened !== undefined} onClose={() => setOpened(undefined)} title="Record">
        {opened && <RecordDetail reference={opened.includes("/") ? opened : `Observation/${opened}`} />}
      </Sheet>
    </details>
  );
}
