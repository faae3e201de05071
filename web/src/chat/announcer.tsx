import { type ReactNode, useEffect, useState } from "react";
import type { Message } from "./conversation";

/** Progress is read out at most this often (ms); an answer is read once, when it is complete. */
const PACE = 2500;

/** What a screen reader hears of a turn: now and then what is being done, then the whole answer. */
export function Announcer({ last, confirmation }: { last: Message | undefined; confirmation?: string }): ReactNode {
  const [progress, setProgress] = useState("");
  const reply = last?.role === "assistant" && last.live ? last : undefined;
  const doing = reply?.state === "working" ? (reply.progress ?? "Thinking") : "";
  useEffect(() => {
    const timer = setTimeout(() => setProgress(doing), doing ? PACE : 0);
    return () => clearTimeout(timer);
  }, [doing]);
  const ended = reply && reply.state !== "working";
  const answer = ended ? `${reply.state === "stopped" ? "Stopped. " : ""}${reply.content} ${confirmation ?? ""}` : progress;
  return (
    <div role="status" aria-live="polite" aria-atomic="true" className="sr-only">
      {answer}
    </div>
  );
}
