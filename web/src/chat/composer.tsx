import { type KeyboardEvent, type ReactNode, useEffect, useRef, useState } from "react";
import { Button } from "../ui/button";
import { Icon } from "../ui/icons";
import { useWide } from "../ui/use-media";

const LONGEST = 4000;

interface Props {
  busy: boolean;
  placeholder: string;
  onSend: (text: string) => void;
  onStop: () => void;
}

/** Where a question is written: Enter sends, Shift and Enter begins a new line. */
export function Composer({ busy, placeholder, onSend, onStop }: Props): ReactNode {
  const [text, setText] = useState("");
  const input = useRef<HTMLTextAreaElement>(null);
  const wide = useWide();
  useEffect(() => {
    if (wide) input.current?.focus({ preventScroll: true });
  }, [wide]);
  useEffect(() => grow(input.current), [text]);

  const send = (): void => {
    const message = text.trim();
    if (!message || busy) return;
    onSend(message);
    setText("");
    input.current?.focus();
  };
  const stop = (): void => {
    onStop();
    input.current?.focus();
  };
  const onKey = (event: KeyboardEvent): void => {
    if (event.key !== "Enter" || event.shiftKey || event.nativeEvent.isComposing) return;
    event.preventDefault();
    send();
  };
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        send();
      }}
      aria-label="Ask a question"
    >
      <div className="flex items-end gap-2 rounded-[1.75rem] border border-edge bg-surface p-1.5 pl-5 focus-within:border-accent focus-within:outline-2 focus-within:outline-accent">
        <textarea
          ref={input}
          data-testid="chat-input"
          aria-label="Your question"
          rows={1}
          maxLength={LONGEST}
          placeholder={placeholder}
          value={text}
          onChange={(event) => setText(event.target.value)}
          onKeyDown={onKey}
          className="max-h-40 min-h-11 min-w-0 flex-1 resize-none bg-transparent py-2.5 outline-none placeholder:text-muted"
        />
        {busy ? (
          <Button data-testid="stop" aria-label="Stop the answer" onClick={stop} className="size-11 px-0">
            <Icon name="stop" />
          </Button>
        ) : (
          <Button type="submit" look="primary" data-testid="send" aria-label="Send" disabled={!text.trim()} className="size-11 px-0">
            <Icon name="send" />
          </Button>
        )}
      </div>
      {text.length > LONGEST - 300 && (
        <p role="status" className="mt-1 px-5 text-sm text-muted">
          {LONGEST - text.length} characters left
        </p>
      )}
    </form>
  );
}

function grow(area: HTMLTextAreaElement | null): void {
  if (!area) return;
  area.style.height = "auto";
  area.style.height = `${area.scrollHeight}px`;
}
