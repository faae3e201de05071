import type { FhirResource } from "../api/types";
import { formatDate, formatQuantity, formatWhen } from "../ui/format";
import { plain } from "../ui/words";

export interface Fact {
  name: string;
  value: string;
}

type Json = Record<string, unknown>;
const object = (value: unknown): Json | undefined =>
  typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Json) : undefined;
const list = (value: unknown): Json[] => (Array.isArray(value) ? value.map(object).filter((item) => item !== undefined) : []);
const text = (value: unknown): string | undefined => (typeof value === "string" && value ? value : undefined);

/** The words of a CodeableConcept. */
function concept(value: unknown): string | undefined {
  const coded = object(value);
  return text(coded?.text) ?? list(coded?.coding).map((coding) => text(coding.display) ?? text(coding.code))[0];
}

function quantity(value: unknown): string | undefined {
  const q = object(value);
  if (typeof q?.value !== "number") return undefined;
  return `${text(q.comparator) ?? ""}${formatQuantity(q.value, text(q.code) ?? text(q.unit))}`;
}

/** value[x] of an Observation or of one of its components. */
function valueOf(holder: Json): string | undefined {
  if (typeof holder.valueBoolean === "boolean") return holder.valueBoolean ? "Yes" : "No";
  if (typeof holder.valueInteger === "number") return formatQuantity(holder.valueInteger);
  return (
    quantity(holder.valueQuantity) ??
    concept(holder.valueCodeableConcept) ??
    text(holder.valueString) ??
    formatWhen(text(holder.valueDateTime))
  );
}

function range(holder: Json): string | undefined {
  const first = list(holder.referenceRange)[0];
  const [low, high] = [quantity(first?.low), quantity(first?.high)];
  if (low && high) return `${low} to ${high}`;
  return text(first?.text) ?? (low && `from ${low}`) ?? (high && `up to ${high}`);
}

function period(value: unknown): string | undefined {
  const p = object(value);
  const [start, end] = [formatDate(text(p?.start)), formatDate(text(p?.end))];
  return start && end ? `${start} to ${end}` : start ? `since ${start}` : end ? `until ${end}` : undefined;
}

/** What a FHIR resource says, as label and value, for the types that a record holds. Nothing is concluded here. */
export function factsOf(resource: FhirResource): Fact[] {
  const r = resource as Json;
  if (Array.isArray(r.items)) return mealFacts(r);
  const rows: [string, string | undefined][] = [
    ["Value", valueOf(r)],
    ...list(r.component).map((part): [string, string | undefined] => [concept(part.code) ?? "Part", valueOf(part)]),
    ["Why there is no value", concept(r.dataAbsentReason)],
    ["Reference range", range(r)],
    ["Interpretation", list(r.interpretation).map(concept).filter(Boolean).join(", ")],
    ["Dosage", list(r.dosageInstruction ?? r.dosage).map(dosage).filter(Boolean).join("; ")],
    ["Reason", list(r.reasonCode).map(concept).filter(Boolean).join(", ")],
    ["Reaction", list(r.reaction).flatMap((one) => list(one.manifestation).map(concept)).filter(Boolean).join(", ")],
    ["Severity", concept(r.severity)],
    ["Criticality", text(r.criticality)],
    ["Clinical status", concept(r.clinicalStatus)],
    ["Confirmation", concept(r.verificationStatus)],
    ["Began", formatDate(text(r.onsetDateTime))],
    ["Ended", formatDate(text(r.abatementDateTime))],
    ["Measured", formatWhen(text(r.effectiveDateTime))],
    ["Period", period(r.effectivePeriod) ?? period(r.period) ?? period(r.performedPeriod)],
    ["Prescribed", formatDate(text(r.authoredOn))],
    ["Given", formatWhen(text(r.occurrenceDateTime))],
    ["Done", formatWhen(text(r.performedDateTime))],
    ["Notes", list(r.note).map((note) => text(note.text)).filter(Boolean).join(" ")],
  ];
  return rows.flatMap(([name, value]) => (value ? [{ name, value }] : []));
}

function dosage(entry: Json): string | undefined {
  const dose = list(entry.doseAndRate).map((rate) => quantity(rate.doseQuantity))[0];
  return text(entry.text) ?? text(entry.patientInstruction) ?? dose;
}

/** A meal of the food diary: each food as it was counted, then what is in all of it. */
function mealFacts(meal: Json): Fact[] {
  const foods = list(meal.items).map((item) => ({
    name: plain(String(item.name)),
    value: [
      [formatQuantity(Number(item.quantity)), text(item.unit)].filter(Boolean).join(" "),
      typeof item.grams === "number"
        ? `${formatQuantity(item.grams, "g")}, counted as ${text(item.counted_as) ?? text(item.name)}`
        : "not counted",
    ].join(" · "),
  }));
  const inIt = list(meal.nutrients).flatMap(({ name, amount, unit, at_least }) =>
    typeof amount === "number" ? [{ name: plain(String(name)), value: `${at_least ? "at least" : "about"} ${rough(amount)} ${text(unit)}` }] : [],
  );
  return [...foods, ...inIt];
}

/** An estimate is not told more exactly than it is. */
const rough = (amount: number): string => formatQuantity(Number(amount.toPrecision(amount < 10 ? 2 : 3)));
