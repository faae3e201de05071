import { type ReactNode, createContext, useContext, useEffect, useMemo, useSyncExternalStore } from "react";
import { useWhose } from "../record/whose";
import { href } from "../router";
import { useApi } from "../session/session";
import { IconButton } from "../ui/button";
import { Icon } from "../ui/icons";
import { calls } from "./alarms";
import { AlarmFeed, type FeedState } from "./feed";
import { URGENCY, UrgencyBadge } from "./urgency";

const FeedContext = createContext<AlarmFeed | null>(null);

/** Keeps the open alarms of the record at hand for the pages inside. */
export function LiveAlarms({ children }: { children: ReactNode }): ReactNode {
  const api = useApi();
  const { patientId } = useWhose();
  const feed = useMemo(() => new AlarmFeed(api, patientId), [api, patientId]);
  useEffect(() => feed.start(), [feed]);
  return <FeedContext value={feed}>{children}</FeedContext>;
}

export function useFeed(): [AlarmFeed, FeedState] {
  const feed = useContext(FeedContext);
  if (!feed) throw new Error("useFeed needs LiveAlarms");
  return [feed, useSyncExternalStore(feed.subscribe, feed.snapshot)];
}

/** How many alarms wait for an answer. */
export const useCalling = (): number => useFeed()[1].alarms?.filter(calls).length ?? 0;

const SHOWN = 3;

/** New alarms, on whichever view they find the person. An emergency interrupts a screen reader, others wait their turn. */
export function AlarmNotices(): ReactNode {
  const [feed, { notices }] = useFeed();
  const { base } = useWhose();
  const place = (id: string): string => href(`${base}/health?alarm=${id}`);
  const cards = (emergencies: boolean): ReactNode =>
    notices
      .filter(({ urgency }) => (urgency === "emergency") === emergencies)
      .slice(0, SHOWN)
      .map(({ id, title, text, urgency }) => (
        <div key={id} role={emergencies ? "alert" : undefined} data-testid="alarm-notice" className={`rise card pointer-events-auto flex items-start gap-3 bg-surface p-4 shadow-lg ${URGENCY[urgency].look}`}>
          <div className="min-w-0 flex-1 space-y-1">
            <UrgencyBadge urgency={urgency} />
            <p className="break-words font-semibold">{title}</p>
            <p className="line-clamp-3 break-words text-sm">{text}</p>
            <a href={place(id)} onClick={() => feed.dismiss(id)} className="inline-flex min-h-9 items-center font-medium text-accent underline underline-offset-3">
              See this alarm
            </a>
          </div>
          <IconButton label={`Hide this message: ${title}`} onClick={() => feed.dismiss(id)}>
            <Icon name="close" size={18} />
          </IconButton>
        </div>
      ));
  return (
    <div className="pointer-events-none fixed inset-x-3 top-14 z-40 mx-auto max-w-md space-y-2 wide:left-auto wide:right-6 wide:top-6 wide:mx-0 wide:w-96">
      {cards(true)}
      <div aria-live="polite" className="space-y-2">
        {cards(false)}
      </div>
    </div>
  );
}
