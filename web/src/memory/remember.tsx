import { type FormEvent, type ReactNode, useState } from "react";
import { useApi } from "../session/session";
import { Button } from "../ui/button";
import { Field } from "../ui/field";
import { ProblemNotice } from "../ui/notice";
import { useToast } from "../ui/toast";
import { useAction } from "../ui/use-load";

/** Adds one statement in the person's own words. */
export function RememberForm({ onKept }: { onKept: () => void }): ReactNode {
  const api = useApi();
  const toast = useToast();
  const [text, setText] = useState("");
  const { busy, problem, run } = useAction();
  const submit = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    if (busy || !(await run(() => api.post("/v1/memories", { text: text.trim() })))) return;
    setText("");
    toast("Remembered");
    onKept();
  };
  return (
    <form onSubmit={(event) => void submit(event)} className="card space-y-4 p-5">
      <h2 className="title text-lg">Remember something</h2>
      <ProblemNotice problem={problem} />
      <Field
        label="In your own words"
        hint="For example: I am vegetarian. I work night shifts."
        required
        maxLength={500}
        value={text}
        onChange={(event) => setText(event.target.value)}
      />
      <p className="text-sm text-muted">It is used to answer you, and shared only as you share that part of your record.</p>
      <Button type="submit" look="primary" busy={busy}>
        Remember
      </Button>
    </form>
  );
}
