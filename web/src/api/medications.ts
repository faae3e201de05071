/** The shapes of medicines, their doses and their checks, as the OpenAPI description names them. */

import type { Evidence, Finding, Status } from "./types";

export type MedicineState = "taking" | "planned" | "paused" | "stopped" | "completed" | "not_taken" | "unclear";

export interface Prescription {
  id: string;
  status: string | null;
  ordered: string | null;
  valid_until: string | null;
  prescriber: string | null;
  pharmacy: string | null;
  refills_allowed: number | null;
  refills_left: number | null;
  refills_unknown: string | null;
  dispensed: number;
}

export interface Medicine {
  id: string;
  version: string;
  name: string;
  ingredients: { name: string; known: boolean; rxcui: string | null }[];
  route: string | null;
  state: MedicineState;
  state_reason: string | null;
  directions: string | null;
  not_followed: string | null;
  begins: string | null;
  since: string | null;
  until: string | null;
  reason: string | null;
  prescriber: string | null;
  pharmacy: string | null;
  prescriptions: Prescription[];
  disagreements: { kind: "dose" | "state"; text: string; evidence: Evidence[] }[];
  evidence: Evidence[];
}

export interface MedicineChange {
  at: string;
  kind: string;
  directions: string | null;
  reason: string | null;
  evidence: Evidence;
}

export interface MedicineDetail {
  medicine: Medicine;
  history: MedicineChange[];
}

export interface Check {
  checked: string[];
  findings: CheckedFinding[];
}

/** A finding of a check; `override` keeps it quiet, null while it speaks. */
export interface CheckedFinding extends Finding {
  override: Override | null;
}

export interface Override {
  id: string;
  kind: string;
  key: string;
  reason: string;
  actor_role: "patient" | "provider";
  at: string;
  ended_at: string | null;
}

export type DoseStatus = "taken" | "missed" | "skipped";

export interface Dose {
  id: string;
  status: DoseStatus;
  at: string;
  due: string | null;
  extra: boolean;
  reason: string | null;
}

export interface DueDose {
  key: string;
  day: string;
  last_day: string;
  at: string | null;
  slot: string;
  words: string | null;
  status: DoseStatus | null;
}

export interface Doses {
  items: Dose[];
  due: DueDose[];
  not_evaluated: string | null;
}

export interface Adherence {
  status: Status;
  method: "dispensed" | "log" | null;
  share: number | null;
  low: number | null;
  high: number | null;
  since: string;
  until: string;
  days: number | null;
  days_covered: number | null;
  due: number | null;
  taken: number | null;
  missed: number | null;
  skipped: number | null;
  untold: number | null;
  reason: string | null;
}

export interface Forecast {
  status: Status;
  basis: "counted" | "dispensed" | "ordered" | null;
  least: number | null;
  most: number | null;
  unit: string | null;
  earliest: string | null;
  latest: string | null;
  enough: boolean;
  refills_left: number | null;
  reason: string | null;
}

export interface Reminder {
  kind: "dose" | "refill";
  is_on: boolean;
  clock: Record<string, string>;
  days_before: number | null;
}

export interface SideEffect {
  id: string;
  note: string | null;
  recorded_at: string;
  /** Null when the symptom is not shared. */
  name: string | null;
  since: string | null;
  until: string | null;
  relation: { text: string } | null;
}

/** How two things hang together. */
export interface Path {
  one: { key: string; kind: string; name: string } | null;
  two: { key: string; kind: string; name: string } | null;
  findings: Finding[];
  reasons: Finding[];
}
