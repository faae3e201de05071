import type { Problem } from "./types";

/** A request that did not succeed, in the words of the server or, when it was not reached, in our own. */
export class ProblemError extends Error {
  constructor(readonly problem: Problem) {
    super(problem.detail ?? problem.title);
  }
}

export const UNREACHABLE: Problem = {
  type: "about:blank",
  title: "VitaSense could not be reached",
  status: 0,
  detail: "Check your connection, then try again. Nothing you see here was lost.",
};

export const CUT_SHORT: Problem = {
  type: "about:blank",
  title: "The answer was cut short",
  status: 0,
  detail: "The connection closed before the answer was complete. You can ask again.",
};

export const NOT_SHARED: Problem = {
  type: "about:blank",
  title: "This record is no longer shared with you",
  status: 403,
  detail: "The patient ended your access, or it ran out. The conversations about this record are closed with it.",
};

const WORDS: Record<number, string> = {
  401: "Please log in again",
  403: "You are not allowed to do this",
  404: "This was not found",
  413: "This file is too large",
  429: "Too many requests",
  503: "Not available right now",
};

/** The problem document of a response that failed; made up from its status when the body holds none. */
export async function problemOf(response: Response): Promise<Problem> {
  const requestId = response.headers.get("X-Request-Id") ?? undefined;
  const retryAfter = Number(response.headers.get("Retry-After") ?? Number.NaN);
  const fallback: Problem = {
    type: "about:blank",
    title: WORDS[response.status] ?? "Something went wrong on our side",
    status: response.status,
    request_id: requestId,
  };
  const retry = Number.isFinite(retryAfter) ? { retry_after: retryAfter } : {};
  if (!response.headers.get("Content-Type")?.includes("json")) return { ...fallback, ...retry };
  try {
    return { ...fallback, ...retry, ...((await response.json()) as Partial<Problem>) };
  } catch {
    return fallback;
  }
}

/** Whatever was thrown, as a problem that can be shown. */
export function asProblem(error: unknown): Problem {
  if (error instanceof ProblemError) return error.problem;
  if (error instanceof TypeError) return UNREACHABLE;
  return { type: "about:blank", title: "Something went wrong on this page", status: 0, detail: String(error) };
}

export const isAbort = (error: unknown): boolean => error instanceof DOMException && error.name === "AbortError";

/** What is wrong with each field of a form, by its name, and the problem with what belongs to none of them. */
export function besideFields(problem: Problem | undefined, fields: readonly string[]): { errors: Record<string, string>; rest: Problem | undefined } {
  const errors: Record<string, string> = {};
  const others = (problem?.errors ?? []).filter(({ at, message }) => {
    const field = fields.find((name) => at.split(".").includes(name));
    if (field) errors[field] ??= message;
    return !field;
  });
  const told = Object.keys(errors).length > 0 && others.length === 0;
  return { errors, rest: problem && !told ? { ...problem, errors: others } : undefined };
}
