import { describe, expect, it } from "vitest";
import { changesOf, formOf, marked, mayBeAccepted, standingWords } from "../src/admin/candidates";
import type { EdgeDraft } from "../src/api/review";

const DRAFT: EdgeDraft = { source: "ingredient:rifampin", source_name: "rifampin", relation: "interacts", target: "ingredient:metoprolol", target_name: "metoprolol", says: "", severity: null, what: "the level falls", advice: "Ask.", strength: null };

describe("the sentence of a candidate", () => {
  const sentence = "🅰 Rifampin lowers metoprolol.";
  it("is marked where the two are named, counted in characters and not in halves of them", () => {
    const pieces = marked({ sentence, start: 100, subject: { text: "Rifampin", start: 102, end: 110 }, object: { text: "metoprolol", start: 118, end: 128 } });
    expect(pieces.filter((piece) => piece.marked).map(({ text }) => text)).toEqual(["Rifampin", "metoprolol"]);
    expect(pieces.map(({ text }) => text).join("")).toBe(sentence);
  });
  it("is left whole where the places do not fit", () => {
    const pieces = marked({ sentence, start: 0, subject: { text: "other", start: 0, end: 5 }, object: { text: "metoprolol", start: 500, end: 510 } });
    expect(pieces).toEqual([{ text: sentence, marked: false }]);
  });
});

describe("a candidate", () => {
  it("that is denied, or of which an end is not known, is not accepted as it is", () => {
    expect(mayBeAccepted({ denied: false, draft: DRAFT })).toBe(true);
    expect(mayBeAccepted({ denied: true, draft: DRAFT })).toBe(false);
    expect(mayBeAccepted({ denied: false, draft: { ...DRAFT, target: null } })).toBe(false);
  });
  it("is edited by what differs from what was read", () => {
    const form = formOf({ draft: DRAFT, edited: null });
    expect(changesOf(form, { draft: DRAFT })).toEqual({});
    expect(changesOf({ ...form, severity: "major", what: " it falls much " }, { draft: DRAFT })).toEqual({ severity: "major", what: "it falls much" });
    expect(changesOf(form, { draft: { ...DRAFT, target: null } })).toEqual({ target: "metoprolol" });
  });
  it("says how it stands to what is known", () => {
    expect(standingWords({ known: { standing: "same", severity: "moderate", evidence: [] } })).toBe("Known already, as “needs care”");
    expect(standingWords({ known: { standing: "new", severity: null, evidence: [] } })).toMatch(/^Nothing is known/);
  });
});
