import { useCallback, useEffect, useState } from "react";
import { asProblem, isAbort } from "../api/problem";
import type { Problem } from "../api/types";

export interface Loaded<T> {
  data: T | undefined;
  problem: Problem | undefined;
  loading: boolean;
  reload: () => void;
}

/** What `load` gives, again whenever `key` changes or `reload` is called. Older answers are dropped. */
export function useLoad<T>(load: (signal: AbortSignal) => Promise<T>, key: string): Loaded<T> {
  const [state, setState] = useState<{ key: string; data?: T; problem?: Problem }>();
  const [round, setRound] = useState(0);
  const reload = useCallback(() => setRound((n) => n + 1), []);

  useEffect(() => {
    const abort = new AbortController();
    load(abort.signal).then(
      (data) => !abort.signal.aborted && setState({ key, data }),
      (error: unknown) => !isAbort(error) && !abort.signal.aborted && setState({ key, problem: asProblem(error) }),
    );
    return () => abort.abort();
    // `load` is made anew on every render; what it loads is named by `key`.
  }, [key, round]);

  const current = state?.key === key ? state : undefined;
  return { data: current?.data, problem: current?.problem, loading: !current, reload };
}

/** A write under way: `run` keeps what went wrong in `problem` and answers whether it succeeded. */
export function useAction(): {
  busy: boolean;
  problem: Problem | undefined;
  run: (work: () => Promise<unknown>) => Promise<boolean>;
} {
  const [state, setState] = useState<{ busy: boolean; problem?: Problem }>({ busy: false });
  const run = useCallback(async (work: () => Promise<unknown>) => {
    setState({ busy: true });
    try {
      await work();
      setState({ busy: false });
      return true;
    } catch (error) {
      setState({ busy: false, problem: asProblem(error) });
      return false;
    }
  }, []);
  return { busy: state.busy, problem: state.problem, run };
}
