/** Plain words for the terms that the API uses. */

const CATEGORY: Record<string, string> = {
  profile: "Profile",
  vitals: "Vitals",
  labs: "Lab results",
  medications: "Medicines",
  conditions: "Conditions",
  allergies: "Allergies",
  immunizations: "Vaccinations",
  encounters: "Visits",
  procedures: "Procedures",
  documents: "Documents",
  genomics: "Genetics",
  nutrition: "Food diary",
  notes: "Notes",
};

/** In the order in which the record shows them; `profile` goes with every grant. */
export const SHAREABLE = Object.keys(CATEGORY).filter((name) => name !== "profile");

export const PURPOSE: Record<string, string> = {
  self: "for yourself",
  treatment: "for treatment",
  emergency: "in an emergency",
  research: "for research",
  operations: "to run the service",
};

export const ACTION: Record<string, string> = { read: "can see", write: "can add" };

export const ROLE: Record<string, string> = {
  patient: "Patient",
  provider: "Care provider",
  admin: "Administrator",
  system: "VitaSense",
};

/** The specialists and gates that answer. */
export const AGENT: Record<string, string> = {
  health: "the health specialist",
  nutrition: "the nutrition specialist",
  genomics: "the genetics specialist",
  doctor_assistant: "the doctor's assistant",
  knowledge: "the medical knowledge specialist",
  memory: "the memory",
  safety: "the safety check",
};

/** "systolic blood pressure" → "Systolic blood pressure"; "eGFR" stays. */
export const begun = (words: string): string => (/^\p{Ll}(?!\p{Lu})/u.test(words) ? words.charAt(0).toUpperCase() + words.slice(1) : words);

/** "diastolic_bp" → "Diastolic bp", "DiagnosticReport" → "Diagnostic report". */
export function plain(term: string): string {
  const spaced = term.replace(/([a-z])([A-Z])(?=[a-z])/g, (_, end: string, start: string) => `${end} ${start.toLowerCase()}`);
  const words = spaced.replace(/[_-]+/g, " ").trim();
  return words.charAt(0).toUpperCase() + words.slice(1);
}

export const categoryName = (category: string): string => CATEGORY[category] ?? plain(category);

/** "a", "a and b", "a, b and c" in the reader's language. */
export const listOf = (items: string[]): string =>
  new Intl.ListFormat("en", { type: "conjunction" }).format(items);

/** "1 record", "12 records". */
export const count = (number: number, one: string, many = `${one}s`): string =>
  `${new Intl.NumberFormat().format(number)} ${number === 1 ? one : many}`;
