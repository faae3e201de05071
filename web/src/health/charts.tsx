import { type ReactNode, useMemo } from "react";
import { useWhose } from "../record/whose";
import { navigate, useRoute } from "../router";
import { IconButton } from "../ui/button";
import { Icon } from "../ui/icons";
import { Empty, Loading, ProblemNotice } from "../ui/notice";
import { Glucose, SENSOR_GLUCOSE } from "./glucose";
import { firstOf, useMeasurements } from "./metrics";
import { MetricSelect } from "./metric-select";
import { type Period, SPANS, moved, periodOf, periodQuery, spanOf, zoomed } from "./period";
import { SeriesView } from "./series-view";

const NEARER = 0.5;

/** The chart of one measurement in a period; both are in the address, so that they can be come back to. */
export function Charts({ metric }: { metric: string | undefined }): ReactNode {
  const { base } = useWhose();
  const { query } = useRoute();
  const { data, problem, loading, reload } = useMeasurements();
  const asked = query.toString();
  const [now, period] = useMemo(() => {
    const moment = Date.now();
    return [moment, periodOf(new URLSearchParams(asked), moment)];
  }, [asked]);
  if (loading) return <Loading />;
  if (problem || !data) return <ProblemNotice problem={problem} onRetry={reload} />;
  const chosen = metric ?? firstOf(data)?.metric;
  if (!chosen) return <Empty title="No measurements yet">Charts appear here when a device delivers, a file is imported, or the record holds readings.</Empty>;
  const go = (to: string, search: string): void => navigate(`${base}/health/${encodeURIComponent(to)}?${search}`);
  const show = (next: Period): void => go(chosen, periodQuery(next));
  const zoom = (nearer: boolean, around?: number): void => show(zoomed(period, nearer ? NEARER : 1 / NEARER, now, around));
  return (
    <div className="space-y-5">
      <MetricSelect items={data} value={chosen} onChange={(to) => go(to, asked)} />
      <div className="flex flex-wrap items-center gap-x-4 gap-y-2">
        <Spans current={spanOf(query)} onChange={(days) => go(chosen, `days=${days}`)} />
        <div role="group" aria-label="Move in time" className="flex gap-1">
          <IconButton label="Earlier" onClick={() => show(moved(period, -1, now))}>
            <Icon name="back" />
          </IconButton>
          <IconButton label="Later" disabled={period.until >= now} onClick={() => show(moved(period, 1, now))}>
            <Icon name="chevron" />
          </IconButton>
          <IconButton label="Zoom in" onClick={() => zoom(true)}>
            <Icon name="plus" />
          </IconButton>
          <IconButton label="Zoom out" onClick={() => zoom(false)}>
            <Icon name="minus" />
          </IconButton>
        </div>
      </div>
      <SeriesView key={chosen} metric={chosen} period={period} onPeriod={show} onZoom={zoom} />
      {chosen === SENSOR_GLUCOSE && <Glucose period={period} />}
    </div>
  );
}

const Spans = ({ current, onChange }: { current: string; onChange: (days: string) => void }): ReactNode => (
  <div role="group" aria-label="Time" className="flex flex-wrap rounded-full border border-edge p-0.5">
    {SPANS.map(({ value, label }) => (
      <button
        key={value}
        type="button"
        aria-pressed={value === current}
        onClick={() => onChange(value)}
        className="min-h-8.5 rounded-full px-3 text-sm font-medium text-muted hover:text-ink aria-pressed:bg-accent aria-pressed:text-on-accent"
      >
        {label}
      </button>
    ))}
  </div>
);
