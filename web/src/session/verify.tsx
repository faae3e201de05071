import { type ReactNode, useEffect, useRef, useState } from "react";
import { Loading, Note, ProblemNotice } from "../ui/notice";
import { useAction } from "../ui/use-load";
import { Frame, TextLink } from "./frame";
import { useApi } from "./session";

/** Confirms the email address with the token of the link, once. */
export function Verify({ token }: { token: string }): ReactNode {
  const api = useApi();
  const tried = useRef(false);
  const [done, setDone] = useState(false);
  const { problem, run } = useAction();
  useEffect(() => {
    if (tried.current) return;
    tried.current = true;
    void run(() => api.post("/v1/auth/verify", { token })).then(setDone);
  }, [api, run, token]);
  return (
    <Frame title="Confirm your email">
      {done && (
        <div role="status">
          <Note>Your email address is confirmed. You can log in now.</Note>
        </div>
      )}
      <ProblemNotice problem={problem?.status === 422 ? { ...problem, title: "This link cannot be used" } : problem} />
      {!done && !problem && <Loading label="Confirming" />}
      <TextLink to="/">Go to log in</TextLink>
    </Frame>
  );
}
