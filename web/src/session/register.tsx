import { type FormEvent, type ReactNode, useState } from "react";
import { Button } from "../ui/button";
import { Field } from "../ui/field";
import { Note, ProblemNotice } from "../ui/notice";
import { useAction } from "../ui/use-load";
import { Frame, TextLink } from "./frame";
import { useApi } from "./session";

export const PASSWORD_HINT = "At least 12 characters. A few words that only you would put together work well.";

export function Register(): ReactNode {
  const api = useApi();
  const [form, setForm] = useState({ name: "", email: "", password: "" });
  const [sent, setSent] = useState<string>();
  const { busy, problem, run } = useAction();
  const set = (part: Partial<typeof form>): void => setForm({ ...form, ...part });
  const submit = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    if (busy) return;
    const body = { ...form, email: form.email.trim(), role: "patient" };
    await run(async () => setSent((await api.post<{ message?: string }>("/v1/auth/register", body))?.message ?? ""));
  };

  if (sent !== undefined) {
    return (
      <Frame title="Check your email">
        <div role="status">
          <Note>{sent || `If ${form.email} can be used, a link to confirm it is on its way.`}</Note>
        </div>
        <TextLink to="/">Back to log in</TextLink>
      </Frame>
    );
  }
  return (
    <Frame title="Create an account" lead="For your own health record.">
      <form onSubmit={(event) => void submit(event)} className="space-y-4" aria-label="Create an account">
        <ProblemNotice problem={problem} />
        <Field label="Your name" autoComplete="name" required value={form.name} onChange={(e) => set({ name: e.target.value })} />
        <Field
          label="Email"
          type="email"
          autoComplete="username"
          required
          value={form.email}
          onChange={(e) => set({ email: e.target.value })}
        />
        <Field
          label="Password"
          type="password"
          autoComplete="new-password"
          required
          minLength={12}
          hint={PASSWORD_HINT}
          value={form.password}
          onChange={(e) => set({ password: e.target.value })}
        />
        <Button type="submit" look="primary" busy={busy} className="w-full">
          Create account
        </Button>
      </form>
      <p className="text-sm">
        Already here? <TextLink to="/">Log in</TextLink>
      </p>
    </Frame>
  );
}
