import type { AlarmMark, Band, Kind, TrackedPoint, TrackedSeries } from "../api/tracking";
import { formatNumber, formatQuantity, formatWhen } from "../ui/format";
import { begun, count } from "../ui/words";
import type { Period } from "./period";

/** A sample below this is kept and counts less or not at all, as the service says it (tracking: LOW_QUALITY). */
export const LOW_QUALITY = 0.5;

/** A range drawn as lines; either end may be open. */
export interface Limits {
  low: number | null;
  high: number | null;
  label: string;
}

/** What a chart shows; the caller says the same in words and as a table. */
export interface Drawing extends Period {
  name: string;
  unit: string | null;
  kind: Kind;
  points: TrackedPoint[];
  bands: Band[];
  /** Values outside are drawn as diamonds. */
  range: Limits | null;
  usual: Limits | null;
  alarms: AlarmMark[];
}

export const isLow = ({ quality }: TrackedPoint): boolean => quality < LOW_QUALITY;
export const isJoined = (point: TrackedPoint): boolean => point.count > 1;

/** The moment at which a point is drawn: the middle of what it sums up. */
export const momentOf = ({ at, until }: TrackedPoint): number => (Date.parse(at) + Date.parse(until ?? at)) / 2;

export function sideOf(value: number, range: Pick<Limits, "low" | "high"> | null): "low" | "in" | "high" | "unknown" {
  if (!range || (range.low === null && range.high === null)) return "unknown";
  if (range.low !== null && value < range.low) return "low";
  if (range.high !== null && value > range.high) return "high";
  return "in";
}

/** "90 to 130 mmHg", "90 mmHg or more", "130 mmHg or less". */
export function rangeText({ low, high }: Pick<Limits, "low" | "high">, unit: string | null): string {
  if (low !== null && high !== null) return `${formatNumber(low)} to ${formatQuantity(high, unit)}`;
  if (low !== null) return `${formatQuantity(low, unit)} or more`;
  return high === null ? "no limits" : `${formatQuantity(high, unit)} or less`;
}

/** Room beside the highest and the lowest value, as a share of their distance. */
const MARGIN = 0.15;
/** How far a limit may lie from the values and still be in the picture, as a share of their distance. */
const NEAR = 1;

/** The height of the chart: the values, what is near of the ranges, and for bars the ground. */
export function heightOf({ points, kind, bands, range, usual }: Drawing): [number, number] {
  const values = points.flatMap(({ value, least, most, count }) => (kind === "instant" && count > 1 ? [least, most] : [value]));
  const [low, high] = values.length > 0 ? [Math.min(...values), Math.max(...values)] : [0, 1];
  if (kind !== "instant") {
    const limits = [range, usual].flatMap((each) => [each?.low ?? 0, each?.high ?? 0]);
    return [0, Math.max(high, ...limits) * (1 + MARGIN) || 1];
  }
  const reach = Math.max((high - low) * NEAR, Math.abs(high) * 0.1);
  const edges = [...bands, range, usual].flatMap((each) => [each?.low, each?.high]);
  const near = edges.filter((edge) => edge !== null && edge !== undefined).filter((edge) => edge >= low - reach && edge <= high + reach);
  const [bottom, top] = [Math.min(low, ...near), Math.max(high, ...near)];
  const room = (top - bottom || Math.abs(top) || 1) * MARGIN;
  return [bottom >= 0 && bottom - room < 0 ? 0 : bottom - room, top + room];
}

/** A distance so many times longer than nearly all of them is a gap in which no line is drawn. */
const GAP = 6;
const NEARLY_ALL = 0.9;

/** For each point whether the line breaks after it: there is nothing for much longer than elsewhere. */
export function breaks(points: TrackedPoint[]): boolean[] {
  const moments = points.map(momentOf);
  const steps = moments.slice(1).map((moment, index) => moment - moments[index]!);
  const long = steps.toSorted((a, b) => a - b)[Math.floor((steps.length - 1) * NEARLY_ALL)] ?? 0;
  return points.map((_, index) => (steps[index] ?? 0) > long * GAP);
}

/** One point in words: "128 mmHg, 3 May 2026, 07:30". */
export function pointWords(point: TrackedPoint, { kind, unit }: Pick<Drawing, "kind" | "unit">): string {
  const parts = [formatQuantity(point.value, unit)];
  if (kind === "instant" && isJoined(point)) {
    parts[0] = `${parts[0]} on average`;
    parts.push(`${formatNumber(point.least)} to ${formatNumber(point.most)} in ${count(point.count, "value")}`);
  }
  if (isLow(point)) parts.push("of low quality");
  parts.push(whenWords(point));
  return parts.join(", ");
}

const DAY = 86_400_000;

/** When a point was measured: a moment, a stretch of a day, or whole days. */
export function whenWords({ at, until }: Pick<TrackedPoint, "at" | "until">): string {
  const begins = new Date(at);
  if (!until || until === at) return formatWhen(at);
  const ends = new Date(until);
  const length = ends.getTime() - begins.getTime();
  const day = new Intl.DateTimeFormat(undefined, { dateStyle: "medium" });
  // Days of the person's own zone; summer and winter time make them an hour longer or shorter.
  if (Math.abs(length - DAY) <= DAY / 20) return day.format(new Date(begins.getTime() + length / 2));
  if (length > DAY) return day.formatRange(begins, new Date(ends.getTime() - 1));
  return new Intl.DateTimeFormat(undefined, { dateStyle: "medium", timeStyle: "short" }).formatRange(begins, ends);
}

/** A chart in a sentence or two, for those who do not see it. */
export function summaryOf({ name, unit, points, range }: Pick<Drawing, "name" | "unit" | "points" | "range">, rangeName = "the range"): string {
  const [first, last] = [points[0], points.at(-1)];
  if (!first || !last) return `${begun(name)}: no values`;
  const values = points.map(({ value }) => value);
  const outside = values.filter((value) => ["low", "high"].includes(sideOf(value, range))).length;
  return [
    `${begun(name)}: ${count(points.length, "value")} from ${whenWords(first)} to ${whenWords(last)}.`,
    `Lowest ${formatQuantity(Math.min(...values), unit)}, highest ${formatQuantity(Math.max(...values), unit)},`,
    `latest ${formatQuantity(last.value, unit)}.`,
    range ? `${outside} outside ${rangeName}.` : "",
  ]
    .join(" ")
    .trim();
}

/** What of a series is drawn; which ranges is up to the reader. */
export function drawingOf(series: TrackedSeries, period: Period, shown: { bands: boolean; own: boolean; usual: boolean }): Drawing {
  const { own_range: own, usual } = series;
  return {
    ...period,
    name: series.name,
    unit: series.unit,
    kind: series.kind,
    points: series.points.toSorted((a, b) => momentOf(a) - momentOf(b)),
    bands: shown.bands ? series.bands : [],
    range: own && shown.own ? { low: own.low, high: own.high, label: "own range" } : null,
    usual: usual && shown.usual ? { low: usual.low, high: usual.high, label: "usual" } : null,
    alarms: series.alarms,
  };
}
