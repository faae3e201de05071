import { type FormEvent, type ReactNode, useState } from "react";
import type { Memory } from "../api/types";
import { href } from "../router";
import { useApi } from "../session/session";
import { Button } from "../ui/button";
import { ConfirmDialog, FormDialog } from "../ui/dialog";
import { Field } from "../ui/field";
import { formatDate, formatWhen } from "../ui/format";
import { ProblemNotice } from "../ui/notice";
import { useToast } from "../ui/toast";
import { useAction } from "../ui/use-load";
import { categoryName } from "../ui/words";

interface Props {
  memory: Memory;
  onChange: () => void;
}

/** One memory: the words, where they came from, and what can be done about it. */
export function MemoryCard({ memory, onChange }: Props): ReactNode {
  const [asking, setAsking] = useState<"correct" | "forget">();
  const told = memory.kind === "fact" || memory.kind === "preference";
  return (
    <li className={`card space-y-3 p-5 ${memory.ended_at ? "border-dashed" : ""}`}>
      <p className={`whitespace-pre-line break-words ${memory.ended_at ? "text-muted" : ""}`}>{memory.text}</p>
      <div className="flex flex-wrap items-center justify-between gap-3">
        <p className="text-sm text-muted">
          <span className="mr-2 rounded-full bg-accent-soft px-3 py-0.5 text-ink">{categoryName(memory.category)}</span>
          <Origin memory={memory} />
        </p>
        <div className="flex gap-2">
          {told && !memory.ended_at && (
            <Button small onClick={() => setAsking("correct")} aria-label={`Correct: ${memory.text}`}>
              Correct
            </Button>
          )}
          {memory.kind !== "passage" && (
            <Button small onClick={() => setAsking("forget")} aria-label={`Forget: ${memory.text}`}>
              Forget
            </Button>
          )}
        </div>
      </div>
      {asking === "correct" && <Correct memory={memory} onDone={onChange} onClose={() => setAsking(undefined)} />}
      {asking === "forget" && <Forget memory={memory} onDone={onChange} onClose={() => setAsking(undefined)} />}
    </li>
  );
}

/** The evidence of what was said in a conversation points to it; what was written down here points to nothing. */
const CONVERSATION = /^[0-9a-f]{8}-[0-9a-f-]{27}$/;

function Origin({ memory }: { memory: Memory }): ReactNode {
  const { kind, source, occurred_at, ended_at } = memory;
  const until = ended_at && `, no longer true since ${formatDate(ended_at)}`;
  if (kind === "passage") return `${source.label}, ${formatDate(occurred_at)}`;
  const words = `${kind === "episode" ? "conversation of" : "you said so on"} ${formatWhen(occurred_at)}`;
  return (
    <>
      {CONVERSATION.test(source.ref) ? (
        <a href={href(`/chat/${source.ref}`)} className="underline">
          {words}
        </a>
      ) : (
        words
      )}
      {until}
    </>
  );
}

interface DialogProps {
  memory: Memory;
  onDone: () => void;
  onClose: () => void;
}

function Correct({ memory, onDone, onClose }: DialogProps): ReactNode {
  const api = useApi();
  const toast = useToast();
  const [text, setText] = useState(memory.text);
  const { busy, problem, run } = useAction();
  const submit = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    if (busy || !(await run(() => api.json("PATCH", `/v1/memories/${memory.id}`, { body: { text: text.trim() } })))) return;
    toast("Corrected");
    onDone();
  };
  return (
    <FormDialog open onClose={onClose} title="Correct this">
      <form onSubmit={(event) => void submit(event)} className="space-y-4">
        <ProblemNotice problem={problem} />
        <Field
          label="What is true"
          hint="The old words stay as history until you forget them."
          required
          maxLength={500}
          value={text}
          onChange={(event) => setText(event.target.value)}
        />
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

function Forget({ memory, onDone, onClose }: DialogProps): ReactNode {
  const api = useApi();
  const toast = useToast();
  const { busy, problem, run } = useAction();
  const forget = async (): Promise<void> => {
    if (!(await run(() => api.json("DELETE", `/v1/memories/${memory.id}`)))) return;
    toast("Forgotten");
    onDone();
  };
  return (
    <ConfirmDialog
      open
      title="Forget this?"
      text={
        <>
          “{memory.text.slice(0, 200)}” and what it was before will be gone for good. The conversation in which you said it is
          still in your list; delete it there if you want it gone too.
        </>
      }
      yes="Forget"
      busy={busy}
      problem={problem}
      onYes={() => void forget()}
      onClose={onClose}
    />
  );
}
