import type { Goal } from "../api/tracking";
import { formatNumber, formatQuantity } from "../ui/format";
import { begun, count } from "../ui/words";

const PER: Record<Goal["per"], string> = { day: "a day", week: "a week", reading: "at each reading" };

/** "Steps: at least 8,000 a day". */
export const goalWords = ({ name, direction, target, unit, per }: Pick<Goal, "name" | "direction" | "target" | "unit" | "per">): string =>
  `${begun(name)}: ${direction === "at_least" ? "at least" : "at most"} ${formatQuantity(target, unit)} ${PER[per]}`;

/** What a bar shows: the part of today's target, or of the days (weeks) on which the goal was met; from 0 to 1. */
export function shareOf({ direction, progress }: Pick<Goal, "direction" | "progress">): number {
  if (!progress) return 0;
  if (direction === "at_least" && progress.fraction !== null) return Math.min(progress.fraction, 1);
  return progress.days_with_data > 0 ? progress.days_met / progress.days_with_data : 0;
}

/** "Today so far: 5,200 of 8,000". */
export function todayWords({ progress, unit, target }: Pick<Goal, "progress" | "unit" | "target">): string {
  if (!progress || progress.today === null) return "";
  return `${progress.counted_in === "week" ? "This week" : "Today"} so far: ${formatNumber(progress.today)} of ${formatQuantity(target, unit)}.`;
}

/** "Met on 5 of 7 days with data; on 2 days nothing was measured. 3 days in a row." */
export function progressWords({ progress }: Pick<Goal, "progress">): string {
  if (!progress || progress.days_with_data === 0) return "";
  const { days_met, days_with_data, days, streak, counted_in } = progress;
  const [within, missing] = [counted_in === "week" ? "in" : "on", Math.max(days - days_with_data, 0)];
  return [
    `Met ${within} ${days_met} of ${count(days_with_data, counted_in)} with data`,
    missing > 0 ? `; ${within} ${count(missing, counted_in)} nothing was measured.` : ".",
    streak > 1 ? ` ${count(streak, counted_in)} in a row.` : "",
  ].join("");
}
