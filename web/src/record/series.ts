import type { Series } from "../api/types";
import { formatDate, formatNumber, formatQuantity } from "../ui/format";
import { begun } from "../ui/words";

type Range = NonNullable<Series["range"]>;

/** On which side of the given range a value lies; unknown without one. A range may be open on one side. */
export function sideOf(value: number, range: Range | null): "low" | "in" | "high" | "unknown" {
  if (!range || (range.low === null && range.high === null)) return "unknown";
  if (range.low !== null && value < range.low) return "low";
  if (range.high !== null && value > range.high) return "high";
  return "in";
}

/** The reference range and who stated it; says so when none is known. */
export function rangeWords({ range, unit }: Series): string {
  if (!range || (range.low === null && range.high === null)) return "The record gives no reference range for this measurement.";
  const low = range.low === null ? undefined : range.high === null ? formatQuantity(range.low, unit) : formatNumber(range.low);
  const high = range.high === null ? undefined : formatQuantity(range.high, unit);
  const words = low && high ? `${low} to ${high}` : low ? `${low} or more` : `${high} or less`;
  return `Reference range: ${words}${range.source ? ` (${range.source})` : ""}`;
}

/** A chart in one sentence, for those who do not see it. */
export function summaryOf(series: Series): string {
  const { name, unit, points } = series;
  const [first, last] = [points[0], points.at(-1)];
  if (!first || !last) return `${name}: no values`;
  const values = points.map((point) => point.value);
  const outside = values.filter((value) => ["low", "high"].includes(sideOf(value, series.range))).length;
  return [
    `${begun(name)}: ${points.length} ${points.length === 1 ? "value" : "values"} from ${formatDate(first.at)} to ${formatDate(last.at)}.`,
    `Lowest ${formatQuantity(Math.min(...values), unit)}, highest ${formatQuantity(Math.max(...values), unit)},`,
    `latest ${formatQuantity(last.value, unit)}.`,
    series.range ? `${outside} outside the reference range.` : "",
  ]
    .join(" ")
    .trim();
}
