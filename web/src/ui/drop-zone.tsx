import { type DragEvent, type ReactNode, useRef, useState } from "react";
import { Button } from "./button";
import { Icon } from "./icons";

interface Props {
  label: string;
  testId: string;
  accept?: string;
  multiple?: boolean;
  busy: boolean;
  busyWords: string;
  lead: ReactNode;
  hint: ReactNode;
  onFiles: (files: File[]) => void;
}

/** Takes files by dropping or choosing them. */
export function DropZone({ label, testId, accept, multiple, busy, busyWords, lead, hint, onFiles }: Props): ReactNode {
  const input = useRef<HTMLInputElement>(null);
  const [over, setOver] = useState(false);
  const take = (files: File[]): void => {
    if (files.length > 0 && !busy) onFiles(files);
    // So that the same file can be chosen again.
    if (input.current) input.current.value = "";
  };
  const onDrop = (event: DragEvent): void => {
    event.preventDefault();
    setOver(false);
    take([...event.dataTransfer.files]);
  };
  return (
    <div
      onDragOver={(event) => {
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={() => setOver(false)}
      onDrop={onDrop}
      className={`flex flex-col items-center gap-3 rounded-2xl border-2 border-dashed px-6 py-10 text-center ${over ? "border-accent bg-accent-soft" : "border-edge"}`}
    >
      <span className="text-accent">
        <Icon name="upload" size={30} />
      </span>
      <p>{lead}</p>
      <input
        ref={input}
        type="file"
        multiple={multiple}
        accept={accept}
        aria-label={label}
        data-testid={testId}
        tabIndex={-1}
        className="sr-only"
        onChange={(event) => take([...(event.target.files ?? [])])}
      />
      <Button look="primary" busy={busy} onClick={() => input.current?.click()}>
        {busy ? busyWords : multiple ? "Choose files" : "Choose a file"}
      </Button>
      <p className="text-sm text-muted">{hint}</p>
    </div>
  );
}
