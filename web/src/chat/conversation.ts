import { type Api, query } from "../api/client";
import { CUT_SHORT, NOT_SHARED, ProblemError, asProblem, isAbort } from "../api/problem";
import { eventsOf } from "../api/sse";
import type { ChatReply, Confirmation, Finding, Problem, Thread, Urgency } from "../api/types";

export interface PersonMessage {
  role: "person";
  key: string;
  content: string;
}

export interface AssistantMessage {
  role: "assistant";
  key: string;
  content: string;
  urgency: Urgency;
  findings: Finding[];
  agents: string[];
  planner?: ChatReply["planner"];
  state: "working" | "done" | "stopped" | "failed";
  /** What is being done now, in plain words. */
  progress?: string;
  problem?: Problem;
  /** Answered while this page was open, not read back from the past. */
  live: boolean;
}

export type Message = PersonMessage | AssistantMessage;

export interface ConversationState {
  threadId?: string;
  messages: Message[];
  confirmation: Confirmation | null;
  busy: boolean;
  loading: boolean;
  problem?: Problem;
}

type Turn = { message: string } | { confirmation: { id: string; approved: boolean } };

let keys = 0;
const newKey = (): string => `local-${++keys}`;

/** One conversation: keeps what was said, and a stream goes on while another page is looked at. */
export class Conversation {
  readonly key = newKey();
  #state: ConversationState;
  #listeners = new Set<() => void>();
  #abort: AbortController | null = null;
  /** The question of the last turn; undefined when the turn was a decision, which is never repeated. */
  #question: string | undefined;

  constructor(
    private readonly api: Api,
    private readonly patientId: string | undefined,
    threadId: string | undefined,
    private readonly onTurn: (conversation: Conversation) => void,
  ) {
    this.#state = { threadId, messages: [], confirmation: null, busy: false, loading: Boolean(threadId) };
    if (threadId) void this.load();
  }

  get state(): ConversationState {
    return this.#state;
  }

  snapshot = (): ConversationState => this.#state;

  subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  /** Reads the thread from the server, replacing what is shown. */
  async load(): Promise<void> {
    this.#set({ loading: true, problem: undefined });
    try {
      const thread = await this.#stored();
      this.#set({ messages: thread.messages.map(fromStored), confirmation: thread.confirmation, loading: false });
    } catch (error) {
      this.#set({ loading: false });
      if (!(await this.#closed(error))) this.#set({ problem: asProblem(error) });
    }
  }

  #stored(): Promise<Thread> {
    return this.api.get<Thread>(`/v1/threads/${this.#state.threadId}${query({ patient_id: this.patientId })}`);
  }

  async ask(message: string): Promise<void> {
    if (this.#state.busy) return;
    this.#add({ role: "person", key: newKey(), content: message });
    this.#question = message;
    await this.#take({ message });
  }

  /** Whether the last answer failed and its question can be asked again. */
  get canRetry(): boolean {
    return this.#last()?.state === "failed" && this.#question !== undefined;
  }

  /** Asks the last question again, in the place of the answer that failed. */
  async retry(): Promise<void> {
    if (!this.canRetry || this.#state.busy || !this.#question) return;
    this.#set({ messages: this.#state.messages.slice(0, -1) });
    await this.#take({ message: this.#question });
  }

  async decide(approved: boolean): Promise<void> {
    const pending = this.#state.confirmation;
    if (!pending || this.#state.busy) return;
    this.#question = undefined;
    this.#set({ confirmation: null });
    this.#add({ role: "person", key: newKey(), content: approved ? "Yes." : "No." });
    const failed = await this.#take({ confirmation: { id: pending.id, approved } });
    // Whether it was carried out is not known here: the server knows.
    if (failed) await this.#refreshConfirmation();
  }

  stop(): void {
    this.#abort?.abort();
  }

  async #refreshConfirmation(): Promise<void> {
    try {
      const thread = await this.#stored();
      this.#set({ confirmation: thread.confirmation });
    } catch (error) {
      this.#set({ problem: asProblem(error) });
    }
  }

  /** Whether a provider was refused because the record is no longer shared; what was said about it then goes too. */
  async #closed(error: unknown): Promise<boolean> {
    if (!this.patientId || ![403, 404].includes(asProblem(error).status)) return false;
    const summary = await this.api.get(`/v1/record${query({ patient_id: this.patientId })}`).catch(asProblem);
    if ((summary as Problem).status !== 403) return false;
    this.#set({ messages: [], confirmation: null, problem: NOT_SHARED });
    return true;
  }

  /** One turn, streamed; answers whether it ended early. */
  async #take(turn: Turn): Promise<boolean> {
    this.#abort = new AbortController();
    this.#add(blank());
    this.#set({ busy: true, problem: undefined });
    let failed = false;
    try {
      await this.#stream(turn, this.#abort.signal);
    } catch (error) {
      failed = true;
      if (isAbort(error)) this.#reply({ state: "stopped", progress: undefined });
      else if (!(await this.#closed(error))) this.#reply({ state: "failed", progress: undefined, problem: asProblem(error) });
    }
    this.#abort = null;
    this.#set({ busy: false });
    this.onTurn(this);
    return failed;
  }

  async #stream(turn: Turn, signal: AbortSignal): Promise<void> {
    const body = { ...turn, thread_id: this.#state.threadId, patient_id: this.patientId };
    const response = await this.api.send("POST", "/v1/chat", { body, accept: "text/event-stream", signal });
    if (!response.headers.get("Content-Type")?.includes("event-stream") || !response.body) {
      return this.#finish((await response.json()) as ChatReply);
    }
    for await (const { event, data } of eventsOf(response.body)) {
      if (this.#handle(event, JSON.parse(data) as never)) return;
    }
    throw new ProblemError({ ...CUT_SHORT, request_id: response.headers.get("X-Request-Id") ?? undefined });
  }

  /** Takes one event in; answers whether it was the last. */
  #handle(event: string, data: never): boolean {
    if (event === "error") throw new ProblemError(data);
    if (event === "done") this.#finish(data);
    if (event === "confirmation") this.#set({ confirmation: data });
    if (event === "progress") this.#progress(data);
    const reply = this.#last();
    if (event === "token" && reply) this.#reply({ content: reply.content + (data as { text: string }).text });
    if (event === "finding" && reply) this.#reply({ findings: [...reply.findings, data] });
    return event === "done";
  }

  #progress({ text, thread_id }: { text: string; thread_id?: string }): void {
    this.#reply({ progress: text });
    if (thread_id && !this.#state.threadId) this.#set({ threadId: thread_id });
  }

  #finish(done: ChatReply): void {
    const { reply, urgency, findings, agents, planner } = done;
    this.#reply({ content: reply, urgency, findings, agents, planner, state: "done", progress: undefined });
    this.#set({ threadId: done.thread_id, confirmation: done.confirmation });
  }

  #last(): AssistantMessage | undefined {
    const last = this.#state.messages.at(-1);
    return last?.role === "assistant" ? last : undefined;
  }

  #reply(part: Partial<AssistantMessage>): void {
    const last = this.#last();
    if (last) this.#set({ messages: [...this.#state.messages.slice(0, -1), { ...last, ...part }] });
  }

  #add(message: Message): void {
    this.#set({ messages: [...this.#state.messages, message] });
  }

  #set(part: Partial<ConversationState>): void {
    this.#state = { ...this.#state, ...part };
    for (const listener of this.#listeners) listener();
  }
}

const blank = (): AssistantMessage => ({
  role: "assistant",
  key: newKey(),
  content: "",
  urgency: "self_care",
  findings: [],
  agents: [],
  state: "working",
  live: true,
});

function fromStored(stored: Thread["messages"][number]): Message {
  if (stored.role === "person") return { role: "person", key: stored.id, content: stored.content };
  const { id, content, urgency, findings, agents } = stored;
  return {
    ...blank(),
    key: id,
    content,
    urgency: urgency ?? "routine",
    findings: findings ?? [],
    agents: agents ?? [],
    state: "done",
    live: false,
  };
}
