import type { ReactNode } from "react";
import { Tabs } from "radix-ui";
import { navigate } from "../router";
import { PAGE, PageTitle } from "../ui/shell";
import { AuditList } from "./audit";
import { Grants } from "./grants";

const TAB =
  "-mb-px min-h-11 border-b-2 border-transparent px-1 text-muted hover:text-ink data-[state=active]:border-accent data-[state=active]:font-semibold data-[state=active]:text-ink";

/** Who may see the record, and who has looked. */
export function SharingPage({ part }: { part: string | undefined }): ReactNode {
  return (
    <div className={PAGE}>
      <PageTitle lead="You decide who may see your record, and you can see who looked.">Sharing</PageTitle>
      <Tabs.Root value={part === "looked" ? "looked" : "access"} onValueChange={(to) => navigate(to === "looked" ? "/sharing/looked" : "/sharing")}>
        <Tabs.List aria-label="Sharing" className="mb-6 flex gap-6 border-b border-line">
          <Tabs.Trigger value="access" className={TAB}>
            Who has access
          </Tabs.Trigger>
          <Tabs.Trigger value="looked" className={TAB}>
            Who looked
          </Tabs.Trigger>
        </Tabs.List>
        <Tabs.Content value="access">
          <Grants />
        </Tabs.Content>
        <Tabs.Content value="looked">
          <AuditList />
        </Tabs.Content>
      </Tabs.Root>
    </div>
  );
}
