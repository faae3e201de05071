import { useSyncExternalStore } from "react";

export interface Route {
  /** The decoded parts of the path: "#/chat/abc" → ["chat", "abc"]. */
  parts: string[];
  query: URLSearchParams;
}

/** The route that a location hash names. */
export function parseHash(hash: string): Route {
  const [path = "", search = ""] = hash.replace(/^#\/?/, "").split("?", 2);
  const parts = path.split("/").filter(Boolean).map(decode);
  return { parts, query: new URLSearchParams(search) };
}

function decode(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

const changed = new EventTarget();

/** Goes to "/chat"; with `replace`, without a step in the history. */
export function navigate(path: string, replace = false): void {
  if (`#${path}` === window.location.hash) return;
  if (replace) window.history.replaceState(null, "", `#${path}`);
  else window.history.pushState(null, "", `#${path}`);
  changed.dispatchEvent(new Event("change"));
}

export const href = (path: string): string => `#${path}`;

function subscribe(listener: () => void): () => void {
  window.addEventListener("hashchange", listener);
  window.addEventListener("popstate", listener);
  changed.addEventListener("change", listener);
  return () => {
    window.removeEventListener("hashchange", listener);
    window.removeEventListener("popstate", listener);
    changed.removeEventListener("change", listener);
  };
}

/** Where the page is, kept up to date. */
export function useRoute(): Route {
  const hash = useSyncExternalStore(subscribe, () => window.location.hash);
  return parseHash(hash);
}
