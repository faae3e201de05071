/** The shapes that the HTTP API speaks, as its OpenAPI description names them. */

export type Role = "patient" | "provider" | "admin" | "system";
export type Urgency = "self_care" | "routine" | "urgent" | "emergency";
export type Status = "found" | "not_found" | "not_evaluated";

export interface Account {
  id: string;
  email: string;
  name: string;
  role: Role;
}

export interface SignIn {
  access_token: string;
  expires_in: number;
  account: Account;
}

/** RFC 9457, with the members that this service adds. */
export interface Problem {
  type: string;
  title: string;
  status: number;
  detail?: string;
  request_id?: string;
  retry_after?: number;
  /** What of the request could not be read: "body.name". */
  errors?: { at: string; kind: string; message: string }[];
}

export interface Page<T> {
  items: T[];
  next?: string | null;
}

export interface Evidence {
  kind: "record" | "knowledge" | "statement";
  ref: string;
  version: string;
  label: string;
  source: string | null;
  at: string | null;
}

export interface Value {
  name: string;
  number: number | null;
  text: string | null;
  unit: string | null;
  at: string | null;
  code: string | null;
}

export interface Finding {
  kind: string;
  text: string;
  status: Status;
  values: Value[];
  urgency: Urgency;
  confidence: number;
  evidence: Evidence[];
  reason: string | null;
  categories: string[];
  agent: string | null;
}

export interface Confirmation {
  id: string;
  tool: string;
  title: string;
  summary: string;
  details: { label: string; value: string }[];
}

export interface ChatReply {
  thread_id: string;
  message_id: string;
  reply: string;
  urgency: Urgency;
  findings: Finding[];
  agents: string[];
  confirmation: Confirmation | null;
  planner: "embedded" | "model";
}

export interface ThreadSummary {
  id: string;
  title: string;
  patient_id: string;
  created_at: string;
  updated_at: string;
}

export interface StoredMessage {
  id: string;
  role: "person" | "assistant";
  content: string;
  urgency: Urgency | null;
  findings: Finding[] | null;
  agents: string[] | null;
  at: string;
}

export interface Thread {
  id: string;
  title: string;
  messages: StoredMessage[];
  confirmation: Confirmation | null;
}

export interface RecordSummary {
  patient: { id: string; name: string; birth_date: string | null; sex: string | null };
  counts: Record<string, number>;
  not_shared: string[];
}

export interface RecordItem {
  id: string;
  type: string;
  version: string | number;
  category: string;
  label: string;
  detail: string | null;
  code: string | null;
  status: string | null;
  at: string | null;
  recorded_at: string | null;
}

export type FhirResource = { resourceType?: string } & Record<string, unknown>;

export interface RecordItemDetail {
  item: RecordItem;
  resource: FhirResource;
  versions: { version: string | number; recorded_at: string }[];
}

export interface Measurement {
  metric: string;
  name: string;
  unit: string | null;
  category: string;
  count: number;
  last_at: string;
  last_value: number;
}

export interface Series {
  metric: string;
  name: string;
  unit: string | null;
  range: { low: number | null; high: number | null; source: string | null } | null;
  points: { at: string; value: number; record_id: string | null }[];
}

export interface ImportReport {
  imported: number;
  updated: number;
  unchanged: number;
  skipped: number;
  problems: { entry: string | number | null; type: string | null; id: string | null; reason: string }[];
  by_type: Record<string, number | Record<string, number>>;
}

export interface Grant {
  id: string;
  grantee: { id: string; name: string; email: string };
  categories: string[];
  actions: string[];
  purposes: string[];
  valid_from: string | null;
  valid_until: string | null;
  granted_at: string;
  revoked_at: string | null;
}

export interface NewGrant {
  grantee_email: string;
  categories: string[];
  actions: string[];
  purposes: string[];
  valid_until?: string;
}

export interface AuditEntry {
  seq: number;
  at: string;
  actor: { id: string | null; name: string | null; role: string | null };
  purpose: string | null;
  activity: string | null;
  verb: string;
  object: string;
  categories: string[] | null;
  count: number | null;
}

export interface SharedPatient {
  id: string;
  name: string;
  categories: string[];
  purposes: string[];
  actions: string[];
  valid_until: string | null;
}

export interface AdminAccount extends Account {
  disabled_at?: string | null;
  disabled?: boolean;
  verified_at?: string | null;
  created_at?: string | null;
}

export interface Memory {
  id: string;
  kind: "fact" | "preference" | "episode" | "passage";
  category: string;
  text: string;
  key: string | null;
  source: Evidence;
  confidence: number;
  occurred_at: string;
  recorded_at: string;
  ended_at: string | null;
  superseded_by: string | null;
}

/** What a search found; `by_words` when meaning could not be compared, so that nothing found is not certain. */
export interface MemoryHits {
  items: Memory[];
  total: number;
  by_words: boolean;
}
