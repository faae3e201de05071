import type { AuditEntry } from "../api/types";
import { PURPOSE, ROLE, categoryName, listOf, plain } from "../ui/words";

/** Neighbouring entries that say the same, told once. */
export interface Told {
  seq: number;
  who: string;
  did: string;
  how: string;
  from: string;
  until: string;
  times: number;
}

const VERB: Record<string, string> = {
  read: "looked at",
  search: "looked at",
  insert: "added",
  update: "changed",
  delete: "deleted",
};

const THING: Record<string, string> = {
  record: "the record",
  resource: "entries of the record",
  resource_version: "entries of the record",
  sample: "measurements",
  meal: "a meal of the food diary",
  account: "your account",
  patient: "the record",
};

/** Said whole, whatever the verb. */
const SENTENCE: Record<string, Record<string, string>> = {
  thread: { delete: "deleted a conversation" },
  message: { delete: "deleted a conversation" },
  access_grant: { insert: "gave access to the record", update: "ended access to the record" },
  confirmed_write: { insert: "confirmed a change" },
  session: { "signed in": "noted a log-in to your account", "signed out": "noted a log-out" },
  account: { opened: "opened your account" },
  emergency: { raised: "noticed a possible emergency" },
};
const ALWAYS: Record<string, string> = { thread: "wrote in a conversation", message: "wrote in a conversation" };

const HOW: [RegExp, string][] = [
  [/^conversation|^tool:/, "in a conversation"],
  [/measurements/, "as a chart"],
  [/items/, "an entry opened"],
  [/imports|^import/, "by importing a file"],
  [/fhir/i, "through another program (FHIR)"],
  [/^demo/, "when the demonstration was made"],
  [/v1\/record/, "on the record page"],
];

/** An entry as a person says it; `mine` is the account that reads. */
function told(entry: AuditEntry, mine: string): Told {
  const { actor, seq, at } = entry;
  const role = actor.role && actor.role !== "system" && actor.id !== mine ? ROLE[actor.role]?.toLowerCase() : undefined;
  const who = actor.id === mine ? "You" : `${actor.name ?? "VitaSense"}${role ? ` (${role})` : ""}`;
  const purpose = actor.role === "provider" ? PURPOSE[entry.purpose ?? ""] : undefined;
  const place = HOW.find(([pattern]) => pattern.test(entry.activity ?? ""))?.[1];
  const did = didWhat(entry);
  const how = [purpose, did.includes("conversation") ? undefined : place].filter(Boolean).join(", ");
  return { seq, who, did, how, from: at, until: at, times: 1 };
}

function didWhat({ verb, object, categories }: AuditEntry): string {
  const whole = SENTENCE[object]?.[verb] ?? ALWAYS[object];
  if (whole) return whole;
  const parts = (categories ?? []).filter((category) => category !== "profile").map((category) => categoryName(category).toLowerCase());
  const what = parts.length > 0 ? listOf(parts) : (THING[object] ?? plain(object).toLowerCase());
  return `${VERB[verb] ?? plain(verb).toLowerCase()} ${what}`;
}

/** The trail, newest first, told shortly: what the same person did again at once, on the same day, is one line. */
export function trailOf(entries: AuditEntry[], mine: string): Told[] {
  return entries.reduce<Told[]>((lines, entry) => {
    const next = told(entry, mine);
    const last = lines.at(-1);
    const same = last && last.who === next.who && last.did === next.did && last.how === next.how;
    if (same && dayOf(last.from) === dayOf(next.from)) lines[lines.length - 1] = { ...last, from: next.from, times: last.times + 1 };
    else lines.push(next);
    return lines;
  }, []);
}

const dayOf = (iso: string): string => new Date(iso).toDateString();
