import { Tabs } from "radix-ui";
import { type ReactNode, useState } from "react";
import { navigate } from "../router";
import { PAGE, PageTitle } from "../ui/shell";
import { MemoryList } from "./list";
import { Whole } from "./whole";

const TAB =
  "-mb-px min-h-11 border-b-2 border-transparent px-1 -outline-offset-2 text-muted hover:text-ink data-[state=active]:border-accent data-[state=active]:font-semibold data-[state=active]:text-ink";

const PARTS = [
  { part: "you", label: "About you", kinds: ["fact", "preference"], empty: "Say “remember that I …” in a conversation, or write it down here." },
  { part: "conversations", label: "Conversations", kinds: ["episode"], empty: "When you begin a new conversation, the earlier ones are summed up here." },
  { part: "documents", label: "Documents", kinds: ["passage"], empty: "Letters and notes of your record are kept here piece by piece, so that they can be searched." },
];

/** What is remembered about the person, where it came from, and the means to correct, delete and take it along. */
export function MemoryPage({ part }: { part: string | undefined }): ReactNode {
  const [round, setRound] = useState(0);
  const current = PARTS.find((each) => each.part === part) ?? PARTS[0]!;
  return (
    <div className={PAGE}>
      <div className="flex flex-wrap items-start justify-between gap-x-4">
        <PageTitle lead="What VitaSense remembers about you, and where it came from.">Memory</PageTitle>
        <Whole onForgotten={() => setRound(round + 1)} />
      </div>
      <Tabs.Root value={current.part} onValueChange={(to) => navigate(to === "you" ? "/memory" : `/memory/${to}`)}>
        <Tabs.List aria-label="Memory" className="mb-6 flex gap-6 overflow-x-auto border-b border-line">
          {PARTS.map(({ part, label }) => (
            <Tabs.Trigger key={part} value={part} className={`${TAB} whitespace-nowrap`}>
              {label}
            </Tabs.Trigger>
          ))}
        </Tabs.List>
        {PARTS.map(({ part, label, kinds, empty }) => (
          <Tabs.Content key={part} value={part}>
            <MemoryList key={round} label={label} kinds={kinds} empty={empty} told={part === "you"} />
          </Tabs.Content>
        ))}
      </Tabs.Root>
    </div>
  );
}
