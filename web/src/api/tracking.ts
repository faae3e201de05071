/** The shapes of tracking, alarms, goals and devices, as the OpenAPI description names them. */

import type { Evidence, Finding, Status, Urgency, Value } from "./types";

export type Kind = "instant" | "sum" | "duration";
/** "day": a point is a day or several, see its `until`. */
export type Resolution = "raw" | "hour" | "day";

export interface TrackedPoint {
  at: string;
  until: string | null;
  value: number;
  least: number;
  most: number;
  count: number;
  quality: number;
  by_device: boolean;
}

export interface Band {
  label: string;
  low: number | null;
  high: number | null;
  urgency: Urgency;
}

export interface OwnRange {
  low: number | null;
  high: number | null;
  set_by_role: string;
  reason: string | null;
}

export interface AlarmMark {
  id: string;
  at: string;
  title: string;
  urgency: Urgency;
  state: AlarmState;
}

export interface TrackedSeries {
  metric: string;
  name: string;
  unit: string | null;
  kind: Kind;
  category: string;
  resolution: Resolution;
  points: TrackedPoint[];
  bands: Band[];
  bands_reason: string | null;
  own_range: OwnRange | null;
  usual: { low: number; high: number; days: number } | null;
  usual_reason: string | null;
  alarms: AlarmMark[];
  /** How many values of the record have a unit that does not convert. */
  left_out?: number;
  /** There are older values of the record than those shown. */
  cut?: boolean;
}

export type AlarmState = "raised" | "acknowledged" | "snoozed" | "escalated" | "cleared" | "stale";

export interface Alarm {
  id: string;
  key: string;
  title: string;
  text: string;
  state: AlarmState;
  urgency: Urgency;
  category: string;
  raised_at: string;
  changed_at: string;
  seen: number;
  last_seen_at: string;
  snoozed_until: string | null;
  version: number;
  evidence: Evidence[];
}

export interface DecisionInput {
  kind: "reading" | "context" | "statement";
  category: string;
  evidence: Evidence;
  values: Value[];
}

export interface Decision {
  id: string;
  agent: string;
  rule: string;
  rule_version: string;
  model: string | null;
  outcome: string;
  urgency: Urgency;
  confidence: number;
  decided_at: string;
  inputs: DecisionInput[];
  findings: Finding[];
  withheld?: number;
}

export interface AlarmDetail {
  alarm: Alarm;
  history: { state: AlarmState; at: string; actor_role: string; note: string | null }[];
  decision: Decision;
  actions: { kind: string; text: string; ref: string | null }[];
}

export interface Task {
  id: string;
  kind: "measure_again" | "question" | "see_clinician" | "device" | "dose" | "refill";
  text: string;
  metric: string | null;
  due_at: string;
  state: "open" | "done" | "dismissed" | "expired";
  answer: string | null;
  alarm_id: string | null;
}

export interface TimelineEntry {
  at: string;
  kind: string;
  title: string;
  text: string;
  ref: string;
  correlation_id: string | null;
  urgency: Urgency | null;
  category: string;
}

export interface Risk {
  key: string;
  label: string;
  text: string;
  at: string;
  evidence: Evidence[];
}

export interface GoalProgress {
  counted_in: "day" | "week";
  days_met: number;
  days_with_data: number;
  days: number;
  streak: number;
  today: number | null;
  fraction: number | null;
  reason: string | null;
}

export interface Goal {
  id: string;
  metric: string;
  name: string;
  direction: "at_least" | "at_most";
  target: number;
  unit: string;
  per: "day" | "week" | "reading";
  state: "suggested" | "active" | "refused" | "reached" | "ended";
  made_by: "patient" | "provider" | "service";
  reason: string | null;
  since: string;
  until: string | null;
  progress: GoalProgress | null;
  /** What there is to know about a new goal. */
  notes: string[];
}

export interface TrackingSettings {
  timezone: string;
  quiet_from: string | null;
  quiet_until: string | null;
  channels: string[];
  hook_url: string | null;
  tells_providers: boolean;
}

export interface HealthScore {
  status: Status;
  score: number | null;
  level: string | null;
  parts: { name: string; points: number | null; note: string | null; reason: string | null }[];
  missing: string[];
  reason: string | null;
  evidence: Evidence;
}

export interface GlucoseReport {
  status: Status;
  reason: string | null;
  since: string;
  until: string;
  people: string | null;
  count: number;
  days: number | null;
  active_percent: number | null;
  metrics: { key: string; name: string; value: number | null; unit: string | null; target: string | null; status: Status; reason: string | null }[];
  evidence: Evidence[];
}

export interface Device {
  id: string;
  name: string;
  kind: string | null;
  maker: string | null;
  model: string | null;
  firmware: string | null;
  /** A share from 0 to 1, as reported at `reported_at`. */
  battery: number | null;
  reported_at: string | null;
  registered_at: string;
  last_seen_at: string | null;
  retired_at: string | null;
  suggestions?: { kind: string; text: string }[];
  quality?: number | null;
}

export interface Webhook {
  id: string;
  device_id: string;
  url: string;
  created_at: string;
  revoked_at: string | null;
  secret: string | null;
}

export interface RejectedRow {
  id: string;
  delivery_id: string;
  place: string;
  reason: string;
  content: string;
}

export interface DeliveryReport {
  delivery_id: string;
  new: number;
  changed: number;
  unchanged: number;
  closed: number;
  rejected: number;
  workouts: number;
  low_quality: number;
  by_metric: Record<string, number>;
  devices: string[];
  examples: RejectedRow[];
  repeated: boolean;
}

export interface Priority {
  metric: string;
  device_ids: string[];
}
