import type { CheckedFinding, Path } from "../api/medications";
import type { Finding } from "../api/types";

/** Whether it is to be looked at before the next dose. */
export const interrupts = ({ status, urgency }: Finding): boolean => status === "found" && (urgency === "urgent" || urgency === "emergency");

/** An emergency stays loud, whoever accepts it. */
export const mayBeAccepted = (finding: Finding): boolean => interrupts(finding) && finding.urgency !== "emergency";

export interface Groups {
  unchecked: CheckedFinding[];
  interrupting: CheckedFinding[];
  others: CheckedFinding[];
  small: CheckedFinding[];
  accepted: CheckedFinding[];
  absent: CheckedFinding[];
}

/** Every finding in exactly one group, each group in the order in which it came. */
export function grouped(findings: CheckedFinding[]): Groups {
  const groups: Groups = { unchecked: [], interrupting: [], others: [], small: [], accepted: [], absent: [] };
  for (const finding of findings) groups[groupOf(finding)].push(finding);
  return groups;
}

function groupOf(finding: CheckedFinding): keyof Groups {
  if (finding.status === "not_evaluated") return "unchecked";
  if (finding.status === "not_found") return "absent";
  if (interrupts(finding)) return "interrupting";
  if (finding.override) return "accepted";
  return finding.urgency === "self_care" ? "small" : "others";
}

/** The medicines that a finding names, each once. */
export const drugsOf = ({ values }: Finding): string[] => [
  ...new Set(values.flatMap(({ name, text }) => (name === "drug" && text ? [text] : []))),
];

const MOST_PAIRS = 6;

/** The pairs of medicines whose connection can be shown; none for what is about one medicine alone. */
export function pairsOf(finding: Finding): [string, string][] {
  if (finding.status !== "found") return [];
  const drugs = drugsOf(finding);
  return drugs.flatMap((one, place) => drugs.slice(place + 1).map((two): [string, string] => [one, two])).slice(0, MOST_PAIRS);
}

/** The steps of a path; what was said above is not said again, unless nothing else is there. */
export function stepsOf({ reasons, findings }: Pick<Path, "reasons" | "findings">, told: string): Finding[] {
  const steps = [...reasons, ...findings.filter(({ text }) => text !== told)];
  return steps.length > 0 ? steps : findings;
}

const valueOf = ({ values }: Finding, wanted: string): string | null => values.find(({ name }) => name === wanted)?.text ?? null;

/** Worked out from enzymes and transporters, and in no list of pairs. */
export const isInferred = (finding: Finding): boolean => valueOf(finding, "basis") === "inferred";

const SEVERITY: Record<string, string> = {
  contraindicated: "Very serious",
  major: "Serious",
  moderate: "Needs care",
  minor: "Good to know",
};

/** How much it matters, in a word or two. */
export function severityWords(finding: Finding): string {
  if (finding.urgency === "emergency") return "Emergency";
  return SEVERITY[valueOf(finding, "severity") ?? ""] ?? (interrupts(finding) ? "Serious" : "Needs care");
}

const KIND: Record<string, string> = {
  drug_name: "Name",
  drug_interaction: "Medicines together",
  interaction_load: "Effects that add up",
  drug_duplication: "Taken twice",
  drug_food: "Food and drink",
  drug_alcohol: "Alcohol",
  drug_condition: "Illnesses",
  drug_allergy: "Allergies",
  drug_laboratory: "Lab values",
  drug_pregnancy: "Pregnancy",
  drug_breastfeeding: "Breastfeeding",
  drug_child: "Children",
  drug_older_person: "Older age",
  maximum_dose: "Amount a day",
};

export const kindWords = ({ kind }: Finding): string => KIND[kind] ?? "Check";

/** The names among those asked about that nobody knows. */
export function unknownNames(findings: Finding[], asked: string[]): string[] {
  const said = findings.filter(({ status, reason }) => status === "not_evaluated" && /^unknown medicine/i.test(reason ?? "")).flatMap(drugsOf);
  return said.filter((name) => asked.some((each) => each.toLowerCase().includes(name.toLowerCase())));
}

const WRITTEN = "written";
const SUGGESTION = "suggestion";

/** The names that the one asked about may be meant as, each as it would be written; they stand behind it. */
export function meantNames({ values }: Finding, asked: string): string[] {
  const meant: string[] = [];
  let isAsked = false;
  for (const { name, text } of values) {
    if (name === WRITTEN) isAsked = text?.toLowerCase() === asked.trim().toLowerCase();
    else if (name === SUGGESTION && isAsked && text) meant.push(text);
  }
  return meant;
}

/** Whether the name that was asked about was read as another one. */
export const isReadAs = (finding: Finding, asked: string): boolean => finding.status === "found" && meantNames(finding, asked).length > 0;

/** What of a check speaks of the new medicine: it may be about those that are taken already as well. */
export const heldUp = (findings: Finding[], name: string): boolean =>
  findings.some((finding) => interrupts(finding) || isReadAs(finding, name)) || unknownNames(findings, [name]).length > 0;
