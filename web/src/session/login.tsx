import { type FormEvent, type ReactNode, useState } from "react";
import { Button } from "../ui/button";
import { Field } from "../ui/field";
import { Note, ProblemNotice } from "../ui/notice";
import { useAction } from "../ui/use-load";
import { Frame, TextLink } from "./frame";
import { type SessionState, useSession } from "./session";

const WHY: Record<string, string> = {
  expired: "Your session has ended, so your record was closed. Log in to go on.",
  replaced: "Another account was opened in this browser, so this one was closed. Log in to go on.",
  elsewhere: "You logged out in another tab.",
  "logged-out": "You are logged out.",
};

export function LogIn(): ReactNode {
  const { state, logIn } = useSession();
  const [email, setEmail] = useState("");
  const [password, setPassword] = useState("");
  const { busy, problem, run } = useAction();
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    if (!busy) void run(() => logIn(email.trim(), password));
  };
  return (
    <Frame title="Welcome" lead="Log in to your health record.">
      <Why state={state} />
      <form onSubmit={submit} className="space-y-4" data-testid="login-form" aria-label="Log in">
        <ProblemNotice problem={problem?.status === 401 ? { ...problem, title: "You could not be logged in" } : problem} />
        <Field
          label="Email"
          type="email"
          autoComplete="username"
          required
          value={email}
          onChange={(event) => setEmail(event.target.value)}
        />
        <Field
          label="Password"
          type="password"
          autoComplete="current-password"
          required
          value={password}
          onChange={(event) => setPassword(event.target.value)}
        />
        <Button type="submit" look="primary" busy={busy} className="w-full">
          Log in
        </Button>
      </form>
      <p className="flex flex-wrap justify-between gap-3 text-sm">
        <TextLink to="/forgot">Forgot your password?</TextLink>
        <TextLink to="/register">Create an account</TextLink>
      </p>
    </Frame>
  );
}

function Why({ state }: { state: SessionState }): ReactNode {
  const words = state.at === "out" && state.why ? WHY[state.why] : undefined;
  if (!words) return null;
  return (
    <div role="status">
      <Note>{words}</Note>
    </div>
  );
}
