import { type ReactNode, useEffect, useMemo, useState } from "react";
import { type Api, query } from "../api/client";
import type { TrackedSeries } from "../api/tracking";
import { useWhose } from "../record/whose";
import { useApi } from "../session/session";
import { formatQuantity } from "../ui/format";
import { Empty, Loading, ProblemNotice } from "../ui/notice";
import { useLoad } from "../ui/use-load";
import { begun, count } from "../ui/words";
import { AlarmMarks } from "./alarm-marks";
import { drawingOf, isLow, summaryOf, whenWords } from "./drawing";
import { Legend, type Shown } from "./legend";
import { OwnRange } from "./own-range";
import { type Period, pointsWanted } from "./period";
import { Plot } from "./plot";
import { PointTable } from "./point-table";
import { Unevaluated } from "./unevaluated";
import { Why } from "./why";

interface Props {
  metric: string;
  period: Period;
  onPeriod: (period: Period) => void;
  onZoom: (nearer: boolean, around?: number) => void;
}

/** One measurement in one period: the last value, the chart, what its ranges mean, the alarms, and every value. */
export function SeriesView({ metric, period, onPeriod, onZoom }: Props): ReactNode {
  const api = useApi();
  const { patientId } = useWhose();
  const [shown, setShown] = useState<Shown>({ bands: true, own: true, usual: true });
  const [opened, setOpened] = useState<string>();
  const loaded = useLoad(
    async (signal) => ({ series: await load(api, metric, period, patientId, signal), period }),
    `${patientId} ${metric} ${period.since} ${period.until}`,
  );
  const { problem, loading, reload } = loaded;
  // The chart stays, and keeps the focus, until the next one can be drawn.
  const [kept, setKept] = useState(loaded.data);
  if (loaded.data && loaded.data !== kept) setKept(loaded.data);
  const data = kept?.series;
  const drawing = useMemo(() => kept && drawingOf(kept.series, kept.period, shown), [kept, shown]);
  // A link in the panel may lead to another time: then the chart is what is wanted.
  useEffect(() => setOpened(undefined), [period]);
  if (loading && !kept) return <Loading label="Drawing the chart" />;
  if (problem || !data || !drawing) return <ProblemNotice problem={problem} onRetry={reload} />;
  const last = drawing.points.at(-1);
  return (
    <figure aria-busy={loading} className="card m-0 space-y-4 p-4 wide:p-6">
      <figcaption className="flex flex-wrap items-end justify-between gap-x-8 gap-y-2">
        <div>
          <h2 className="text-muted">{begun(data.name)}</h2>
          {last && <p className="title text-3xl tabular-nums">{formatQuantity(last.value, data.unit)}</p>}
          {last && <p className="text-sm text-muted">Latest: {whenWords(last)}{TOGETHER[data.kind][data.resolution === "raw" ? 0 : 1]}</p>}
        </div>
        <OwnRange series={data} onChanged={reload} />
      </figcaption>
      {last ? (
        <Plot drawing={drawing} label={summaryOf(drawing, "your own range")} onPeriod={onPeriod} onZoom={onZoom} onAlarm={setOpened} />
      ) : (
        <Empty title="Nothing was measured in this time">Choose a longer time above, or go earlier.</Empty>
      )}
      {last && <p className="hidden text-sm text-muted wide:block">Draw over a stretch to see it closer. With the keyboard: arrows go through the values, + and − zoom.</p>}
      {drawing.points.some(isLow) && (
        <p className="text-sm">
          <span aria-hidden="true">○</span> Hollow points are of low quality: the device may not have been worn, or its values do not fit. They count less or not at all.
        </p>
      )}
      {Boolean(data.left_out) && <Unevaluated reason={`${count(data.left_out ?? 0, "value")} of the record in another kind of unit ${data.left_out === 1 ? "is" : "are"} not drawn.`} />}
      {data.cut && <p className="text-sm text-muted">The record holds older values in this time than those drawn: choose a shorter time to see them.</p>}
      <Legend series={data} shown={shown} onChange={setShown} />
      <AlarmMarks alarms={data.alarms} onOpen={setOpened} />
      {last && <PointTable drawing={drawing} resolution={data.resolution} />}
      <Why id={opened} onClose={() => setOpened(undefined)} />
    </figure>
  );
}

/** What a point is, of single values and of several together. */
const TOGETHER = { instant: ["", ", on average"], sum: ["", ", altogether"], duration: ["", ", altogether"] } as const;

/** The series as fine as can be drawn; bars once more in hours or days when single ones would be too many. */
async function load(api: Api, metric: string, period: Period, patientId: string | undefined, signal: AbortSignal): Promise<TrackedSeries> {
  const fetched = (most: number): Promise<TrackedSeries> =>
    api.get<TrackedSeries>(
      `/v1/tracking/series/${encodeURIComponent(metric)}${query({
        since: new Date(period.since).toISOString(),
        until: new Date(period.until).toISOString(),
        most,
        patient_id: patientId,
      })}`,
      signal,
    );
  const series = await fetched(pointsWanted(undefined, period));
  const wanted = pointsWanted(series.kind, period);
  return series.points.length > wanted ? fetched(wanted) : series;
}
