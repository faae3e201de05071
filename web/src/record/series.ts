import type { Series } from "../api/types";
import { type Drawing, rangeText, sideOf as sideOfRange, summaryOf as summaryOfDrawing } from "../health/drawing";

type Range = NonNullable<Series["range"]>;

/** On which side of the given range a value lies; unknown without one. A range may be open on one side. */
export const sideOf = (value: number, range: Range | null): "low" | "in" | "high" | "unknown" => sideOfRange(value, range);

/** The reference range and who stated it; says so when none is known. */
export function rangeWords({ range, unit }: Series): string {
  if (!range || (range.low === null && range.high === null)) return "The record gives no reference range for this measurement.";
  return `Reference range: ${rangeText(range, unit)}${range.source ? ` (${range.source})` : ""}`;
}

/** A chart in one sentence, for those who do not see it. */
export const summaryOf = (series: Series): string => summaryOfDrawing(drawingOf(series), "the reference range");

const DAY = 86_400_000;

/** The values of a record as a chart: each a moment, with the reference range and some room at the sides. */
export function drawingOf({ name, unit, range, points }: Series): Drawing {
  const moments = points.map(({ at }) => Date.parse(at));
  const [first, last] = [Math.min(...moments), Math.max(...moments)];
  const room = Math.max((last - first) * 0.03, DAY);
  const known = range && (range.low !== null || range.high !== null);
  return {
    name,
    unit,
    kind: "instant",
    since: first - room,
    until: last + room,
    points: points.map(({ at, value }) => ({ at, until: null, value, least: value, most: value, count: 1, quality: 1, by_device: false })),
    bands: [],
    range: known ? { low: range.low, high: range.high, label: "reference range" } : null,
    usual: null,
    alarms: [],
  };
}
