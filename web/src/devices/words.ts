import type { Device } from "../api/tracking";
import { formatDate, formatRecent } from "../ui/format";
import { plain } from "../ui/words";

const SILENT_DAYS = 7;
const DAY = 86_400_000;

/** "Omron, M7 Intelli, cuff". */
export const makeOf = ({ maker, model, kind }: Device): string => [maker, model, kind && plain(kind).toLowerCase()].filter(Boolean).join(", ");

/** Whether it delivers, in a few words. */
export function stateOf({ retired_at, last_seen_at }: Pick<Device, "retired_at" | "last_seen_at">, now: Date): string {
  if (retired_at) return `Not used any more since ${formatDate(retired_at)}`;
  if (!last_seen_at) return "Nothing came from it yet";
  const silent = now.getTime() - Date.parse(last_seen_at) > SILENT_DAYS * DAY;
  return `${silent ? "Silent: last" : "Last"} seen ${formatRecent(last_seen_at, now)}`;
}

const percent = (share: number): string => `${Math.round(share * 100)}%`;

export const batteryWords = ({ battery, reported_at }: Pick<Device, "battery" | "reported_at">): string =>
  battery === null ? "Not reported" : `${percent(battery)}${reported_at ? `, ${formatRecent(reported_at)}` : ""}`;

/** The quality of what it measured lately. None is not the same as a bad one. */
export const qualityWords = (quality: number | null | undefined): string =>
  quality === null || quality === undefined ? "Not evaluated: nothing measured lately" : percent(quality);

/** What to do, in a word, for each kind of suggestion. */
export const SUGGESTION: Record<string, string> = {
  charge: "Charge it",
  re_pair: "Connect it again",
  wear: "Wear it properly",
  set_clock: "Set its clock",
  calibrate: "Calibrate it",
  replace: "Replace it",
};

/** Kinds of files by the names that the service knows. */
export const FORMATS: [string, string][] = [
  ["apple", "Apple Health (export.xml or its zip)"],
  ["fitbit", "Fitbit"],
  ["googlefit", "Google Fit"],
  ["withings", "Withings"],
  ["ihealth", "iHealth"],
  ["fit", "FIT"],
  ["gpx", "GPX"],
  ["tcx", "TCX"],
  ["dexcom", "Dexcom"],
  ["libre", "FreeStyle Libre"],
  ["libre-day-first", "FreeStyle Libre, dates with the day first"],
  ["libre-month-first", "FreeStyle Libre, dates with the month first"],
  ["cgm", "Another glucose sensor (CSV)"],
  ["csv", "Table (CSV: time, metric, value, unit)"],
  ["json", "JSON observations"],
  ["ndjson", "JSON observations, one a line"],
];

export interface Mended {
  type: "application/json" | "text/csv";
  body: string;
}

const HEADER = "time,metric,value,unit";

/** What is sent for a mended row: JSON as it is, a line of a table under the columns that a table needs. */
export function mendedBody(text: string): Mended {
  const row = text.trim();
  if (row.startsWith("{") || row.startsWith("[")) return { type: "application/json", body: row };
  const hasHeader = /^"?time"?\s*[,;\t]/i.test(row);
  return { type: "text/csv", body: hasHeader ? row : `${HEADER}\n${row}` };
}

/** The ids with one of them a place earlier (-1) or later (1). */
export function reordered(ids: string[], id: string, step: -1 | 1): string[] {
  const from = ids.indexOf(id);
  const to = from + step;
  if (from < 0 || to < 0 || to >= ids.length) return ids;
  return ids.with(from, ids[to]!).with(to, id);
}

/** The devices in the order that was set, then those that it does not name. */
export function inOrder(devices: Device[], order: string[]): Device[] {
  const place = ({ id }: Device): number => (order.includes(id) ? order.indexOf(id) : order.length);
  return devices.toSorted((a, b) => place(a) - place(b));
}
