import { type ReactNode, createContext, useContext, useEffect, useState, useSyncExternalStore } from "react";
import { type Api, query } from "../api/client";
import { asProblem } from "../api/problem";
import type { Page, Problem, ThreadSummary } from "../api/types";
import { useWhose } from "../record/whose";
import { useApi } from "../session/session";
import { Conversation, type ConversationState } from "./conversation";

interface ThreadsState {
  items?: ThreadSummary[];
  problem?: Problem;
  /** Counts the new conversations, so that pressing "New" twice gives a fresh one. */
  draft: number;
}

/** All conversations about one record: the stored threads, and those that are open in this page. */
export class Conversations {
  #state: ThreadsState = { draft: 0 };
  #listeners = new Set<() => void>();
  #open = new Map<string, Conversation>();
  #draft: Conversation;

  constructor(
    private readonly api: Api,
    private readonly patientId: string | undefined,
  ) {
    this.#draft = this.#make();
  }

  snapshot = (): ThreadsState => this.#state;

  subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  /** The conversation of a thread, or the one that has no thread yet. */
  at(threadId: string | undefined): Conversation {
    if (!threadId) return this.#draft;
    if (this.#draft.state.threadId === threadId) return this.#draft;
    const open = this.#open.get(threadId) ?? this.#make(threadId);
    this.#open.set(threadId, open);
    return open;
  }

  startNew(): void {
    const { threadId, messages } = this.#draft.state;
    if (threadId) this.#open.set(threadId, this.#draft);
    if (messages.length === 0) return;
    this.#draft = this.#make();
    this.#set({ draft: this.#state.draft + 1 });
  }

  async refresh(): Promise<void> {
    try {
      const page = await this.api.get<Page<ThreadSummary>>(`/v1/threads${query({ patient_id: this.patientId })}`);
      const items = [...page.items].sort((a, b) => b.updated_at.localeCompare(a.updated_at));
      this.#set({ items, problem: undefined });
    } catch (error) {
      this.#set({ problem: asProblem(error) });
    }
  }

  async rename(threadId: string, title: string): Promise<void> {
    await this.api.json("PATCH", this.#path(threadId), { body: { title } });
    await this.refresh();
  }

  async remove(threadId: string): Promise<void> {
    await this.api.json("DELETE", this.#path(threadId));
    this.at(threadId).stop();
    this.#open.delete(threadId);
    if (this.#draft.state.threadId === threadId) this.#draft = this.#make();
    await this.refresh();
  }

  stopAll(): void {
    for (const conversation of [this.#draft, ...this.#open.values()]) conversation.stop();
  }

  #path(threadId: string): string {
    return `/v1/threads/${threadId}${query({ patient_id: this.patientId })}`;
  }

  #make(threadId?: string): Conversation {
    return new Conversation(this.api, this.patientId, threadId, () => void this.refresh());
  }

  #set(part: Partial<ThreadsState>): void {
    this.#state = { ...this.#state, ...part };
    for (const listener of this.#listeners) listener();
  }
}

const ConversationsContext = createContext<Conversations | null>(null);

/** Holds the conversations about one record for as long as that record is open. */
export function ConversationsProvider({ children }: { children: ReactNode }): ReactNode {
  const api = useApi();
  const { patientId } = useWhose();
  const [conversations] = useState(() => new Conversations(api, patientId));
  useEffect(() => {
    void conversations.refresh();
    return () => conversations.stopAll();
  }, [conversations]);
  return <ConversationsContext value={conversations}>{children}</ConversationsContext>;
}

export function useConversations(): [Conversations, ThreadsState] {
  const conversations = useContext(ConversationsContext);
  if (!conversations) throw new Error("useConversations needs a ConversationsProvider");
  return [conversations, useSyncExternalStore(conversations.subscribe, conversations.snapshot)];
}

export function useConversation(threadId: string | undefined): [Conversation, ConversationState] {
  const [conversations] = useConversations();
  const conversation = conversations.at(threadId);
  return [conversation, useSyncExternalStore(conversation.subscribe, conversation.snapshot)];
}
