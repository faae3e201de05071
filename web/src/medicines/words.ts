import type { Adherence, Dose, DueDose, Forecast, Medicine, MedicineState, Prescription } from "../api/medications";
import { formatDate, formatQuantity, formatWhen } from "../ui/format";
import { begun, count, listOf } from "../ui/words";

export const isOver = (state: MedicineState): boolean => state === "stopped" || state === "completed" || state === "not_taken";

type Standing = Pick<Medicine, "state" | "begins" | "since" | "until">;

/** Whether it is taken and since when, in a few words. */
export function stateWords({ state, begins, since, until }: Standing): string {
  const from = formatDate(begins ?? since);
  const to = formatDate(until);
  switch (state) {
    case "taking":
      return `${from ? `Taken since ${from}` : "Taken now; since when is not known"}${to ? `, until ${to}` : ""}`;
    case "planned":
      return from ? `To begin on ${from}` : "To begin; when is not known";
    case "paused":
      return `Paused${from ? `, first taken ${from}` : ""}`;
    case "stopped":
      return `Stopped${to ? ` ${to}` : ""}${from ? `, taken since ${from}` : ""}`;
    case "completed":
      return `Finished${to ? ` ${to}` : ""}${from ? `, taken since ${from}` : ""}`;
    case "not_taken":
      return "Was not taken";
    case "unclear":
      return "The record does not say clearly whether it is taken";
  }
}

/** The parts of a name that nobody knows; [] when every part is known. */
export const unknownParts = ({ ingredients }: Pick<Medicine, "ingredients">): string[] => ingredients.flatMap(({ name, known }) => (known ? [] : [name]));

const pad = (number: number): string => String(number).padStart(2, "0");

/** "2026-11-03" of the reader's own calendar. */
export const dayOf = (date: Date): string => `${date.getFullYear()}-${pad(date.getMonth() + 1)}-${pad(date.getDate())}`;

/** What is due on that day, in the order in which it comes. */
export const dueOn = (due: DueDose[], day: string): DueDose[] => due.filter((each) => each.day <= day && day <= each.last_day);

/** "2/3", "C 2/3": the second of three of a day, or of those with meals. */
const ONE_OF = /^(?:\w+ )?(\d+)\/(\d+)$/;
const oneOf = (slot: string): { number: number; of: number } | undefined => {
  const [, number, of] = ONE_OF.exec(slot) ?? [];
  return number && of && Number(of) > 1 ? { number: Number(number), of: Number(of) } : undefined;
};

/** When a dose is due: a time of the clock, a part of the day, which of several, or until which day. */
export function dueWords({ at, words, day, last_day, slot }: Omit<DueDose, "key" | "status">): string {
  if (at) return timeOf(at);
  const several = oneOf(slot);
  if (words) return several ? `${begun(words)}, ${several.number} of ${several.of}` : begun(words);
  if (several) return `Dose ${several.number} of ${several.of}`;
  return last_day > day ? `Once until ${formatDate(last_day)}` : "Today";
}

const timeOf = (iso: string): string => new Intl.DateTimeFormat(undefined, { timeStyle: "short" }).format(new Date(iso));

/** What was told of a dose that was due. */
export const toldOf = (due: DueDose, doses: Dose[]): Dose | undefined => doses.findLast((dose) => dose.due === due.key);

export const DOSE: Record<Dose["status"], string> = { taken: "Taken", missed: "Missed", skipped: "Left out" };

/** What became of a dose, with its time or its reason. */
export function doseWords({ status, at, reason }: Pick<Dose, "status" | "at" | "reason">): string {
  if (status === "taken") return `Taken at ${timeOf(at)}`;
  return reason ? `${DOSE[status]}: ${reason}` : DOSE[status];
}

const percent = (share: number): string => `${Math.round(share * 100)}%`;

/** How regularly it was taken; undefined when that cannot be said. */
export function adherenceWords({ status, share, low, high, since, until, method }: Adherence): string | undefined {
  if (status !== "found" || share === null) return undefined;
  const between = low !== null && high !== null && low < high ? `, between ${percent(low)} and ${percent(high)}` : "";
  const what = method === "dispensed" ? "of the days were covered by what was handed over" : "of the doses were taken";
  return `${percent(share)} ${what}${between}, from ${formatDate(since)} to ${formatDate(until)}`;
}

/** "12 due: 10 taken, 1 missed, 1 not told of"; undefined when doses were not counted. */
export function countedWords({ due, taken, missed, skipped, untold }: Adherence): string | undefined {
  if (due === null) return undefined;
  const parts: [number | null, string][] = [
    [taken, "taken"],
    [missed, "missed"],
    [skipped, "left out"],
    [untold, "not told of"],
  ];
  const said = parts.flatMap(([number, word]) => (number ? [`${number} ${word}`] : []));
  return `${count(due, "dose")} due${said.length > 0 ? `: ${said.join(", ")}` : ""}`;
}

const piece = (unit: string | null): string | null => (unit?.startsWith("{") ? (PIECE[unit] ?? "pieces") : unit);
const PIECE: Record<string, string> = {
  "{tbl}": "tablets",
  "{cap}": "capsules",
  "{puff}": "puffs",
  "{patch}": "patches",
  "{injection}": "injections",
  "{lozenge}": "lozenges",
  "{sachet}": "sachets",
  "{spray}": "sprays",
  "{suppository}": "suppositories",
};

function amountWords({ least, most, unit }: Forecast): string {
  if (least === null || most === null) return "";
  const named = piece(unit);
  const isCounted = unit?.startsWith("{") || !unit;
  const shown = (value: number): string => (isCounted ? `${formatQuantity(value)}${named ? ` ${named}` : ""}` : formatQuantity(value, unit));
  return least === most ? shown(most) : `${formatQuantity(least)} to ${shown(most)}`;
}

/** How long it lasts, and how much there is; undefined when that cannot be said. */
export function lastsWords(forecast: Forecast): string | undefined {
  const { status, earliest, latest, enough } = forecast;
  if (status !== "found") return undefined;
  const amount = amountWords(forecast);
  const there = amount ? ` There are ${amount} left.` : "";
  if (enough) return `Enough to the end of the treatment.${there}`;
  if (!earliest) return `${latest ? `At most until ${formatDate(latest)}.` : "Enough for a long time."}${there}`;
  return `${!latest || latest === earliest ? `Until ${formatDate(earliest)}` : `Until ${formatDate(earliest)}, at most ${formatDate(latest)}`}.${there}`;
}

/** How many refills are left on an order, or why that is not known. */
export function refillWords({ refills_left, refills_allowed, refills_unknown }: Prescription): { known: boolean; words: string } {
  if (refills_left === null) return { known: false, words: refills_unknown ?? "the order does not say it" };
  return { known: true, words: `${count(refills_left, "refill")} left${refills_allowed === null ? "" : ` of ${refills_allowed}`}` };
}

const CHANGE: Record<string, string> = {
  ordered: "Prescribed",
  started: "Begun",
  changed: "Changed",
  paused: "Paused",
  resumed: "Taken up again",
  stopped: "Stopped",
  completed: "Finished",
  not_taken: "Not taken",
  planned: "Planned",
  said: "Told of",
  dispensed: "Handed over",
};

export const changeWords = (kind: string): string => CHANGE[kind] ?? "Changed";

/** When something happened, as exactly as it is known. */
export const changeWhen = (at: string): string => formatWhen(at);

/** "Dr. Singh, for high blood pressure": who prescribed it and why; "" when neither is known. */
export function orderedWords({ prescriber, reason, pharmacy }: Pick<Medicine, "prescriber" | "reason" | "pharmacy">): string {
  const said = [prescriber && `prescribed by ${prescriber}`, reason && `for ${reason}`, pharmacy && `from ${pharmacy}`].filter((part) => part !== null && part !== "");
  return said.length > 0 ? begun(listOf(said as string[]).replace(" and ", ", ")) : "";
}

/** The parts of the day of which a time of the clock has to be told before anybody can be reminded. */
export function slotsWithoutTime(due: DueDose[]): { slot: string; words: string }[] {
  const found = new Map(due.filter(({ at }) => at === null).map((each) => [each.slot, each.words || oneOf(each.slot) ? dueWords(each) : "At"]));
  return [...found].map(([slot, words]) => ({ slot, words }));
}

const USUAL_TIME: Record<string, string> = { MORN: "08:00", NOON: "12:00", AFT: "15:00", EVE: "20:00", NIGHT: "22:00", HS: "22:00" };

const FIRST_HOUR = 8;
const HOURS_AWAKE = 12;

/** A time to begin with, doses spread from morning to evening; people change it. */
export function usualTime(slot: string): string {
  const several = oneOf(slot);
  if (several) return `${pad(Math.floor(FIRST_HOUR + (HOURS_AWAKE * (several.number - 1)) / (several.of - 1)))}:00`;
  return USUAL_TIME[slot.split(/[. ]/)[0] ?? ""] ?? `${pad(FIRST_HOUR)}:00`;
}
