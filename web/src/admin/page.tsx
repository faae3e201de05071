import { type FormEvent, type ReactNode, useId, useState } from "react";
import type { AdminAccount, Page } from "../api/types";
import { useAccount, useApi } from "../session/session";
import { Button } from "../ui/button";
import { ConfirmDialog } from "../ui/dialog";
import { Field, INPUT } from "../ui/field";
import { Loading, ProblemNotice } from "../ui/notice";
import { PAGE, PageTitle } from "../ui/shell";
import { useToast } from "../ui/toast";
import { useAction, useLoad } from "../ui/use-load";
import { ROLE } from "../ui/words";

/** The accounts; an administrator sees no health data. */
export function AccountsPage(): ReactNode {
  const api = useApi();
  const { data, problem, loading, reload } = useLoad((signal) => api.get<Page<AdminAccount>>("/v1/admin/accounts", signal), "accounts");
  return (
    <div className={PAGE}>
      <PageTitle lead="Who can log in. Health records are not visible to administrators.">Accounts</PageTitle>
      <div className="grid items-start gap-8 wide:grid-cols-[minmax(0,1fr)_20rem]">
        <div className="space-y-4">
          {loading && <Loading />}
          <ProblemNotice problem={problem} onRetry={reload} />
          {data && (
            <ul aria-label="Accounts" data-testid="account-list" className="card divide-y divide-line">
              {data.items.map((account) => (
                <Row key={account.id} account={account} onChange={reload} />
              ))}
            </ul>
          )}
        </div>
        <NewAccount onCreated={reload} />
      </div>
    </div>
  );
}

function Row({ account, onChange }: { account: AdminAccount; onChange: () => void }): ReactNode {
  const api = useApi();
  const me = useAccount();
  const toast = useToast();
  const [asking, setAsking] = useState(false);
  const { busy, problem, run } = useAction();
  const disabled = Boolean(account.disabled_at ?? account.disabled);
  const disable = async (): Promise<void> => {
    if (!(await run(() => api.post(`/v1/admin/accounts/${account.id}/disable`)))) return;
    setAsking(false);
    toast(`${account.name} can no longer log in`);
    onChange();
  };
  return (
    <li className="flex flex-wrap items-center justify-between gap-3 px-5 py-3">
      <div className="min-w-0">
        <p className="font-medium">{account.name}</p>
        <p className="break-words text-sm text-muted">
          {account.email} · {ROLE[account.role] ?? account.role}
          {!account.verified_at && " · invited, not confirmed yet"}
        </p>
      </div>
      {disabled ? (
        <span className="rounded-full bg-sunken px-3 py-0.5 text-sm">Disabled</span>
      ) : (
        account.id !== me.id && (
          <Button small onClick={() => setAsking(true)} aria-label={`Disable ${account.name}`}>
            Disable
          </Button>
        )
      )}
      <ConfirmDialog
        open={asking}
        title={`Disable ${account.name}?`}
        text="They are logged out everywhere and cannot log in again. Their record is kept."
        yes="Disable"
        busy={busy}
        problem={problem}
        onYes={() => void disable()}
        onClose={() => setAsking(false)}
      />
    </li>
  );
}

const EMPTY = { email: "", name: "", role: "provider" };

function NewAccount({ onCreated }: { onCreated: () => void }): ReactNode {
  const api = useApi();
  const toast = useToast();
  const id = useId();
  const [form, setForm] = useState(EMPTY);
  const { busy, problem, run } = useAction();
  const set = (part: Partial<typeof EMPTY>): void => setForm({ ...form, ...part });
  const submit = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    if (busy || !(await run(() => api.post("/v1/admin/accounts", { ...form, email: form.email.trim() })))) return;
    toast(`Account created for ${form.name}`);
    setForm(EMPTY);
    onCreated();
  };
  return (
    <form onSubmit={(event) => void submit(event)} aria-label="Create an account" data-testid="account-form" className="card space-y-4 p-5">
      <h2 className="title text-xl">Create an account</h2>
      <Field label="Name" required autoComplete="off" value={form.name} onChange={(event) => set({ name: event.target.value })} />
      <Field label="Email" type="email" required autoComplete="off" value={form.email} onChange={(event) => set({ email: event.target.value })} />
      <div className="space-y-1.5">
        <label htmlFor={id} className="block text-sm font-medium">
          Role
        </label>
        <select id={id} value={form.role} onChange={(event) => set({ role: event.target.value })} className={INPUT}>
          {["patient", "provider", "admin"].map((role) => (
            <option key={role} value={role}>
              {ROLE[role]}
            </option>
          ))}
        </select>
      </div>
      <ProblemNotice problem={problem} />
      <Button type="submit" look="primary" busy={busy} className="w-full">
        Create
      </Button>
    </form>
  );
}
