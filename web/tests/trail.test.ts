import { describe, expect, it } from "vitest";
import type { AuditEntry } from "../src/api/types";
import { trailOf } from "../src/sharing/trail";

const entry = (part: Partial<AuditEntry>): AuditEntry => ({
  seq: 1,
  at: "2026-11-23T10:00:00Z",
  actor: { id: "doc", name: "Dr. Singh", role: "provider" },
  purpose: "treatment",
  activity: "GET /v1/record/{category}",
  verb: "read",
  object: "record",
  categories: ["profile", "vitals"],
  count: null,
  ...part,
});

describe("who looked", () => {
  it("says who, what and why in plain words", () => {
    const [line] = trailOf([entry({})], "me");
    expect(line).toMatchObject({ who: "Dr. Singh (care provider)", did: "looked at vitals", how: "for treatment, on the record page" });
  });
  it("tells the same of the same day once, with how often", () => {
    const lines = trailOf([entry({ seq: 3 }), entry({ seq: 2 }), entry({ seq: 1, at: "2026-11-20T10:00:00Z" })], "me");
    expect(lines.map((line) => line.times)).toEqual([2, 1]);
  });
  it("never runs different people or different parts together", () => {
    const mine = { id: "me", name: "Maria", role: "patient" };
    const lines = trailOf([entry({}), entry({ categories: ["labs"] }), entry({ actor: mine, purpose: "self" })], "me");
    expect(lines.map((line) => `${line.who} ${line.did}`)).toEqual([
      "Dr. Singh (care provider) looked at vitals",
      "Dr. Singh (care provider) looked at lab results",
      "You looked at vitals",
    ]);
  });
  it("tells what it does not know in the words of the entry", () => {
    const [line] = trailOf([entry({ verb: "archived", object: "old_thing", categories: null, activity: null, purpose: null })], "me");
    expect(line).toMatchObject({ did: "archived old thing", how: "" });
  });
});
