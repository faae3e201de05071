import type { ReactNode } from "react";
import { useWhose } from "../record/whose";
import { href } from "../router";
import { useApi } from "../session/session";
import { Icon } from "../ui/icons";
import { useLoad } from "../ui/use-load";
import { Unevaluated } from "./unevaluated";

/** That no alarm stands open says something only when somebody looks. */
export function NoAlarms(): ReactNode {
  const api = useApi();
  const { patientId } = useWhose();
  const { data } = useLoad(
    async (signal) => (patientId ? null : (await api.get<{ allowed: boolean }>("/v1/tracking/monitoring", signal)).allowed),
    `${patientId}`,
  );
  if (data === false) {
    return (
      <>
        <Unevaluated what="New readings" reason="Monitoring is switched off, so nobody looks at them and no alarm can be raised." />
        <a href={href("/health/monitoring")} className="inline-flex min-h-9 items-center font-medium text-accent underline underline-offset-3">
          Switch it on under Monitoring
        </a>
      </>
    );
  }
  return (
    <p className="card flex items-center gap-3 p-5">
      <span className="text-accent">
        <Icon name="check" />
      </span>
      {patientId ? "No open alarms that you may see. The patient may have switched monitoring off." : "No open alarms. Only what was measured can raise one."}
    </p>
  );
}
