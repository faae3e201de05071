import { DropdownMenu } from "radix-ui";
import { type FormEvent, type ReactNode, useRef, useState } from "react";
import type { ThreadSummary } from "../api/types";
import { useWhose } from "../record/whose";
import { href, navigate } from "../router";
import { Button } from "../ui/button";
import { ConfirmDialog, FormDialog } from "../ui/dialog";
import { Field } from "../ui/field";
import { formatRecent } from "../ui/format";
import { Icon } from "../ui/icons";
import { ProblemNotice } from "../ui/notice";
import { useToast } from "../ui/toast";
import { useAction } from "../ui/use-load";
import { useConversations } from "./conversations";

interface Props {
  current: string | undefined;
  onPick?: () => void;
}

/** The conversations so far, newest first, and a way to begin another. */
export function ThreadList({ current, onPick }: Props): ReactNode {
  const [conversations, { items, problem }] = useConversations();
  const { base } = useWhose();
  const startNew = (): void => {
    conversations.startNew();
    navigate(`${base}/chat`);
    onPick?.();
  };
  return (
    <nav aria-label="Conversations" data-testid="thread-list" className="flex min-h-0 flex-1 flex-col gap-2">
      <Button small id="new-thread" data-testid="new-thread" onClick={startNew} className="w-full">
        <Icon name="plus" size={16} /> New conversation
      </Button>
      <ProblemNotice problem={problem} onRetry={() => void conversations.refresh()} />
      {items?.length === 0 && <p className="px-3 pt-1 text-sm text-muted">Your conversations will be listed here.</p>}
      <ul className="-mx-1 min-h-0 flex-1 space-y-0.5 overflow-y-auto px-1 py-1">
        {items?.map((thread) => (
          <ThreadRow key={thread.id} thread={thread} current={thread.id === current} onPick={onPick} />
        ))}
      </ul>
    </nav>
  );
}

function ThreadRow({ thread, current, onPick }: { thread: ThreadSummary; current: boolean; onPick?: () => void }): ReactNode {
  const { base } = useWhose();
  const [asking, setAsking] = useState<"rename" | "delete">();
  const title = thread.title || "Untitled";
  const trigger = useRef<HTMLButtonElement>(null);
  // Once the menu has closed, and from its button, so that the dialog can give the focus back to it.
  const ask = (what: "rename" | "delete"): void =>
    void setTimeout(() => {
      trigger.current?.focus();
      setAsking(what);
    });
  return (
    <li className={`group flex items-center rounded-xl ${current ? "bg-sunken" : "hover:bg-sunken"}`}>
      <a
        href={href(`${base}/chat/${thread.id}`)}
        aria-current={current ? "page" : undefined}
        onClick={onPick}
        className="min-w-0 flex-1 rounded-xl px-3 py-1.5"
      >
        <span className="block truncate text-sm">{title}</span>
        <span className="block text-xs text-muted">{formatRecent(thread.updated_at)}</span>
      </a>
      <DropdownMenu.Root modal={false}>
        <DropdownMenu.Trigger
          ref={trigger}
          aria-label={`Options for ${title}`}
          className="grid size-9 shrink-0 place-items-center rounded-full text-muted hover:text-ink"
        >
          <Icon name="more" size={20} />
        </DropdownMenu.Trigger>
          <DropdownMenu.Content align="end" className="card z-50 min-w-36 p-1.5 shadow-xl">
            <DropdownMenu.Item className={ITEM} onSelect={() => ask("rename")}>
              Rename
            </DropdownMenu.Item>
            <DropdownMenu.Item className={`${ITEM} text-danger`} onSelect={() => ask("delete")}>
              Delete
            </DropdownMenu.Item>
          </DropdownMenu.Content>
      </DropdownMenu.Root>
      {asking === "rename" && <Rename thread={thread} onClose={() => setAsking(undefined)} />}
      {asking === "delete" && <Delete thread={thread} current={current} onClose={() => setAsking(undefined)} />}
    </li>
  );
}

const ITEM = "flex min-h-9 cursor-pointer items-center rounded-lg px-3 outline-none data-[highlighted]:bg-sunken";

function Rename({ thread, onClose }: { thread: ThreadSummary; onClose: () => void }): ReactNode {
  const [conversations] = useConversations();
  const [title, setTitle] = useState(thread.title);
  const toast = useToast();
  const { busy, problem, run } = useAction();
  const submit = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    if (busy || !(await run(() => conversations.rename(thread.id, title.trim())))) return;
    toast("Renamed");
    onClose();
  };
  return (
    <FormDialog open onClose={onClose} title="Rename conversation">
      <form onSubmit={(event) => void submit(event)} className="space-y-4">
        <ProblemNotice problem={problem} />
        <Field label="Name" required maxLength={120} value={title} onChange={(event) => setTitle(event.target.value)} />
        <div className="flex justify-end gap-2">
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" look="primary" busy={busy}>
            Save
          </Button>
        </div>
      </form>
    </FormDialog>
  );
}

function Delete({ thread, current, onClose }: { thread: ThreadSummary; current: boolean; onClose: () => void }): ReactNode {
  const [conversations] = useConversations();
  const { base } = useWhose();
  const toast = useToast();
  const { busy, problem, run } = useAction();
  const remove = async (): Promise<void> => {
    if (!(await run(() => conversations.remove(thread.id)))) return;
    toast("Conversation deleted");
    if (current) navigate(`${base}/chat`, true);
    onClose();
    // The row that opened the dialog is gone.
    setTimeout(() => document.getElementById("new-thread")?.focus());
  };
  return (
    <ConfirmDialog
      open
      title="Delete this conversation?"
      text={
        <>
          “{thread.title}” will be gone for good. Your health record does not change.
        </>
      }
      yes="Delete"
      busy={busy}
      problem={problem}
      onYes={() => void remove()}
      onClose={onClose}
    />
  );
}
