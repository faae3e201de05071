import { type FormEvent, type ReactNode, useState } from "react";
import type { NewGrant, Problem } from "../api/types";
import { useApi } from "../session/session";
import { Button } from "../ui/button";
import { Choices, Field } from "../ui/field";
import { endOfDay } from "../ui/format";
import { ProblemNotice } from "../ui/notice";
import { useToast } from "../ui/toast";
import { useAction } from "../ui/use-load";
import { SHAREABLE, categoryName } from "../ui/words";

const EMPTY = { email: "", categories: [] as string[], actions: ["read"], purposes: ["treatment"], until: "" };

const ACTIONS = [
  { value: "read", label: "See what I share" },
  { value: "write", label: "Add to it" },
];
const PURPOSES = [
  { value: "treatment", label: "My treatment" },
  { value: "emergency", label: "An emergency" },
  { value: "research", label: "Research" },
];

/** Shares chosen parts of the record. Nothing is chosen beforehand but the smallest useful permission. */
export function GrantForm({ onGranted }: { onGranted: () => void }): ReactNode {
  const api = useApi();
  const toast = useToast();
  const [form, setForm] = useState(EMPTY);
  const [missing, setMissing] = useState<Problem>();
  const { busy, problem, run } = useAction();
  const set = (part: Partial<typeof EMPTY>): void => setForm({ ...form, ...part });
  const all = form.categories.length === SHAREABLE.length;

  const submit = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    const lacking = whatIsMissing(form);
    setMissing(lacking);
    if (lacking || busy) return;
    const grant: NewGrant = {
      grantee_email: form.email.trim(),
      categories: form.categories,
      actions: form.actions,
      purposes: form.purposes,
      ...(form.until && { valid_until: endOfDay(form.until) }),
    };
    if (!(await run(() => api.post("/v1/consents", grant)))) return;
    setForm(EMPTY);
    toast("Access given");
    onGranted();
  };
  return (
    <form
      onSubmit={(event) => void submit(event)}
      data-testid="grant-form"
      aria-labelledby="grant-title"
      className="card space-y-5 p-5"
    >
      <h2 id="grant-title" className="title text-xl">
        Give someone access
      </h2>
      <Field
        label="Email of the care provider"
        type="email"
        required
        autoComplete="off"
        value={form.email}
        onChange={(event) => set({ email: event.target.value })}
      />
      <Choices
        legend="Parts of your record"
        columns
        options={SHAREABLE.map((value) => ({ value, label: categoryName(value) }))}
        chosen={form.categories}
        onChange={(categories) => set({ categories })}
      >
        <Button small look="quiet" className="-ml-3" onClick={() => set({ categories: all ? [] : SHAREABLE })}>
          {all ? "Choose none" : "Choose all"}
        </Button>
      </Choices>
      <Choices legend="They may" options={ACTIONS} chosen={form.actions} onChange={(actions) => set({ actions })} />
      <Choices legend="Only for" options={PURPOSES} chosen={form.purposes} onChange={(purposes) => set({ purposes })} />
      <Field
        label="Until (optional)"
        type="date"
        hint="Without a date, access lasts until you end it."
        value={form.until}
        onChange={(event) => set({ until: event.target.value })}
      />
      <ProblemNotice problem={missing ?? problem} />
      <Button type="submit" look="primary" busy={busy} className="w-full">
        Give access
      </Button>
    </form>
  );
}

function whatIsMissing(form: typeof EMPTY): Problem | undefined {
  const title =
    form.categories.length === 0
      ? "Choose at least one part of your record"
      : form.actions.length === 0
        ? "Choose what they may do"
        : form.purposes.length === 0
          ? "Choose what it is for"
          : form.until && endOfDay(form.until) < new Date().toISOString()
            ? "Choose a day that is not over"
            : undefined;
  return title ? { type: "about:blank", title, status: 0 } : undefined;
}
