import { ProblemError, UNREACHABLE, isAbort, problemOf } from "./problem";
import type { Account, SignIn } from "./types";
import { upload } from "./upload";

/** Why a session is over: it ran out, or another account was signed in in the same browser. */
export type Ending = "expired" | "replaced";

export interface Call {
  body?: unknown;
  form?: FormData;
  /** A body that is sent as it stands. */
  text?: { type: string; content: string };
  accept?: string;
  signal?: AbortSignal;
  /** Told how much of a form has been sent, from 0 to 1. */
  onProgress?: (share: number) => void;
}

/** Tabs share the refresh cookie, which can be used once: they take turns. */
const inTurn = <T>(work: () => Promise<T>): Promise<T> =>
  navigator.locks ? navigator.locks.request("vitasense-refresh", work) : work();

/**
 * The one way this page talks to the server. Keeps the access token in memory only; a request that is answered
 * "not signed in" renews the session once and is sent again.
 */
export class Api {
  #token: string | null = null;
  #account: Account | null = null;
  #renewal: Promise<Account | null> | null = null;

  constructor(private readonly onEnd: (why: Ending) => void) {}

  /** The parsed JSON of the answer; undefined for an empty one. Throws ProblemError. */
  async json<T>(method: string, path: string, call: Call = {}): Promise<T> {
    const response = await this.send(method, path, call);
    return (response.status === 204 ? undefined : await response.json().catch(() => undefined)) as T;
  }

  get = <T>(path: string, signal?: AbortSignal): Promise<T> => this.json<T>("GET", path, { signal });
  post = <T>(path: string, body: unknown = {}): Promise<T> => this.json<T>("POST", path, { body });

  /** A successful response, its body unread. Throws ProblemError, or AbortError when the signal fires. */
  async send(method: string, path: string, call: Call = {}): Promise<Response> {
    const usedToken = this.#token;
    let response = await this.#fetch(method, path, call);
    if (response.status === 401 && usedToken) {
      const renewed = this.#token !== usedToken || (await this.renew());
      if (renewed) response = await this.#fetch(method, path, call);
      if (response.status === 401) this.#finish("expired");
    }
    if (!response.ok) throw new ProblemError(await problemOf(response));
    return response;
  }

  /** The account of the refresh cookie, or null when there is no session to renew. */
  renew(): Promise<Account | null> {
    this.#renewal ??= inTurn(() => this.#refresh()).finally(() => {
      this.#renewal = null;
    });
    return this.#renewal;
  }

  async logIn(email: string, password: string): Promise<Account> {
    this.#token = null;
    return this.#accept(await this.post<SignIn>("/v1/auth/login", { email, password }));
  }

  /** Ends the session here, or on every device. Throws when the server was not reached: the session is then alive. */
  async logOut(everywhere = false): Promise<void> {
    await this.post(everywhere ? "/v1/auth/logout-everywhere" : "/v1/auth/logout");
    this.forget();
  }

  forget(): void {
    this.#token = null;
    this.#account = null;
  }

  async #refresh(): Promise<Account | null> {
    const response = await this.#fetch("POST", "/v1/auth/refresh", { body: {} });
    if (response.ok) {
      const before = this.#account;
      const account = this.#accept((await response.json()) as SignIn);
      if (before && before.id !== account.id) {
        this.#finish("replaced");
        return null;
      }
      return account;
    }
    if (response.status >= 500 || response.status === 429) throw new ProblemError(await problemOf(response));
    return null;
  }

  #accept(signIn: SignIn): Account {
    this.#token = signIn.access_token;
    this.#account = signIn.account;
    return signIn.account;
  }

  #finish(why: Ending): void {
    if (!this.#account) return;
    this.forget();
    this.onEnd(why);
  }

  async #fetch(method: string, path: string, call: Call): Promise<Response> {
    const { body, form, text, accept, signal, onProgress } = call;
    const headers: Record<string, string> = { Accept: accept ?? "application/json" };
    if (this.#token) headers.Authorization = `Bearer ${this.#token}`;
    if (text) headers["Content-Type"] = text.type;
    else if (body !== undefined) headers["Content-Type"] = "application/json";
    try {
      if (form && onProgress) return await upload(method, path, { form, headers, signal, onProgress });
      const content = form ?? text?.content ?? (body === undefined ? undefined : JSON.stringify(body));
      return await fetch(path, { method, headers, signal, body: content, cache: "no-store" });
    } catch (error) {
      if (isAbort(error)) throw error;
      throw new ProblemError(UNREACHABLE);
    }
  }
}

/** "?a=1&b=2" of the parameters that have a value, or "". */
export function query(parameters: Record<string, string | number | null | undefined>): string {
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(parameters)) {
    if (value !== null && value !== undefined && value !== "") search.set(name, String(value));
  }
  const text = search.toString();
  return text ? `?${text}` : "";
}
