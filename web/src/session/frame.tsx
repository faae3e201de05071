import { type ReactNode, useEffect } from "react";
import { href } from "../router";
import { Mark } from "../ui/icons";

/** The page around log in and its neighbours: a calm promise on the left, the form on the right. */
export function Frame({ title, lead, children }: { title: string; lead?: string; children: ReactNode }): ReactNode {
  useEffect(() => {
    document.title = `${title} · VitaSense`;
  }, [title]);
  return (
    <div className="grid min-h-dvh wide:grid-cols-[1fr_1.1fr]">
      <aside className="hidden flex-col justify-between bg-accent-soft p-12 wide:flex" aria-label="About VitaSense">
        <Brand />
        <div className="max-w-md space-y-4">
          <p className="title text-4xl">Your health, explained from your own record.</p>
          <p className="text-lg text-ink/85">
            Ask in plain words. Every answer shows what it rests on, and says so when something could not be checked.
          </p>
        </div>
        <p className="text-sm text-ink/80">Your record stays on this server. You decide who may see it.</p>
      </aside>
      <main className="flex flex-col items-center justify-center px-5 py-10">
        <div className="w-full max-w-sm space-y-6">
          <div className="wide:hidden">
            <Brand />
          </div>
          <header className="space-y-1.5">
            <h1 className="title text-3xl">{title}</h1>
            {lead && <p className="text-muted">{lead}</p>}
          </header>
          {children}
        </div>
      </main>
    </div>
  );
}

function Brand(): ReactNode {
  return (
    <div className="flex items-center gap-3">
      <Mark />
      <span className="title text-xl">VitaSense</span>
    </div>
  );
}

export function TextLink({ to, children }: { to: string; children: ReactNode }): ReactNode {
  return (
    <a href={href(to)} className="font-medium text-accent underline decoration-1 underline-offset-3 hover:decoration-2">
      {children}
    </a>
  );
}
