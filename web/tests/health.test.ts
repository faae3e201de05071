import { describe, expect, it } from "vitest";
import type { Alarm, Goal, TimelineEntry, TrackedPoint } from "../src/api/tracking";
import type { Finding } from "../src/api/types";
import { chartLinks } from "../src/chat/chart-link";
import { isNews, merged, snoozes } from "../src/health/alarms";
import { type Drawing, breaks, heightOf, pointWords, rangeText, sideOf, summaryOf } from "../src/health/drawing";
import { goalWords, progressWords, shareOf, todayWords } from "../src/health/goal-words";
import { chartPlace, measuredRef } from "../src/health/measured-ref";
import { chosen, moved, periodOf, periodQuery, pointsWanted, spanOf, zoomed } from "../src/health/period";
import { alarmOf, byDay, leadsChain, shown } from "../src/health/timeline";

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const NOW = Date.parse("2026-11-28T12:00:00Z");

const point = (hour: number, value: number, more: Partial<TrackedPoint> = {}): TrackedPoint => ({
  at: new Date(NOW + hour * HOUR).toISOString(),
  until: null,
  value,
  least: value,
  most: value,
  count: 1,
  quality: 1,
  by_device: true,
  ...more,
});
const drawing = (points: TrackedPoint[], more: Partial<Drawing> = {}): Drawing => ({
  name: "heart rate",
  unit: "/min",
  kind: "instant",
  since: NOW,
  until: NOW + DAY,
  points,
  bands: [],
  range: null,
  usual: null,
  alarms: [],
  ...more,
});
const alarm = (id: string, more: Partial<Alarm> = {}): Alarm => ({
  id,
  key: id,
  title: id,
  text: "",
  state: "raised",
  urgency: "routine",
  category: "vitals",
  raised_at: "2026-11-28T10:00:00Z",
  changed_at: "2026-11-28T10:00:00Z",
  seen: 1,
  last_seen_at: "2026-11-28T10:00:00Z",
  snoozed_until: null,
  version: 1,
  evidence: [],
  ...more,
});

describe("a chart", () => {
  it("breaks its line where nothing was measured, and not where it is measured seldom", () => {
    expect(breaks([0, 1, 2, 30, 31].map((hour) => point(hour, 1)))).toEqual([false, false, true, false, false]);
    expect(breaks([0, 100, 200, 201, 202, 203].map((hour) => point(hour, 1)))).not.toContain(true);
    expect(breaks([0, 0.02, 24, 24.02, 48, 48.02].map((hour) => point(hour, 1)))).not.toContain(true);
    expect(breaks([point(0, 1)])).toEqual([false]);
  });
  it("has bars on the ground and values with room", () => {
    expect(heightOf(drawing([point(0, 100)], { kind: "sum" }))[0]).toBe(0);
    const [low, high] = heightOf(drawing([point(0, 60), point(1, 80)]));
    expect(low).toBeLessThan(60);
    expect(high).toBeGreaterThan(80);
  });
  it("shows a limit that is near and leaves one out that would flatten the values", () => {
    const bands = [{ label: "very high", low: 131, high: null, urgency: "urgent" as const }, { label: "high", low: 90, high: 131, urgency: "routine" as const }];
    const [, high] = heightOf(drawing([point(0, 60), point(1, 80)], { bands }));
    expect(high).toBeGreaterThan(90);
    expect(high).toBeLessThan(131);
  });
  it("has a height even without a value or with a single one", () => {
    for (const points of [[], [point(0, 0)], [point(0, 5)]]) {
      const [low, high] = heightOf(drawing(points));
      expect(high).toBeGreaterThan(low);
    }
  });
  it("says what a point is, and when its quality is low", () => {
    expect(pointWords(point(0, 61), drawing([]))).toContain("61\u00A0per minute");
    const joined = point(0, 61.5, { least: 50, most: 80, count: 12, quality: 0.2, until: new Date(NOW + HOUR).toISOString() });
    expect(pointWords(joined, drawing([]))).toMatch(/on average, 50 to 80 in 12 values, of low quality/);
  });
  it("says nothing about a range that there is not", () => {
    expect(sideOf(5, null)).toBe("unknown");
    expect(summaryOf(drawing([point(0, 61)]))).not.toContain("outside");
    expect(summaryOf(drawing([point(0, 61)], { range: { low: null, high: 60, label: "" } }))).toContain("1 outside");
    expect(rangeText({ low: null, high: 90 }, "/min")).toBe("90\u00A0per minute or less");
  });
});

describe("a period", () => {
  const query = (text: string): URLSearchParams => new URLSearchParams(text);
  it("is named by the address, else the last month", () => {
    expect(periodOf(query("days=7"), NOW)).toEqual({ since: NOW - 7 * DAY, until: NOW });
    expect(periodOf(query("since=2026-11-01"), NOW)).toEqual({ since: Date.parse("2026-11-01"), until: NOW });
    for (const odd of ["", "days=-1", "days=x", "since=x", "since=2030-01-01", "days=99999999"]) expect(periodOf(query(odd), NOW).since).toBe(NOW - 30 * DAY);
    expect(spanOf(query("since=2026-11-01"))).toBe("");
    expect(spanOf(query(""))).toBe("30");
  });
  it("comes back from its address", () => {
    const period = { since: NOW - DAY, until: NOW };
    expect(periodOf(query(periodQuery(period)), NOW)).toEqual(period);
  });
  it("is halved around a moment, and never goes beyond now", () => {
    const month = { since: NOW - 30 * DAY, until: NOW };
    expect(zoomed(month, 0.5, NOW)).toEqual({ since: NOW - 22.5 * DAY, until: NOW - 7.5 * DAY });
    expect(zoomed(month, 2, NOW)).toEqual({ since: NOW - 60 * DAY, until: NOW });
    expect(moved(month, 1, NOW)).toEqual(month);
    expect(moved(month, -1, NOW)).toEqual({ since: NOW - 45 * DAY, until: NOW - 15 * DAY });
  });
  it("that is drawn with the pointer is long enough, whichever way", () => {
    expect(chosen(NOW, NOW - DAY)).toEqual({ since: NOW - DAY, until: NOW });
    const { since, until } = chosen(NOW, NOW + 5);
    expect(until - since).toBeGreaterThanOrEqual(10 * 60_000);
  });
  it("asks for bars by hours on a day and by days beyond", () => {
    expect(pointsWanted("sum", { since: 0, until: DAY })).toBe(26);
    expect(pointsWanted("sum", { since: 0, until: 30 * DAY })).toBe(32);
    expect(pointsWanted("instant", { since: 0, until: DAY })).toBe(600);
  });
});

describe("alarms", () => {
  it("stand with the one that waits and is most urgent first, and closed ones go", () => {
    const list = merged([], alarm("a"), alarm("b", { urgency: "emergency" }), alarm("c", { state: "acknowledged", urgency: "emergency" }));
    expect(list.map(({ id }) => id)).toEqual(["b", "a", "c"]);
    expect(merged(list, alarm("b", { state: "cleared", version: 2 })).map(({ id }) => id)).toEqual(["a", "c"]);
  });
  it("are not set back by what comes late", () => {
    const list = merged([alarm("a", { version: 3, state: "acknowledged" })], alarm("a", { version: 2 }));
    expect(list[0]?.state).toBe("acknowledged");
  });
  it("are told when new, again, or worse, and not when they only changed", () => {
    expect(isNews(alarm("a"), undefined)).toBe(true);
    expect(isNews(alarm("a", { state: "acknowledged" }), undefined)).toBe(false);
    expect(isNews(alarm("a", { version: 2 }), alarm("a"))).toBe(false);
    expect(isNews(alarm("a", { version: 3 }), alarm("a", { version: 2, state: "snoozed" }))).toBe(true);
    expect(isNews(alarm("a", { version: 2, urgency: "urgent" }), alarm("a"))).toBe(true);
  });
  it("can be put off for as long as their urgency allows", () => {
    const evening = new Date(2026, 10, 28, 20, 0);
    expect(snoozes("routine", evening).map(({ label }) => label)).toEqual(["for 1 hour", "until tomorrow morning"]);
    expect(snoozes("urgent", evening).map(({ label }) => label)).toEqual(["for 1 hour"]);
    const [only, ...others] = snoozes("emergency", evening);
    expect(others).toEqual([]);
    expect(only!.until.getTime() - evening.getTime()).toBeLessThan(15 * 60_000);
  });
});

describe("a goal", () => {
  const goal = (progress: Partial<NonNullable<Goal["progress"]>>, direction: Goal["direction"] = "at_least"): Goal => ({
    id: "g",
    metric: "55423-8",
    name: "steps",
    direction,
    target: 8000,
    unit: "{steps}",
    per: "day",
    state: "active",
    made_by: "patient",
    reason: null,
    since: "2026-11-01T00:00:00Z",
    until: null,
    notes: [],
    progress: { counted_in: "day", days_met: 0, days_with_data: 0, days: 0, streak: 0, today: null, fraction: null, reason: null, ...progress },
  });
  it("is said in plain words", () => {
    expect(goalWords(goal({}))).toBe("Steps: at least 8,000 a day");
    expect(todayWords(goal({ today: 5200 }))).toBe("Today so far: 5,200 of 8,000.");
  });
  it("never counts a day without data as missed", () => {
    const words = progressWords(goal({ days_met: 5, days_with_data: 7, days: 9, streak: 3 }));
    expect(words).toBe("Met on 5 of 7 days with data; on 2 days nothing was measured. 3 days in a row.");
    expect(progressWords(goal({ days: 3 }))).toBe("");
  });
  it("fills its bar by today, or by days where less is better", () => {
    expect(shareOf(goal({ today: 9000, fraction: 1.1 }))).toBe(1);
    expect(shareOf(goal({ fraction: 0.5, days_met: 1, days_with_data: 4 }, "at_most"))).toBe(0.25);
  });
});

describe("the timeline", () => {
  const entry = (at: string, kind: string, correlation_id: string | null = null, ref = "x/1"): TimelineEntry => ({ at, kind, title: kind, text: "", ref, correlation_id, urgency: null, category: "vitals" });
  const entries = [entry("2026-11-28T10:00:00", "alarm", "c", "alarm/7"), entry("2026-11-28T09:59:00", "reading", "c"), entry("2026-11-27T23:59:00", "goal")];
  it("is grouped by the reader's days", () => {
    expect(byDay(entries).map((day) => day.entries.length)).toEqual([2, 1]);
  });
  it("shows some kinds, or one chain of events", () => {
    expect(shown(entries, { kinds: [] })).toHaveLength(3);
    expect(shown(entries, { kinds: ["goal"] })).toHaveLength(1);
    expect(shown(entries, { kinds: [], chain: "c" })).toHaveLength(2);
    expect(entries.map((each) => leadsChain(entries, each))).toEqual([true, false, false]);
    expect(entries.map(alarmOf)).toEqual(["7", undefined, undefined]);
  });
});

describe("references to what was measured", () => {
  it("lead to the chart and are told from entries of the record", () => {
    expect(measuredRef("DeviceSample/d/8480-6/2026-11-28T10:28:58Z")).toEqual({ metric: "8480-6", at: "2026-11-28T10:28:58Z" });
    expect(measuredRef("Series/8480-6")).toEqual({ metric: "8480-6" });
    expect(measuredRef("Observation/1")).toBeUndefined();
    expect(chartPlace({ metric: "8480-6" })).toBe("/health/8480-6?days=91");
    expect(chartPlace({ metric: "8480-6", at: "2026-11-28T10:00:00Z" })).toContain("since=2026-11-25T10%3A00%3A00.000Z");
  });
});

describe("a reply with values over time", () => {
  const finding = (kind: string, ...values: [string | null, string | null][]): Finding => ({
    kind,
    text: "",
    status: "found",
    values: values.map(([code, at]) => ({ name: "steps", number: 1, text: null, unit: null, at, code })),
    urgency: "routine",
    confidence: 1,
    evidence: [],
    reason: null,
    categories: [],
    agent: null,
  });
  const [early, late] = ["2026-11-01T08:00:00Z", "2026-11-20T08:00:00Z"];
  it("leads to their chart from the first of them on", () => {
    expect(chartLinks([finding("measurement.history", ["1-1", late], ["1-1", early], [null, early])])).toEqual([{ metric: "1-1", name: "Steps", since: "2026-11-01" }]);
    expect(chartLinks([finding("tracking.compare", ["1-1", late], ["1-1", early])])).toHaveLength(1);
  });
  it("leads nowhere from a single value or from something else", () => {
    expect(chartLinks([finding("measurement.history", ["1-1", late])])).toEqual([]);
    expect(chartLinks([finding("measurement.latest", ["1-1", late], ["1-1", early])])).toEqual([]);
    expect(chartLinks([finding("measurement.history", ["1-1", "odd"], ["1-1", null])])).toEqual([]);
  });
});
