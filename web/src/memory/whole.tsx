import { type ReactNode, useState } from "react";
import { useApi } from "../session/session";
import { Button } from "../ui/button";
import { ConfirmDialog } from "../ui/dialog";
import { ProblemNotice } from "../ui/notice";
import { useToast } from "../ui/toast";
import { useAction } from "../ui/use-load";

/** What can be done with all memories: take them along, or forget everything. */
export function Whole({ onForgotten }: { onForgotten: () => void }): ReactNode {
  const api = useApi();
  const toast = useToast();
  const [asking, setAsking] = useState(false);
  const taking = useAction();
  const forgetting = useAction();
  const take = (): Promise<boolean> =>
    taking.run(async () => {
      const file = await (await api.send("GET", "/v1/memories/export")).blob();
      save(file, "vitasense-memories.json");
    });
  const forget = async (): Promise<void> => {
    if (!(await forgetting.run(() => api.json("DELETE", "/v1/memories")))) return;
    setAsking(false);
    toast("Everything is forgotten");
    onForgotten();
  };
  return (
    <div className="mb-5 space-y-2">
      <div className="flex flex-wrap gap-2">
        <Button small busy={taking.busy} onClick={() => void take()}>
          Download all
        </Button>
        <Button small onClick={() => setAsking(true)}>
          Forget everything
        </Button>
      </div>
      <ProblemNotice problem={taking.problem} />
      <ConfirmDialog
        open={asking}
        title="Forget everything?"
        text="Everything that is remembered about you will be gone for good: what you told, the summaries of conversations and the pieces of documents. Your record and your conversations stay."
        yes="Forget everything"
        busy={forgetting.busy}
        problem={forgetting.problem}
        onYes={() => void forget()}
        onClose={() => setAsking(false)}
      />
    </div>
  );
}

function save(file: Blob, name: string): void {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(file);
  link.download = name;
  link.click();
  URL.revokeObjectURL(link.href);
}
