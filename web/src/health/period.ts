import type { Kind } from "../api/tracking";

/** A stretch of time in milliseconds since 1970. */
export interface Period {
  since: number;
  until: number;
}

const DAY = 86_400_000;
export const SPANS = [
  { value: "1", label: "Day" },
  { value: "7", label: "Week" },
  { value: "30", label: "Month" },
  { value: "91", label: "3 months" },
  { value: "365", label: "Year" },
] as const;

const USUAL_SPAN = 30;
/** Closer than this nothing more is to be seen (ms). */
const SHORTEST = 10 * 60_000;
const LONGEST = 20 * 365 * DAY;

/** The last so many days. */
export const lastDays = (days: number, now: number): Period => ({ since: now - days * DAY, until: now });

/** The period that an address names; what is missing or makes no sense is taken as the last month. */
export function periodOf(query: URLSearchParams, now: number): Period {
  const days = Number(query.get("days"));
  if (days > 0 && days * DAY <= LONGEST) return lastDays(days, now);
  const since = Date.parse(query.get("since") ?? "");
  const until = Date.parse(query.get("until") ?? "");
  const end = Number.isNaN(until) ? now : until;
  if (Number.isNaN(since) || since >= end || end - since > LONGEST) return lastDays(USUAL_SPAN, now);
  return { since, until: end };
}

/** Which of SPANS the address asks for, or "" for a period of its own. */
export function spanOf(query: URLSearchParams): string {
  if (query.has("since")) return "";
  return query.get("days") ?? String(USUAL_SPAN);
}

/** The address of a period: "since=…&until=…". */
export const periodQuery = ({ since, until }: Period): string =>
  new URLSearchParams({ since: new Date(since).toISOString(), until: new Date(until).toISOString() }).toString();

/** Nearer (`share` below 1) or farther away around a moment, never beyond now. */
export function zoomed({ since, until }: Period, share: number, now: number, around = (since + until) / 2): Period {
  const length = Math.min(Math.max((until - since) * share, SHORTEST), LONGEST);
  const before = length * ((around - since) / (until - since));
  const end = Math.min(around - before + length, now);
  return { since: end - length, until: end };
}

/** Half a period earlier (-1) or later (1), never beyond now. */
export function moved({ since, until }: Period, direction: -1 | 1, now: number): Period {
  const end = Math.min(until + (direction * (until - since)) / 2, now);
  return { since: end - (until - since), until: end };
}

/** A chosen stretch, in order and long enough to be drawn. */
export function chosen(from: number, to: number): Period {
  const [since, until] = from < to ? [from, to] : [to, from];
  return until - since >= SHORTEST ? { since, until } : zoomed({ since, until: since + SHORTEST }, 1, Number.POSITIVE_INFINITY);
}

const MOST_POINTS = 600;
const HOURS = 26;
const BARS = 400;

/** How many points to ask for: bars are hours on a day and days beyond, so that they can be compared with each other. */
export function pointsWanted(kind: Kind | undefined, { since, until }: Period): number {
  if (kind === undefined || kind === "instant") return MOST_POINTS;
  const days = (until - since) / DAY;
  return days <= 2 ? Math.ceil(days * HOURS) : Math.min(Math.ceil(days) + 2, BARS);
}
