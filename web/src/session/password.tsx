import { type FormEvent, type ReactNode, useState } from "react";
import { Button } from "../ui/button";
import { Field } from "../ui/field";
import { Note, ProblemNotice } from "../ui/notice";
import { useAction } from "../ui/use-load";
import { Frame, TextLink } from "./frame";
import { PASSWORD_HINT } from "./register";
import { useApi } from "./session";

export function ForgotPassword(): ReactNode {
  const api = useApi();
  const [email, setEmail] = useState("");
  const [sent, setSent] = useState(false);
  const { busy, problem, run } = useAction();
  const submit = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    if (!busy) setSent(await run(() => api.post("/v1/auth/password/forgot", { email: email.trim() })));
  };
  return (
    <Frame title="Forgot your password?" lead="We will send you a link to set a new one.">
      {sent ? (
        <div role="status">
          <Note>If there is an account for {email}, the link is on its way.</Note>
        </div>
      ) : (
        <form onSubmit={(event) => void submit(event)} className="space-y-4" aria-label="Forgot password">
          <ProblemNotice problem={problem} />
          <Field
            label="Email"
            type="email"
            autoComplete="username"
            required
            value={email}
            onChange={(event) => setEmail(event.target.value)}
          />
          <Button type="submit" look="primary" busy={busy} className="w-full">
            Send the link
          </Button>
        </form>
      )}
      <TextLink to="/">Back to log in</TextLink>
    </Frame>
  );
}

export function ResetPassword({ token }: { token: string }): ReactNode {
  const api = useApi();
  const [password, setPassword] = useState("");
  const [done, setDone] = useState(false);
  const { busy, problem, run } = useAction();
  const submit = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    if (!busy) setDone(await run(() => api.post("/v1/auth/password/reset", { token, password })));
  };
  return (
    <Frame title="Set a new password">
      {done ? (
        <div role="status">
          <Note>Your new password is set. Log in with it.</Note>
        </div>
      ) : (
        <form onSubmit={(event) => void submit(event)} className="space-y-4" aria-label="Set a new password">
          <ProblemNotice problem={problem} />
          <Field
            label="New password"
            type="password"
            autoComplete="new-password"
            required
            minLength={12}
            hint={PASSWORD_HINT}
            value={password}
            onChange={(event) => setPassword(event.target.value)}
          />
          <Button type="submit" look="primary" busy={busy} className="w-full">
            Save
          </Button>
        </form>
      )}
      <TextLink to="/">Back to log in</TextLink>
    </Frame>
  );
}
