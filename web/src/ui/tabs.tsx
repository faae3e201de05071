import { Tabs } from "radix-ui";
import type { ReactNode } from "react";

const TAB =
  "-mb-px min-h-11 whitespace-nowrap border-b-2 border-transparent px-1 -outline-offset-2 text-muted hover:text-ink data-[state=active]:border-accent data-[state=active]:font-semibold data-[state=active]:text-ink";

interface Props {
  label: string;
  parts: { part: string; label: string; content: ReactNode }[];
  current: string;
  onChange: (part: string) => void;
}

/** The parts of a page, one of them open. */
export const PageTabs = ({ label, parts, current, onChange }: Props): ReactNode => (
  <Tabs.Root value={current} onValueChange={onChange}>
    <Tabs.List aria-label={label} className="mb-6 flex gap-4 overflow-x-auto border-b border-line wide:gap-6">
      {parts.map(({ part, label: name }) => (
        <Tabs.Trigger key={part} value={part} className={TAB}>
          {name}
        </Tabs.Trigger>
      ))}
    </Tabs.List>
    {parts.map(({ part, content }) => (
      <Tabs.Content key={part} value={part}>
        {content}
      </Tabs.Content>
    ))}
  </Tabs.Root>
);
