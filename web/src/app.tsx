import { type ReactNode, useEffect } from "react";
import { AccountsPage } from "./admin/page";
import { ReviewPage } from "./admin/review";
import { ConversationsProvider } from "./chat/conversations";
import { ChatPage } from "./chat/page";
import { DevicesPage } from "./devices/page";
import { AlarmNotices, LiveAlarms, useCalling } from "./health/live";
import { HealthPage } from "./health/page";
import { MedicinesPage } from "./medicines/page";
import { MemoryPage } from "./memory/page";
import { PatientBar } from "./providers/patient-bar";
import { PatientsPage } from "./providers/page";
import { ProviderRights } from "./providers/rights";
import { RecordPage } from "./record/page";
import { navigate, useRoute } from "./router";
import { LogIn } from "./session/login";
import { ForgotPassword, ResetPassword } from "./session/password";
import { Register } from "./session/register";
import { useAccount, useSession } from "./session/session";
import { Verify } from "./session/verify";
import { SharingPage } from "./sharing/page";
import { Loading, ProblemNotice } from "./ui/notice";
import { type NavItem, Shell } from "./ui/shell";
import { Toasts } from "./ui/toast";
import { RecordOf } from "./record/whose";

export function App(): ReactNode {
  const { state, reopen } = useSession();
  const { parts, query } = useRoute();
  const token = query.get("token") ?? "";
  if (parts[0] === "verify" && token) return <Verify token={token} />;
  if (parts[0] === "reset" && token) return <ResetPassword token={token} />;
  if (state.at === "opening") return <Centred>{<Loading label="Opening VitaSense" />}</Centred>;
  if (state.at === "unreachable") {
    return (
      <Centred>
        <ProblemNotice problem={state.problem} onRetry={reopen} />
      </Centred>
    );
  }
  if (state.at === "out") {
    if (parts[0] === "register") return <Register />;
    if (parts[0] === "forgot") return <ForgotPassword />;
    return <LogIn />;
  }
  return (
    <Toasts>
      <Signed key={state.account.id} />
    </Toasts>
  );
}

const Centred = ({ children }: { children: ReactNode }): ReactNode => (
  <main className="mx-auto flex min-h-dvh max-w-md flex-col justify-center px-5">
    <h1 className="sr-only">VitaSense</h1>
    {children}
  </main>
);

function Signed(): ReactNode {
  const { role } = useAccount();
  const { parts } = useRoute();
  if (role === "admin") {
    return (
      <Shell items={ADMIN} current={parts[0] === "knowledge" ? "/knowledge" : "/accounts"}>
        {parts[0] === "knowledge" ? <ReviewPage part={parts[1]} /> : <AccountsPage />}
      </Shell>
    );
  }
  if (role === "provider") {
    const patientId = parts[0] === "patients" ? parts[1] : undefined;
    if (patientId) return <ProviderWithPatient key={patientId} patientId={patientId} rest={parts.slice(2)} />;
    return (
      <Shell items={[PATIENTS]} current="/patients">
        <PatientsPage />
      </Shell>
    );
  }
  return (
    <RecordOf value={{ base: "" }}>
      <LiveAlarms>
        <ConversationsProvider>
          <OwnShell parts={parts} />
        </ConversationsProvider>
      </LiveAlarms>
    </RecordOf>
  );
}

function OwnShell({ parts }: { parts: string[] }): ReactNode {
  const badge = useCalling();
  const items: NavItem[] = [
    { to: "/chat", label: "Chat", icon: "chat", testId: "nav-chat" },
    { to: "/health", label: "Health", icon: "health", testId: "nav-health", badge },
    { to: "/medicines", label: "Medicines", icon: "pill", testId: "nav-medicines" },
    { to: "/record", label: "Record", icon: "record", testId: "nav-record" },
    { to: "/devices", label: "Devices", icon: "device", testId: "nav-devices" },
    { to: "/memory", label: "Memory", icon: "memory", testId: "nav-memory" },
    { to: "/sharing", label: "Sharing", icon: "people", testId: "nav-sharing" },
  ];
  return (
    <Shell items={items} current={`/${parts[0] ?? "chat"}`}>
      <AlarmNotices />
      <Own parts={parts} />
    </Shell>
  );
}

const ADMIN: NavItem[] = [
  { to: "/accounts", label: "Accounts", icon: "people", testId: "nav-accounts" },
  { to: "/knowledge", label: "Knowledge", icon: "book", testId: "nav-knowledge" },
];
const PATIENTS: NavItem = { to: "/patients", label: "Patients", icon: "people", testId: "nav-patients" };

function ProviderWithPatient({ patientId, rest }: { patientId: string; rest: string[] }): ReactNode {
  const base = `/patients/${encodeURIComponent(patientId)}`;
  return (
    <RecordOf value={{ base, patientId }}>
      <ProviderRights patientId={patientId}>
        <LiveAlarms>
          <ConversationsProvider>
            <PatientShell base={base} rest={rest} />
          </ConversationsProvider>
        </LiveAlarms>
      </ProviderRights>
    </RecordOf>
  );
}

function PatientShell({ base, rest }: { base: string; rest: string[] }): ReactNode {
  const badge = useCalling();
  const items: NavItem[] = [
    PATIENTS,
    { to: `${base}/chat`, label: "Chat", icon: "chat", testId: "nav-chat" },
    { to: `${base}/health`, label: "Health", icon: "health", testId: "nav-health", badge },
    { to: `${base}/medicines`, label: "Medicines", icon: "pill", testId: "nav-medicines" },
    { to: `${base}/record`, label: "Record", icon: "record", testId: "nav-record" },
    { to: `${base}/devices`, label: "Devices", icon: "device", testId: "nav-devices" },
  ];
  return (
    <Shell items={items} current={`${base}/${rest[0] ?? "chat"}`} banner={<PatientBar />}>
      <AlarmNotices />
      <Room parts={rest} />
    </Shell>
  );
}

/** What only the person has, then what every reader of the record has. */
function Own({ parts }: { parts: string[] }): ReactNode {
  if (parts[0] === "sharing") return <SharingPage part={parts[1]} />;
  if (parts[0] === "memory") return <MemoryPage part={parts[1]} />;
  return <Room parts={parts} />;
}

/** Chat, health, medicines, devices or record, of one patient. */
function Room({ parts }: { parts: string[] }): ReactNode {
  if (parts[0] === "health") return <HealthPage part={parts[1]} />;
  if (parts[0] === "medicines") return <MedicinesPage part={parts[1]} />;
  if (parts[0] === "devices") return <DevicesPage part={parts[1]} />;
  if (parts[0] === "record") return <RecordPage part={parts[1]} />;
  if (parts[0] === "chat" || parts.length === 0) return <ChatPage threadId={parts[1]} />;
  return <Astray />;
}

function Astray(): ReactNode {
  useEffect(() => navigate("/", true), []);
  return null;
}
