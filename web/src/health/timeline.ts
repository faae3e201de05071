import type { TimelineEntry } from "../api/tracking";

/** What entries tell of, in the order in which they follow from each other. */
export const KINDS: { kind: string; label: string }[] = [
  { kind: "reading", label: "Readings" },
  { kind: "decision", label: "Decisions" },
  { kind: "alarm", label: "Alarms" },
  { kind: "action", label: "Advice" },
  { kind: "task", label: "Tasks" },
  { kind: "risk", label: "Standing" },
  { kind: "goal", label: "Goals" },
];

export const ONE: Record<string, string> = {
  reading: "Reading",
  decision: "Decision",
  alarm: "Alarm",
  action: "Advice",
  task: "Task",
  risk: "Standing",
  goal: "Goal",
};

export interface Day {
  /** The first moment of the reader's local day. */
  at: string;
  entries: TimelineEntry[];
}

export interface Filter {
  /** Kinds to show; none means all. */
  kinds: string[];
  /** Only what belongs to one chain of events. */
  chain?: string;
}

export const shown = (entries: TimelineEntry[], { kinds, chain }: Filter): TimelineEntry[] =>
  entries.filter(({ kind, correlation_id }) => (kinds.length === 0 || kinds.includes(kind)) && (!chain || correlation_id === chain));

/** Entries by the reader's days, in the order in which they come. */
export function byDay(entries: TimelineEntry[]): Day[] {
  const days: Day[] = [];
  for (const entry of entries) {
    const date = new Date(entry.at);
    const at = new Date(date.getFullYear(), date.getMonth(), date.getDate()).toISOString();
    const last = days.at(-1);
    if (last?.at === at) last.entries.push(entry);
    else days.push({ at, entries: [entry] });
  }
  return days;
}

/** The id of the alarm that an entry tells of. */
export const alarmOf = ({ ref }: TimelineEntry): string | undefined => /^alarm\/([^/#?]+)/.exec(ref)?.[1];

/** Whether an entry is the first of several that belong to the same chain of events. */
export function leadsChain(entries: TimelineEntry[], entry: TimelineEntry): boolean {
  if (entry.correlation_id === null) return false;
  const chain = entries.filter(({ correlation_id }) => correlation_id === entry.correlation_id);
  return chain.length > 1 && chain[0] === entry;
}
