import { type ReactNode, useEffect, useRef } from "react";
import type { Message } from "./conversation";

export const COLUMN = "mx-auto w-full max-w-3xl px-4 wide:px-8";
/** The last message fills the view, so that its question can stand at the top while the answer grows below it. */
export const LAST = "flex min-h-[calc(100cqh-10rem)] flex-col gap-6";

/** What stays free above a question and below a confirmation (px). */
const ROOM = 24;
const ID = "conversation";

/** For when the control that had the focus goes away. */
export const focusConversation = (): void => document.getElementById(ID)?.focus({ preventScroll: true });

/** Only this box is scrolled, never the page around it. */
const topIn = (box: HTMLElement, element: HTMLElement): number =>
  element.getBoundingClientRect().top - box.getBoundingClientRect().top + box.scrollTop;

interface Props {
  messages: Message[];
  confirmation: string | undefined;
  children: ReactNode;
}

/** Brings the newest question to the top once; after that the reader scrolls, and nothing runs away. */
export function Scroller({ messages, confirmation, children }: Props): ReactNode {
  const box = useRef<HTMLDivElement>(null);
  const question = messages.findLast((message) => message.role === "person")?.key;
  useEffect(() => {
    const last = [...(box.current?.querySelectorAll<HTMLElement>("[data-role=person]") ?? [])].at(-1);
    if (box.current && last) box.current.scrollTop = topIn(box.current, last) - ROOM;
  }, [question]);
  useEffect(() => {
    const card = box.current?.querySelector<HTMLElement>("[data-confirmation]");
    if (!confirmation || !box.current || !card) return;
    const below = topIn(box.current, card) + card.offsetHeight + ROOM - box.current.clientHeight;
    box.current.scrollTop = Math.max(box.current.scrollTop, below);
  }, [confirmation]);
  return (
    <div
      ref={box}
      id={ID}
      tabIndex={0}
      role="region"
      aria-label="Conversation"
      className="min-h-0 flex-1 overflow-y-auto -outline-offset-2 [container-type:size]"
    >
      <div className={`${COLUMN} flex min-h-full flex-col gap-7 py-6`}>{children}</div>
    </div>
  );
}
