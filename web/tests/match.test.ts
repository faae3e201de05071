import { describe, expect, it } from "vitest";
import type { Finding } from "../src/api/types";
import { blocksOf, isSaid, matches, sentencesOf } from "../src/chat/match";

const finding = (text: string, part: Partial<Finding> = {}): Finding => ({
  kind: "test",
  text,
  status: "found",
  values: [],
  urgency: "routine",
  confidence: 1,
  evidence: [],
  reason: null,
  categories: [],
  agent: null,
  ...part,
});

const pressure = finding("Your last blood pressure was 128/82 mmHg on 3 May 2026.");
const allergy = finding("You are allergic to penicillin.");

describe("evidence of a sentence", () => {
  it("is the finding that says the same, whatever the emphasis", () => {
    expect(matches("Your last blood pressure was **128/82 mmHg** on 3 May 2026.", [allergy, pressure])).toEqual([1]);
  });
  it("is the finding that shares most words when it was rephrased", () => {
    expect(matches("On 3 May 2026 your blood pressure was 128/82.", [allergy, pressure])).toEqual([1]);
  });
  it("is never a finding that lacks a number of the sentence", () => {
    expect(matches("Your last blood pressure was 131/82 mmHg on 3 May 2026.", [allergy, pressure])).toEqual([]);
  });
  it("is never a finding that says the opposite", () => {
    expect(matches("You are not allergic to the penicillin.", [allergy])).toEqual([]);
  });
  it("is found through the values, and 5.20 is 5.2", () => {
    const value = { name: "LDL cholesterol", number: 5.2, text: null, unit: "mmol/L", at: null, code: null };
    expect(matches("Your LDL cholesterol was 5.20.", [finding("Cholesterol was measured.", { values: [value] })])).toEqual([0]);
  });
  it("is none for small talk", () => {
    expect(matches("I hope this helps you.", [pressure, allergy])).toEqual([]);
    expect(matches("", [pressure])).toEqual([]);
  });
});

describe("a reply", () => {
  it("keeps its words, as paragraphs, headings and items", () => {
    const blocks = blocksOf("## Today\nFirst. Second.\n\n- one\n2. two\n", []);
    expect(blocks.map((block) => block.kind)).toEqual(["heading", "paragraph", "item", "item"]);
    expect(blocks[1]?.sentences.map((sentence) => sentence.text).join("")).toBe("First. Second.");
  });
  it("keeps two lists apart that a blank line parts", () => {
    expect(blocksOf("- one\n- two\n\n- three", []).map((block) => block.apart)).toEqual([true, false, true]);
  });
  it("marks neighbouring sentences of one finding once, after the last", () => {
    const both = finding("It was high. It is worth raising at the next visit.");
    const [block] = blocksOf("It was high. It is worth raising at the next visit.", [both]);
    expect(block?.sentences.map((sentence) => sentence.findings)).toEqual([[], [0]]);
  });
  it("says a finding only when its very words are there", () => {
    expect(isSaid(allergy, "Sorry.\n\n- You are **allergic** to penicillin.")).toBe(true);
    expect(isSaid(allergy, "Penicillin is not for you.")).toBe(false);
  });
  it("is not cut after a title or inside a number", () => {
    expect(sentencesOf("Show Dr. Haddad the 5.2 mmol/L value. Then rest.")).toEqual(["Show Dr. Haddad the 5.2 mmol/L value. ", "Then rest."]);
  });
});
