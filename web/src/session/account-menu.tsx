import { DropdownMenu } from "radix-ui";
import { type ReactNode, useState } from "react";
import { asProblem } from "../api/problem";
import { useToast } from "../ui/toast";
import { ROLE } from "../ui/words";
import { useAccount, useSession } from "./session";

const ITEM =
  "flex min-h-10 cursor-pointer items-center rounded-lg px-3 outline-none data-[highlighted]:bg-sunken";

/** Who is logged in, and the ways out. */
export function AccountMenu({ compact }: { compact?: boolean }): ReactNode {
  const account = useAccount();
  const { logOut } = useSession();
  const toast = useToast();
  const [busy, setBusy] = useState(false);
  const leave = async (everywhere: boolean): Promise<void> => {
    setBusy(true);
    try {
      await logOut(everywhere);
    } catch (error) {
      setBusy(false);
      toast(`You are still logged in. ${asProblem(error).title}.`);
    }
  };
  return (
    <DropdownMenu.Root modal={false}>
      <DropdownMenu.Trigger
        disabled={busy}
        className="flex min-h-11 items-center gap-3 rounded-xl px-2 text-left hover:bg-sunken"
      >
        <span aria-hidden="true" className="grid size-8 place-items-center rounded-full bg-accent-soft font-semibold text-accent">
          {account.name.charAt(0).toUpperCase()}
        </span>
        <span className="sr-only">Account of {compact && account.name}</span>
        {!compact && (
          <span className="min-w-0">
            <span className="block truncate text-sm font-medium">{account.name}</span>
            <span className="block text-xs text-muted">{ROLE[account.role]}</span>
          </span>
        )}
      </DropdownMenu.Trigger>
        <DropdownMenu.Content
          align={compact ? "end" : "start"}
          sideOffset={6}
          className="card rise z-50 min-w-60 p-1.5 shadow-xl"
        >
          <DropdownMenu.Label className="px-3 py-2 text-sm text-muted">
            <span className="block font-medium text-ink">{account.name}</span>
            {account.email}
          </DropdownMenu.Label>
          <DropdownMenu.Separator className="my-1 h-px bg-line" />
          <DropdownMenu.Item className={ITEM} onSelect={() => void leave(false)}>
            Log out
          </DropdownMenu.Item>
          <DropdownMenu.Item className={ITEM} onSelect={() => void leave(true)}>
            Log out on every device
          </DropdownMenu.Item>
        </DropdownMenu.Content>
    </DropdownMenu.Root>
  );
}
