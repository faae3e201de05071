export interface ServerEvent {
  event: string;
  data: string;
}

/** Server-sent events from text that arrives in arbitrary pieces (WHATWG HTML, section 9.2.6). */
export class EventParser {
  #rest = "";
  #event = "";
  #data: string[] = [];
  #first = true;

  /** The events that this piece completed. */
  push(piece: string): ServerEvent[] {
    let text = this.#rest + piece;
    if (this.#first && text) {
      text = text.replace(/^\uFEFF/, "");
      this.#first = false;
    }
    // A carriage return at the end may be half of a line break.
    const whole = text.endsWith("\r") ? text.slice(0, -1) : text;
    const lines = whole.split(/\r\n|\n|\r/);
    this.#rest = (lines.pop() ?? "") + text.slice(whole.length);
    return lines.flatMap((line) => this.#take(line));
  }

  #take(line: string): ServerEvent[] {
    if (line === "") return this.#dispatch();
    if (line.startsWith(":")) return [];
    const colon = line.indexOf(":");
    const field = colon < 0 ? line : line.slice(0, colon);
    const value = colon < 0 ? "" : line.slice(colon + 1).replace(/^ /, "");
    if (field === "event") this.#event = value;
    if (field === "data") this.#data.push(value);
    return [];
  }

  #dispatch(): ServerEvent[] {
    const event = { event: this.#event || "message", data: this.#data.join("\n") };
    const complete = this.#data.length > 0;
    this.#event = "";
    this.#data = [];
    return complete ? [event] : [];
  }
}

/** The events of a response body, as they arrive. */
export async function* eventsOf(body: ReadableStream<Uint8Array>): AsyncGenerator<ServerEvent> {
  const parser = new EventParser();
  const decoder = new TextDecoder();
  const reader = body.getReader();
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      yield* parser.push(decoder.decode(value, { stream: true }));
    }
  } finally {
    await reader.cancel().catch(() => undefined);
  }
}
