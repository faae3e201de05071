import { describe, expect, it } from "vitest";
import type { Device } from "../src/api/tracking";
import { batteryWords, inOrder, mendedBody, qualityWords, reordered, stateOf } from "../src/devices/words";

const NOW = new Date("2026-11-28T12:00:00Z");
const device = (id: string): Device => ({ id, name: id, kind: null, maker: null, model: null, firmware: null, battery: null, reported_at: null, registered_at: "2026-01-01T00:00:00Z", last_seen_at: null, retired_at: null });

describe("a device", () => {
  it("that sent nothing is told from one that is silent", () => {
    expect(stateOf({ retired_at: null, last_seen_at: null }, NOW)).toBe("Nothing came from it yet");
    expect(stateOf({ retired_at: null, last_seen_at: "2026-11-28T11:00:00Z" }, NOW)).toBe("Last seen today");
    expect(stateOf({ retired_at: null, last_seen_at: "2026-11-01T11:00:00Z" }, NOW)).toMatch(/^Silent: last seen/);
    expect(stateOf({ retired_at: "2026-11-01T11:00:00Z", last_seen_at: null }, NOW)).toMatch(/^Not used any more/);
  });
  it("whose quality or battery is not known is not called good or bad", () => {
    expect(qualityWords(null)).toContain("Not evaluated");
    expect(qualityWords(0)).toBe("0%");
    expect(batteryWords({ battery: null, reported_at: null })).toBe("Not reported");
  });
});

describe("a row that is mended", () => {
  it("is sent as JSON, or as a table with the columns it needs", () => {
    expect(mendedBody(' {"metric": "x"} ')).toEqual({ type: "application/json", body: '{"metric": "x"}' });
    expect(mendedBody("2026-11-03T07:30:00Z,8867-4,61,/min")).toEqual({ type: "text/csv", body: "time,metric,value,unit\n2026-11-03T07:30:00Z,8867-4,61,/min" });
    expect(mendedBody("time,metric,value,unit\n1,2,3,4").body).toBe("time,metric,value,unit\n1,2,3,4");
  });
});

describe("the order of devices", () => {
  it("changes by one place and not beyond the ends", () => {
    expect(reordered(["a", "b", "c"], "c", -1)).toEqual(["a", "c", "b"]);
    expect(reordered(["a", "b"], "a", -1)).toEqual(["a", "b"]);
    expect(reordered(["a", "b"], "x", 1)).toEqual(["a", "b"]);
  });
  it("puts those that it does not name last", () => {
    expect(inOrder([device("a"), device("b"), device("c")], ["c", "gone"]).map(({ id }) => id)).toEqual(["c", "a", "b"]);
  });
});
