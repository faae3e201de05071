/** A sample of a device, or a whole series, that something rests on: "DeviceSample/{device}/{metric}/{at}", "Series/{metric}". */
export interface MeasuredRef {
  metric: string;
  at?: string;
}

/** What a reference names; undefined when it names an entry of the record. */
export function measuredRef(ref: string): MeasuredRef | undefined {
  const [kind, ...rest] = ref.split("/");
  if (kind === "Series" && rest.length === 1 && rest[0]) return { metric: rest[0] };
  const [, metric, at] = rest;
  return kind === "DeviceSample" && rest.length === 3 && metric && at ? { metric, at } : undefined;
}

const DAY = 86_400_000;
const AROUND = 3;

/** The place of the chart that shows it: the days around a sample, the last three months of a series. */
export function chartPlace({ metric, at }: MeasuredRef): string {
  const moment = Date.parse(at ?? "");
  const path = `/health/${encodeURIComponent(metric)}`;
  if (Number.isNaN(moment)) return `${path}?days=91`;
  const search = new URLSearchParams({ since: new Date(moment - AROUND * DAY).toISOString(), until: new Date(moment + AROUND * DAY).toISOString() });
  return `${path}?${search}`;
}
