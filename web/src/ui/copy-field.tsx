import { type ReactNode, useId } from "react";
import { Button } from "./button";
import { Icon } from "./icons";
import { useToast } from "./toast";

/** Something to be taken elsewhere, with a button that copies it. */
export function CopyField({ label, value }: { label: string; value: string }): ReactNode {
  const toast = useToast();
  const id = useId();
  const copy = async (): Promise<void> => {
    try {
      await navigator.clipboard.writeText(value);
      toast(`${label} copied`);
    } catch {
      // The browser does not allow it: then it is marked, ready for the keys that copy.
      const field = document.getElementById(id);
      if (field instanceof HTMLInputElement) field.select();
      toast("Press Ctrl+C to copy it");
    }
  };
  return (
    <div className="space-y-1.5">
      <label htmlFor={id} className="block text-sm font-medium">
        {label}
      </label>
      <div className="flex gap-2">
        <input id={id} readOnly value={value} onFocus={(event) => event.target.select()} className="min-h-11 min-w-0 flex-1 rounded-xl border border-edge bg-sunken px-3.5 py-2 font-mono text-sm text-ink" />
        <Button onClick={() => void copy()} aria-label={`Copy: ${label}`}>
          <Icon name="copy" size={18} />
          Copy
        </Button>
      </div>
    </div>
  );
}
