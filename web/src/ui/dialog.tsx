import { AlertDialog, Dialog } from "radix-ui";
import { type ReactNode, useRef } from "react";
import type { Problem } from "../api/types";
import { Button, IconButton } from "./button";
import { Icon } from "./icons";
import { ProblemNotice } from "./notice";

const CENTRED =
  "card rise fixed left-1/2 top-1/2 z-50 max-h-[90dvh] w-[min(28rem,calc(100vw-2rem))] -translate-x-1/2 -translate-y-1/2 overflow-y-auto p-6 shadow-xl";
const SHEET =
  "slide fixed inset-x-0 bottom-0 z-50 flex max-h-[88dvh] flex-col rounded-t-3xl border border-line bg-surface shadow-xl wide:inset-y-0 wide:left-auto wide:right-0 wide:max-h-none wide:w-[30rem] wide:rounded-none wide:rounded-l-3xl";

/** Our own scrim: the one of the library injects a style element, which the content security policy refuses. */
const Scrim = (): ReactNode => <div data-modal className="fixed inset-0 z-50 bg-scrim" aria-hidden="true" />;

/** Gives the focus back to what had it; the library does so only for a trigger of its own. */
function useFocusReturn(): { onOpenAutoFocus: () => void; onCloseAutoFocus: (event: Event) => void } {
  const before = useRef<Element | null>(null);
  return {
    onOpenAutoFocus: () => {
      before.current = document.activeElement;
    },
    onCloseAutoFocus: (event) => {
      event.preventDefault();
      if (before.current instanceof HTMLElement && before.current.isConnected) before.current.focus({ preventScroll: true });
    },
  };
}

interface SheetProps {
  open: boolean;
  onClose: () => void;
  title: string;
  children: ReactNode;
  testId?: string;
}

/** A panel from the right, or from below on a phone. Escape closes it and focus returns. */
export function Sheet({ open, onClose, title, children, testId }: SheetProps): ReactNode {
  const focus = useFocusReturn();
  return (
    <Dialog.Root open={open} onOpenChange={(next) => !next && onClose()}>
      <Dialog.Portal>
        <Scrim />
        <Dialog.Content {...focus} aria-modal="true" className={SHEET} aria-describedby={undefined} data-testid={testId}>
          <div className="flex items-start justify-between gap-3 border-b border-line py-3 pl-6 pr-3">
            <Dialog.Title className="title py-1.5 text-xl">{title}</Dialog.Title>
            <Dialog.Close asChild>
              <IconButton label="Close">
                <Icon name="close" />
              </IconButton>
            </Dialog.Close>
          </div>
          <div className="min-h-0 flex-1 space-y-5 overflow-y-auto px-6 py-5" tabIndex={0} role="group" aria-label={title}>
            {children}
          </div>
        </Dialog.Content>
      </Dialog.Portal>
    </Dialog.Root>
  );
}

/** A small centred dialog for a form. */
export function FormDialog({ open, onClose, title, children }: SheetProps): ReactNode {
  const focus = useFocusReturn();
  return (
    <Dialog.Root open={open} onOpenChange={(next) => !next && onClose()}>
      <Dialog.Portal>
        <Scrim />
        <Dialog.Content {...focus} aria-modal="true" className={CENTRED} aria-describedby={undefined}>
          <Dialog.Title className="title mb-4 text-xl">{title}</Dialog.Title>
          {children}
        </Dialog.Content>
      </Dialog.Portal>
    </Dialog.Root>
  );
}

interface ConfirmProps {
  open: boolean;
  title: string;
  text: ReactNode;
  yes: string;
  busy?: boolean;
  problem?: Problem;
  onYes: () => void;
  onClose: () => void;
}

/** Asks before something that cannot be taken back; the safe answer has the focus. */
export function ConfirmDialog({ open, title, text, yes, busy, problem, onYes, onClose }: ConfirmProps): ReactNode {
  const focus = useFocusReturn();
  return (
    <AlertDialog.Root open={open} onOpenChange={(next) => !next && onClose()}>
      <AlertDialog.Portal>
        <Scrim />
        <AlertDialog.Content {...focus} aria-modal="true" className={CENTRED}>
          <AlertDialog.Title className="title text-xl">{title}</AlertDialog.Title>
          <AlertDialog.Description asChild>
            <div className="mb-5 mt-2 text-muted">{text}</div>
          </AlertDialog.Description>
          <ProblemNotice problem={problem} />
          <div className="mt-5 flex flex-wrap justify-end gap-2">
            <AlertDialog.Cancel asChild>
              <Button look="plain">Cancel</Button>
            </AlertDialog.Cancel>
            <Button look="danger" busy={busy} onClick={onYes}>
              {yes}
            </Button>
          </div>
        </AlertDialog.Content>
      </AlertDialog.Portal>
    </AlertDialog.Root>
  );
}
