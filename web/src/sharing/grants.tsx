import { type ReactNode, useState } from "react";
import type { Grant, Page } from "../api/types";
import { useApi } from "../session/session";
import { Button } from "../ui/button";
import { ConfirmDialog } from "../ui/dialog";
import { formatDate, formatWhen } from "../ui/format";
import { Icon } from "../ui/icons";
import { Empty, Loading, ProblemNotice } from "../ui/notice";
import { useToast } from "../ui/toast";
import { useAction, useLoad } from "../ui/use-load";
import { ACTION, PURPOSE, categoryName, listOf } from "../ui/words";
import { GrantForm } from "./grant-form";

export function Grants(): ReactNode {
  const api = useApi();
  const { data, problem, loading, reload } = useLoad((signal) => api.get<Page<Grant>>("/v1/consents", signal), "grants");
  const now = new Date().toISOString();
  const grants = data?.items ?? [];
  const active = grants.filter((grant) => isActive(grant, now));
  const past = grants.filter((grant) => !isActive(grant, now));
  return (
    <div className="grid items-start gap-8 wide:grid-cols-[minmax(0,1fr)_21rem]">
      <div className="space-y-6">
        <ProblemNotice problem={problem} onRetry={reload} />
        {loading && <Loading />}
        {data && active.length === 0 && <Empty title="Only you can see your record">Share parts of it with a care provider when you wish.</Empty>}
        <ul aria-label="People with access" className="space-y-3">
          {active.map((grant) => (
            <GrantCard key={grant.id} grant={grant} onChange={reload} />
          ))}
        </ul>
        {past.length > 0 && (
          <details>
            <summary className="min-h-10 py-2 font-medium text-muted">Ended access ({past.length})</summary>
            <ul className="mt-2 space-y-3">
              {past.map((grant) => (
                <GrantCard key={grant.id} grant={grant} onChange={reload} />
              ))}
            </ul>
          </details>
        )}
      </div>
      <GrantForm onGranted={reload} />
    </div>
  );
}

/** As the server's own clock decides; here only to sort the list. */
const isActive = (grant: Grant, now: string): boolean =>
  !grant.revoked_at && (!grant.valid_until || Date.parse(grant.valid_until) > Date.parse(now));

function GrantCard({ grant, onChange }: { grant: Grant; onChange: () => void }): ReactNode {
  const active = isActive(grant, new Date().toISOString());
  const actions = listOf(grant.actions.map((action) => ACTION[action] ?? action));
  return (
    <li className={`card space-y-3 p-5 ${active ? "" : "opacity-90"}`}>
      <div className="flex flex-wrap items-start justify-between gap-3">
        <div className="min-w-0">
          <h2 className="font-semibold">{grant.grantee.name || grant.grantee.email}</h2>
          <p className="break-words text-sm text-muted">{grant.grantee.email}</p>
        </div>
        {active && <Revoke grant={grant} onRevoked={onChange} />}
      </div>
      <p>
        {active ? actions.charAt(0).toUpperCase() + actions.slice(1) : "Could see"}, {listOf(grant.purposes.map((purpose) => PURPOSE[purpose] ?? purpose))}:
      </p>
      <ul aria-label="Shared parts" className="flex flex-wrap gap-1.5">
        {grant.categories
          .filter((category) => category !== "profile")
          .map((category) => (
            <li key={category} className="rounded-full bg-accent-soft px-3 py-0.5 text-sm">
              {categoryName(category)}
            </li>
          ))}
      </ul>
      <p className="text-sm text-muted">{timeWords(grant)}</p>
    </li>
  );
}

function timeWords(grant: Grant): string {
  const since = `Since ${formatDate(grant.valid_from ?? grant.granted_at)}`;
  if (grant.revoked_at) return `${since}, withdrawn ${formatWhen(grant.revoked_at)}`;
  if (!grant.valid_until) return `${since}, until you end it`;
  return `${since}, until ${formatWhen(grant.valid_until)}`;
}

function Revoke({ grant, onRevoked }: { grant: Grant; onRevoked: () => void }): ReactNode {
  const api = useApi();
  const toast = useToast();
  const [asking, setAsking] = useState(false);
  const { busy, problem, run } = useAction();
  const name = grant.grantee.name || grant.grantee.email;
  const revoke = async (): Promise<void> => {
    if (!(await run(() => api.post(`/v1/consents/${grant.id}/revoke`)))) return;
    setAsking(false);
    toast(`${name} no longer has this access`);
    onRevoked();
  };
  return (
    <>
      <Button small onClick={() => setAsking(true)} aria-label={`End access of ${name}`}>
        <Icon name="lock" size={16} /> End access
      </Button>
      <ConfirmDialog
        open={asking}
        title={`End the access of ${name}?`}
        text="It ends at once, also for a conversation that is open now. What was seen before cannot be unseen."
        yes="End access"
        busy={busy}
        problem={problem}
        onYes={() => void revoke()}
        onClose={() => setAsking(false)}
      />
    </>
  );
}
