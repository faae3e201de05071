import { describe, expect, it } from "vitest";
import type { Adherence, CheckedFinding, DueDose, Forecast, Medicine, Override } from "../src/api/medications";
import { besideFields } from "../src/api/problem";
import type { Value } from "../src/api/types";
import { newId } from "../src/medicines/calls";
import { drugsOf, grouped, heldUp, interrupts, isInferred, isReadAs, mayBeAccepted, meantNames, pairsOf, severityWords, stepsOf, unknownNames } from "../src/medicines/checks";
import { adherenceWords, countedWords, dueOn, dueWords, lastsWords, orderedWords, refillWords, slotsWithoutTime, stateWords, toldOf, unknownParts, usualTime } from "../src/medicines/words";

const value = (name: string, text: string): Value => ({ name, text, number: null, unit: null, at: null, code: null });
const finding = (part: Partial<CheckedFinding> = {}): CheckedFinding => ({
  kind: "drug_interaction",
  text: "warfarin and ibuprofen: bleeding becomes more likely.",
  status: "found",
  values: [value("drug", "warfarin"), value("drug", "ibuprofen"), value("severity", "major"), value("basis", "documented")],
  urgency: "urgent",
  confidence: 1,
  evidence: [],
  reason: null,
  categories: [],
  agent: null,
  override: null,
  ...part,
});
const OVERRIDE: Override = { id: "o", kind: "drug_interaction", key: "k", reason: "my doctor knows", actor_role: "patient", at: "2026-11-28T10:00:00.123456+00:00", ended_at: null };
const accepted = finding({ urgency: "self_care", override: OVERRIDE });
const due = (part: Partial<DueDose>): DueDose => ({ key: "k", day: "2026-11-28", last_day: "2026-11-28", at: null, slot: "1/1", words: null, status: null, ...part });

describe("the findings of a check", () => {
  it("are each in one group, what could not be checked apart from what was not found", () => {
    const all = [
      finding(),
      finding({ urgency: "emergency" }),
      finding({ urgency: "routine" }),
      finding({ urgency: "self_care" }),
      finding({ status: "not_found", urgency: "routine" }),
      finding({ status: "not_evaluated", urgency: "urgent", reason: "unknown" }),
      accepted,
    ];
    const groups = grouped(all);
    expect(Object.values(groups).flat()).toHaveLength(all.length);
    expect(groups.interrupting).toHaveLength(2);
    expect(groups.unchecked.map(({ status }) => status)).toEqual(["not_evaluated"]);
    expect(groups.absent.map(({ status }) => status)).toEqual(["not_found"]);
    expect(groups.accepted).toEqual([accepted]);
    expect(groups.small).toHaveLength(1);
  });
  it("interrupt only when something was found", () => {
    expect(interrupts(finding({ status: "not_evaluated", reason: "x" }))).toBe(false);
    expect(interrupts(accepted)).toBe(false);
  });
  it("may be accepted unless they are an emergency", () => {
    expect(mayBeAccepted(finding())).toBe(true);
    expect(mayBeAccepted(finding({ urgency: "emergency" }))).toBe(false);
    expect(mayBeAccepted(finding({ urgency: "routine" }))).toBe(false);
  });
  it("say their severity in words, and an inferred one is not called documented", () => {
    expect(severityWords(finding())).toBe("Serious");
    expect(severityWords(finding({ values: [] }))).toBe("Serious");
    expect(severityWords(finding({ urgency: "emergency" }))).toBe("Emergency");
    expect(isInferred(finding({ values: [value("basis", "inferred")] }))).toBe(true);
    expect(isInferred(finding())).toBe(false);
  });
  it("name pairs of medicines, each once, and none for one alone", () => {
    const three = finding({ values: ["a", "b", "c", "a"].map((name) => value("drug", name)) });
    expect(drugsOf(three)).toEqual(["a", "b", "c"]);
    expect(pairsOf(three)).toEqual([["a", "b"], ["a", "c"], ["b", "c"]]);
    expect(pairsOf(finding({ values: [value("drug", "a"), value("food", "b")] }))).toEqual([]);
    expect(pairsOf(finding({ status: "not_found" }))).toEqual([]);
  });
});

describe("the steps of a path", () => {
  it("do not say again what stands above, unless it is all there is", () => {
    const reason = finding({ text: "because" });
    expect(stepsOf({ reasons: [reason], findings: [finding()] }, finding().text)).toEqual([reason]);
    expect(stepsOf({ reasons: [], findings: [finding()] }, finding().text)).toEqual([finding()]);
  });
});

describe("a medicine that is thought of", () => {
  const unknown = finding({ status: "not_evaluated", urgency: "routine", reason: "unknown medicine: “blorfoxil”", values: [value("drug", "blorfoxil")] });
  it("holds the form up when it is not known, or something interrupts", () => {
    expect(unknownNames([unknown], ["Blorfoxil 20 mg"])).toEqual(["blorfoxil"]);
    expect(heldUp([unknown], "Blorfoxil 20 mg")).toBe(true);
    expect(heldUp([finding()], "ibuprofen")).toBe(true);
    expect(heldUp([finding({ urgency: "routine" })], "ibuprofen")).toBe(false);
  });
  it("does not become unknown by another one of the record", () => {
    expect(unknownNames([unknown], ["ibuprofen"])).toEqual([]);
  });
  const readAs = finding({ kind: "drug_name", urgency: "routine", values: [value("drug", "lisinopril"), value("written", "Lisinoprl 10 mg"), value("suggestion", "lisinopril 10 mg")] });
  it("holds the form up when its name was read as another one, and not for one of the record", () => {
    expect(isReadAs(readAs, " lisinoprl 10 mg ")).toBe(true);
    expect(heldUp([readAs], "lisinoprl 10 mg")).toBe(true);
    expect(heldUp([readAs], "ibuprofen")).toBe(false);
    expect(isReadAs(unknown, "Blorfoxil 20 mg")).toBe(false);
  });
  it("may be meant as what stands behind its own name, and as nothing where nothing is alike", () => {
    const two = { ...unknown, values: [value("drug", "a"), value("drug", "b"), value("written", "A"), value("suggestion", "a1"), value("suggestion", "a2"), value("written", "B"), value("suggestion", "b1")] };
    expect(meantNames(two, "a")).toEqual(["a1", "a2"]);
    expect(meantNames(two, "b")).toEqual(["b1"]);
    expect(meantNames(unknown, "Blorfoxil 20 mg")).toEqual([]);
  });
});

describe("whether a medicine is taken", () => {
  it("is told with what is known of its dates, and not made up", () => {
    const dates = { begins: null, since: null, until: null };
    expect(stateWords({ state: "taking", ...dates })).toBe("Taken now; since when is not known");
    expect(stateWords({ state: "taking", ...dates, begins: "2024" })).toBe("Taken since 2024");
    expect(stateWords({ state: "stopped", ...dates, until: "2024" })).toBe("Stopped 2024");
    expect(stateWords({ state: "unclear", ...dates })).toMatch(/not say clearly/);
  });
  it("names who ordered it and why, as far as that is known", () => {
    expect(orderedWords({ prescriber: "Dr. Singh", reason: "high blood pressure", pharmacy: null })).toBe("Prescribed by Dr. Singh, for high blood pressure");
    expect(orderedWords({ prescriber: null, reason: null, pharmacy: null })).toBe("");
  });
  it("names the parts that nobody knows", () => {
    const ingredients: Medicine["ingredients"] = [{ name: "a", known: true, rxcui: "1" }, { name: "b", known: false, rxcui: null }];
    expect(unknownParts({ ingredients })).toEqual(["b"]);
  });
});

describe("what is due", () => {
  it("is of that day, or may still be taken on it", () => {
    const all = [due({ key: "a", day: "2026-11-27", last_day: "2026-11-27" }), due({ key: "b" }), due({ key: "c", day: "2026-11-25", last_day: "2026-11-30" })];
    expect(dueOn(all, "2026-11-28").map(({ key }) => key)).toEqual(["b", "c"]);
  });
  it("is told by its part of the day, its number, or its last day", () => {
    expect(dueWords(due({ words: "in the morning" }))).toBe("In the morning");
    expect(dueWords(due({ slot: "2/3" }))).toBe("Dose 2 of 3");
    expect(dueWords(due({ slot: "C 1/2", words: "with meals" }))).toBe("With meals, 1 of 2");
    expect(dueWords(due({}))).toBe("Today");
    expect(dueWords(due({ last_day: "2026-11-30" }))).toMatch(/^Once until /);
  });
  it("has what was told of it last", () => {
    const dose = { id: "1", status: "missed", at: "2026-11-28T08:00:00Z", due: "k", extra: false, reason: null } as const;
    expect(toldOf(due({}), [dose, { ...dose, id: "2", status: "taken" }])?.id).toBe("2");
    expect(toldOf(due({ key: "other" }), [dose])).toBeUndefined();
  });
  it("needs a time of the clock for each part of the day before anybody is reminded", () => {
    const all = [due({ slot: "MORN", words: "in the morning" }), due({ slot: "MORN", words: "in the morning" }), due({ slot: "08:00", at: "2026-11-28T08:00:00Z" })];
    expect(slotsWithoutTime(all)).toEqual([{ slot: "MORN", words: "In the morning" }]);
    expect(usualTime("EVE")).toBe("20:00");
    expect([usualTime("1/3"), usualTime("2/3"), usualTime("3/3")]).toEqual(["08:00", "14:00", "20:00"]);
    expect(usualTime("1/1")).toBe("08:00");
  });
});

describe("how it is going", () => {
  const adherence: Adherence = { status: "found", method: "log", share: 0.8, low: 0.6, high: 0.9, since: "2026-06-01", until: "2026-11-28", days: null, days_covered: null, due: 10, taken: 8, missed: 1, skipped: 0, untold: 1, reason: null };
  it("is told with how sure it is and what was counted", () => {
    expect(adherenceWords(adherence)).toMatch(/^80% of the doses were taken, between 60% and 90%/);
    expect(countedWords(adherence)).toBe("10 doses due: 8 taken, 1 missed, 1 not told of");
  });
  it("is not told when it cannot be said: that is no zero", () => {
    expect(adherenceWords({ ...adherence, status: "not_evaluated", share: null, reason: "no dose was told of" })).toBeUndefined();
    expect(countedWords({ ...adherence, due: null })).toBeUndefined();
  });
  const forecast: Forecast = { status: "found", basis: "counted", least: 28, most: 30, unit: "{tbl}", earliest: "2026-12-26", latest: "2026-12-28", enough: false, refills_left: null, reason: null };
  it("says how long it lasts as a range", () => {
    expect(lastsWords(forecast)).toMatch(/^Until .+, at most .+\. There are 28 to 30 tablets left\.$/);
    expect(lastsWords({ ...forecast, enough: true })).toMatch(/^Enough to the end/);
    expect(lastsWords({ ...forecast, status: "not_evaluated", reason: "x" })).toBeUndefined();
  });
  it("tells no refills from refills that are not known", () => {
    const order = { id: "1", status: null, ordered: null, valid_until: null, prescriber: null, pharmacy: null, refills_allowed: 3, refills_left: 0, refills_unknown: null, dispensed: 3 };
    expect(refillWords(order)).toEqual({ known: true, words: "0 refills left of 3" });
    expect(refillWords({ ...order, refills_left: null, refills_unknown: "the order does not say" })).toEqual({ known: false, words: "the order does not say" });
  });
});

describe("what is wrong with a form", () => {
  const problem = { type: "/problems/invalid-input", title: "The input cannot be used", status: 422, errors: [{ at: "body.name", kind: "k", message: "Too short" }] };
  it("stands beside its field, and what belongs to none stays above", () => {
    expect(besideFields(problem, ["name"])).toEqual({ errors: { name: "Too short" }, rest: undefined });
    expect(besideFields(problem, ["since"])).toEqual({ errors: {}, rest: problem });
    expect(besideFields({ ...problem, errors: undefined, detail: "It ends before it begins." }, ["name"]).rest?.detail).toMatch(/ends/);
    expect(besideFields(undefined, ["name"])).toEqual({ errors: {}, rest: undefined });
  });
});

describe("a new id", () => {
  it("is a UUID of version 4, and another one each time", () => {
    expect(newId()).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    expect(newId()).not.toBe(newId());
  });
});
