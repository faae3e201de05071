import { type Api, query } from "../api/client";
import { ProblemError, asProblem, isAbort } from "../api/problem";
import { eventsOf } from "../api/sse";
import type { Alarm } from "../api/tracking";
import type { Page, Problem } from "../api/types";
import { calls, isNews, merged } from "./alarms";

export interface FeedState {
  /** The open alarms; undefined until they are known. */
  alarms: Alarm[] | undefined;
  /** What has to be shown on every view until it is seen to. */
  notices: Alarm[];
  /** Counts up whenever tasks may have changed. */
  tasks: number;
  problem?: Problem;
}

const SHORTEST_WAIT = 1000;
const LONGEST_WAIT = 60_000;
const TOGETHER = 300;
const MOST = 200;
const UNSIGNED = 401;

/** The open alarms of one record, kept up to date by the server's stream while the page is looked at. */
export class AlarmFeed {
  #state: FeedState = { alarms: undefined, notices: [], tasks: 0 };
  #listeners = new Set<() => void>();
  #abort: AbortController | null = null;
  #pause: ReturnType<typeof setTimeout> | undefined;

  constructor(
    private readonly api: Api,
    private readonly patientId: string | undefined,
  ) {}

  snapshot = (): FeedState => this.#state;

  subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  /** Listens until the returned function is called. A hidden page does not listen: browsers allow few open streams. */
  start(): () => void {
    const onVisibility = (): void => (document.hidden ? this.#stop() : this.#listen());
    document.addEventListener("visibilitychange", onVisibility);
    onVisibility();
    return () => {
      document.removeEventListener("visibilitychange", onVisibility);
      this.#stop();
    };
  }

  /** Takes an alarm as it is now, from a stream or from an answer to one's own doing. */
  take(alarm: Alarm, tell = false): void {
    const known = this.#state.alarms?.find(({ id }) => id === alarm.id);
    const alarms = merged(this.#state.alarms ?? [], alarm);
    const standing = this.#state.notices.flatMap((notice) => alarms.filter((each) => each.id === notice.id && calls(each)));
    const notices = tell && isNews(alarm, known) ? [alarm, ...standing.filter(({ id }) => id !== alarm.id)] : standing;
    this.#set({ alarms, notices });
  }

  dismiss(id: string): void {
    this.#set({ notices: this.#state.notices.filter((notice) => notice.id !== id) });
  }

  /** The open alarms once more; those that came meanwhile are told. */
  async reload(signal?: AbortSignal): Promise<void> {
    const page = await this.api.get<Page<Alarm>>(`/v1/alarms${query({ patient_id: this.patientId, state: "open", limit: MOST })}`, signal);
    const first = this.#state.alarms === undefined;
    const open = new Set(page.items.map(({ id }) => id));
    this.#set({ problem: undefined, alarms: this.#state.alarms?.filter(({ id }) => open.has(id)) ?? [] });
    for (const alarm of page.items) this.take(alarm, !first || alarm.urgency === "emergency");
  }

  #stop(): void {
    this.#abort?.abort();
    this.#abort = null;
  }

  #listen(): void {
    if (this.#abort) return;
    this.#abort = new AbortController();
    void this.#keepListening(this.#abort.signal);
  }

  async #keepListening(signal: AbortSignal): Promise<void> {
    let wait = SHORTEST_WAIT;
    while (!signal.aborted) {
      try {
        await this.#once(signal);
        wait = SHORTEST_WAIT;
      } catch (error) {
        if (isAbort(error) || signal.aborted) return;
        const problem = asProblem(error);
        this.#set({ problem });
        if ([UNSIGNED, 403, 404].includes(problem.status)) return;
        wait = Math.min(wait * 2, LONGEST_WAIT);
      }
      await new Promise((resolve) => setTimeout(resolve, wait));
    }
  }

  /** One connection, to its end. The list is read after the stream is open, so that nothing falls between the two. */
  async #once(signal: AbortSignal): Promise<void> {
    const path = `/v1/alarms/stream${query({ patient_id: this.patientId })}`;
    const response = await this.api.send("GET", path, { accept: "text/event-stream", signal });
    await this.reload(signal);
    if (!response.body) return;
    for await (const { event, data } of eventsOf(response.body)) {
      if (signal.aborted) return;
      if (event === "error") return this.#ended(JSON.parse(data) as Problem);
      if (event === "alarm") this.take(JSON.parse(data) as Alarm, true);
      if (event === "alarm" || event === "task") this.#tasksChanged();
    }
  }

  /** The server ended the stream. A session that ran out is renewed with the next connection. */
  #ended(problem: Problem): void {
    if (problem.status !== UNSIGNED) throw new ProblemError(problem);
  }

  /** Several changes that come together are told once. */
  #tasksChanged(): void {
    this.#pause ??= setTimeout(() => {
      this.#pause = undefined;
      this.#set({ tasks: this.#state.tasks + 1 });
    }, TOGETHER);
  }

  #set(part: Partial<FeedState>): void {
    this.#state = { ...this.#state, ...part };
    for (const listener of this.#listeners) listener();
  }
}
