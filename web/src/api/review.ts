/** The shapes of documents that are read into knowledge, and of what they propose, as the OpenAPI description names them. */

import type { Evidence } from "./types";

export type CandidateState = "proposed" | "accepted" | "edited" | "refused";
export type Severity = "contraindicated" | "major" | "moderate" | "minor";

export interface EdgeDraft {
  source: string | null;
  source_name: string;
  relation: string;
  target: string | null;
  target_name: string;
  says: string;
  severity: Severity | null;
  what: string | null;
  advice: string | null;
  strength: string | null;
}

export interface Candidate {
  id: string;
  material_id: string;
  material: string;
  section: string | null;
  sentence: string;
  subject: { text: string; start: number; end: number };
  object: { text: string; start: number; end: number };
  start: number;
  denied: boolean;
  confidence: number;
  draft: EdgeDraft;
  edited: EdgeDraft | null;
  known: { standing: "new" | "same" | "other" | "unnamed"; severity: Severity | null; evidence: Evidence[] };
  state: CandidateState;
  version: number;
  reason: string | null;
  decided_at: string | null;
  in_force: boolean;
}

export interface Material {
  id: string;
  kind: "label" | "guideline" | "article";
  title: string;
  source: string;
  about: string[];
  added_at: string;
  candidates: Partial<Record<CandidateState, number>>;
}
