import type { Alarm, AlarmState } from "../api/tracking";
import type { Urgency } from "../api/types";
import { formatWhen } from "../ui/format";

const RANK: Record<Urgency, number> = { emergency: 0, urgent: 1, routine: 2, self_care: 3 };

export const isOpen = ({ state }: { state: AlarmState }): boolean => state !== "cleared" && state !== "stale";

/** Whether the alarm waits for somebody's answer. */
export const calls = ({ state }: { state: AlarmState }): boolean => state === "raised" || state === "escalated";

/** The open alarms with this one as it is now: those that wait for an answer first, then the more urgent, then the newer. */
export function merged(alarms: Alarm[], ...news: Alarm[]): Alarm[] {
  const known = new Map(alarms.map((alarm) => [alarm.id, alarm]));
  for (const alarm of news) {
    if (alarm.version >= (known.get(alarm.id)?.version ?? 0)) known.set(alarm.id, alarm);
  }
  return [...known.values()].filter(isOpen).toSorted(before);
}

function before(a: Alarm, b: Alarm): number {
  return (
    Number(calls(b)) - Number(calls(a)) || RANK[a.urgency] - RANK[b.urgency] || Date.parse(b.changed_at) - Date.parse(a.changed_at)
  );
}

/** Whether somebody is to be told of it: it waits for an answer, and does so newly. */
export function isNews(alarm: Alarm, known: Alarm | undefined): boolean {
  return calls(alarm) && (!known || (alarm.version > known.version && (!calls(known) || RANK[alarm.urgency] < RANK[known.urgency] || alarm.state === "escalated")));
}

export function stateWords({ state, snoozed_until }: Pick<Alarm, "state" | "snoozed_until">): string {
  if (state === "snoozed" && snoozed_until) return `Put off until ${formatWhen(snoozed_until)}`;
  return STATE[state];
}

export const STATE: Record<AlarmState, string> = {
  raised: "New",
  acknowledged: "Seen",
  snoozed: "Put off",
  escalated: "Still waits for an answer",
  cleared: "Over",
  stale: "Out of date",
};

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const MORNING = 8;
/** The service lets an emergency wait only for as long as measuring again takes, and an urgent one no longer than this. */
const LONGEST: Partial<Record<Urgency, number>> = { emergency: 15 * MINUTE, urgent: 8 * HOUR };

/** Until when an alarm may be put off, as choices. A little is taken off the longest: the server's clock decides. */
export function snoozes(urgency: Urgency, now: Date): { label: string; until: Date }[] {
  const tomorrow = new Date(now.getFullYear(), now.getMonth(), now.getDate() + 1, MORNING);
  const longest = LONGEST[urgency] ?? Number.POSITIVE_INFINITY;
  const all = [
    { label: "for 1 hour", until: new Date(now.getTime() + HOUR) },
    { label: "until tomorrow morning", until: tomorrow },
  ];
  const allowed = all.filter(({ until }) => until.getTime() - now.getTime() <= longest);
  return allowed.length > 0 ? allowed : [{ label: "for 15 minutes", until: new Date(now.getTime() + longest - MINUTE / 2) }];
}
