import { type ReactNode, createContext, useContext, useEffect, useMemo, useState } from "react";
import { Api, type Ending } from "../api/client";
import { asProblem } from "../api/problem";
import type { Account, Problem } from "../api/types";
import { navigate } from "../router";

export type SessionState =
  | { at: "opening" }
  | { at: "unreachable"; problem: Problem }
  | { at: "out"; why?: Ending | "logged-out" | "elsewhere" }
  | { at: "in"; account: Account };

interface Session {
  api: Api;
  state: SessionState;
  logIn: (email: string, password: string) => Promise<void>;
  logOut: (everywhere?: boolean) => Promise<void>;
  reopen: () => void;
}

const SessionContext = createContext<Session | null>(null);

export function useSession(): Session {
  const session = useContext(SessionContext);
  if (!session) throw new Error("useSession needs a SessionProvider");
  return session;
}

export const useApi = (): Api => useSession().api;

/** The account that is logged in; only used inside the signed-in part of the page. */
export function useAccount(): Account {
  const { state } = useSession();
  if (state.at !== "in") throw new Error("no account is logged in");
  return state.account;
}

/** Opens the session from the refresh cookie, and ends it in every tab of this browser at once. */
export function SessionProvider({ children }: { children: ReactNode }): ReactNode {
  const [state, setState] = useState<SessionState>({ at: "opening" });
  const [api] = useState(() => new Api((why) => setState({ at: "out", why })));
  const [tabs] = useState(() => new BroadcastChannel("vitasense-session"));

  const session = useMemo<Session>(
    () => ({
      api,
      state,
      logIn: async (email, password) => {
        const account = await api.logIn(email, password);
        navigate("/", true);
        setState({ at: "in", account });
      },
      logOut: async (everywhere = false) => {
        await api.logOut(everywhere);
        tabs.postMessage("logged-out");
        navigate("/", true);
        setState({ at: "out", why: "logged-out" });
      },
      reopen: () => {
        setState({ at: "opening" });
        api.renew().then(
          (account) => setState(account ? { at: "in", account } : { at: "out" }),
          (error: unknown) => setState({ at: "unreachable", problem: asProblem(error) }),
        );
      },
    }),
    [api, state, tabs],
  );

  useEffect(session.reopen, []);
  useEffect(() => {
    const onMessage = (): void => {
      api.forget();
      setState((now) => (now.at === "in" ? { at: "out", why: "elsewhere" } : now));
    };
    tabs.addEventListener("message", onMessage);
    return () => tabs.removeEventListener("message", onMessage);
  }, [api, tabs]);

  return <SessionContext value={session}>{children}</SessionContext>;
}
