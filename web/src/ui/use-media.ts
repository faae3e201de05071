import { useSyncExternalStore } from "react";

/** Whether a media query holds now, kept up to date. */
export function useMedia(media: string): boolean {
  return useSyncExternalStore(
    (changed) => {
      const list = window.matchMedia(media);
      list.addEventListener("change", changed);
      return () => list.removeEventListener("change", changed);
    },
    () => window.matchMedia(media).matches,
  );
}

export const useWide = (): boolean => useMedia("(min-width: 56rem)");
