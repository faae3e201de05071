import { describe, expect, it } from "vitest";
import { EventParser, eventsOf } from "../src/api/sse";

const STREAM = 'event: progress\ndata: {"text":"Reading"}\n\nevent: token\ndata: {"text":"Hé\\nllo"}\n\n';

describe("server-sent events", () => {
  it("are the same however the stream is cut", () => {
    const whole = new EventParser().push(STREAM);
    for (let size = 1; size < STREAM.length; size++) {
      const parser = new EventParser();
      const pieces = STREAM.match(new RegExp(`[^]{1,${size}}`, "g")) ?? [];
      expect(pieces.flatMap((piece) => parser.push(piece))).toEqual(whole);
    }
    expect(whole.map((event) => event.event)).toEqual(["progress", "token"]);
  });

  it("end lines with CR, LF or both, also across a cut", () => {
    const parser = new EventParser();
    expect([...parser.push("data: a\r"), ...parser.push("\ndata: b\r\n\r"), ...parser.push("\n")]).toEqual([
      { event: "message", data: "a\nb" },
    ]);
  });

  it("skip comments, unknown fields and events without data", () => {
    expect(new EventParser().push(": keep-alive\n\nevent: x\n\nretry: 10\nid: 4\ndata:y\n\n")).toEqual([
      { event: "message", data: "y" },
    ]);
  });

  it("drop an event that the stream did not finish", () => {
    expect(new EventParser().push("data: half\n")).toEqual([]);
  });

  it("decode characters that are split between chunks", async () => {
    const bytes = new TextEncoder().encode("data: °C\n\n");
    const body = new ReadableStream<Uint8Array>({
      start(controller) {
        controller.enqueue(bytes.slice(0, 7));
        controller.enqueue(bytes.slice(7));
        controller.close();
      },
    });
    const events = [];
    for await (const event of eventsOf(body)) events.push(event);
    expect(events).toEqual([{ event: "message", data: "°C" }]);
  });
});
