import { describe, expect, it } from "vitest";
import type { Series } from "../src/api/types";
import { query } from "../src/api/client";
import { factsOf } from "../src/record/facts";
import { rangeWords, sideOf, summaryOf } from "../src/record/series";
import { parseHash } from "../src/router";

const series = (range: Series["range"], ...values: number[]): Series => ({
  metric: "8480-6",
  name: "Systolic",
  unit: "mm[Hg]",
  range,
  points: values.map((value, day) => ({ at: `2026-05-0${day + 1}`, value, record_id: null })),
});

describe("a reference range", () => {
  it("may be open on one side", () => {
    expect(sideOf(5, { low: null, high: 4, source: null })).toBe("high");
    expect(sideOf(5, { low: 6, high: null, source: null })).toBe("low");
    expect(sideOf(4, { low: null, high: 4, source: null })).toBe("in");
  });
  it("that is not known is never called normal", () => {
    expect(sideOf(5, null)).toBe("unknown");
    expect(sideOf(5, { low: null, high: null, source: null })).toBe("unknown");
    expect(rangeWords(series(null, 1))).toContain("no reference range");
    expect(summaryOf(series(null, 120, 125))).not.toContain("outside");
  });
  it("is said with its source", () => {
    expect(rangeWords(series({ low: 90, high: 130, source: "ESC 2024" }, 1))).toBe("Reference range: 90 to 130\u00A0mmHg (ESC 2024)");
  });
});

describe("facts of a FHIR resource", () => {
  it("are its components with units", () => {
    const part = (name: string, value: number) => ({ code: { text: name }, valueQuantity: { value, code: "mm[Hg]" } });
    const facts = factsOf({ resourceType: "Observation", component: [part("Systolic", 128), part("Diastolic", 82)] });
    expect(facts).toEqual([
      { name: "Systolic", value: "128\u00A0mmHg" },
      { name: "Diastolic", value: "82\u00A0mmHg" },
    ]);
  });
  it("keep the comparator, and say why a value is absent", () => {
    expect(factsOf({ valueQuantity: { value: 0.5, comparator: "<", unit: "mg/L" } })[0]?.value).toBe("<0.5\u00A0mg/L");
    expect(factsOf({ dataAbsentReason: { text: "Not performed" } })).toEqual([{ name: "Why there is no value", value: "Not performed" }]);
  });
  it("are none for what is not understood", () => {
    expect(factsOf({ resourceType: "Basic", component: "odd", valueQuantity: { value: "high" } })).toEqual([]);
  });
});

describe("addresses", () => {
  it("are read from the hash, broken escapes kept as they are", () => {
    expect(parseHash("#/verify?token=a%2Bb").query.get("token")).toBe("a+b");
    expect(parseHash("#/patients/x%20y/record").parts).toEqual(["patients", "x y", "record"]);
    expect(parseHash("#/%E0%A4%A").parts).toEqual(["%E0%A4%A"]);
    expect(parseHash("").parts).toEqual([]);
  });
  it("carry only parameters that have a value", () => {
    expect(query({ a: "x y", b: undefined, c: null, d: 5 })).toBe("?a=x+y&d=5");
    expect(query({})).toBe("");
  });
});
