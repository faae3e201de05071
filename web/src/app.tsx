import { type ReactNode, useEffect } from "react";
import { AccountsPage } from "./admin/page";
import { ConversationsProvider } from "./chat/conversations";
import { ChatPage } from "./chat/page";
import { MemoryPage } from "./memory/page";
import { PatientBar } from "./providers/patient-bar";
import { PatientsPage } from "./providers/page";
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
      <Shell items={[{ to: "/accounts", label: "Accounts", icon: "people", testId: "nav-accounts" }]} current="/accounts">
        <AccountsPage />
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
  const items: NavItem[] = [
    { to: "/chat", label: "Chat", icon: "chat", testId: "nav-chat" },
    { to: "/record", label: "Record", icon: "record", testId: "nav-record" },
    { to: "/memory", label: "Memory", icon: "memory", testId: "nav-memory" },
    { to: "/sharing", label: "Sharing", icon: "people", testId: "nav-sharing" },
  ];
  return (
    <RecordOf value={{ base: "" }}>
      <ConversationsProvider>
        <Shell items={items} current={`/${parts[0] ?? "chat"}`}>
          <Own parts={parts} />
        </Shell>
      </ConversationsProvider>
    </RecordOf>
  );
}

const PATIENTS: NavItem = { to: "/patients", label: "Patients", icon: "people", testId: "nav-patients" };

function ProviderWithPatient({ patientId, rest }: { patientId: string; rest: string[] }): ReactNode {
  const base = `/patients/${encodeURIComponent(patientId)}`;
  const items: NavItem[] = [
    PATIENTS,
    { to: `${base}/chat`, label: "Chat", icon: "chat", testId: "nav-chat" },
    { to: `${base}/record`, label: "Record", icon: "record", testId: "nav-record" },
  ];
  return (
    <RecordOf value={{ base, patientId }}>
      <ConversationsProvider>
        <Shell items={items} current={`${base}/${rest[0] ?? "chat"}`} banner={<PatientBar />}>
          <Room parts={rest} />
        </Shell>
      </ConversationsProvider>
    </RecordOf>
  );
}

/** What only the person has, then what every reader of the record has. */
function Own({ parts }: { parts: string[] }): ReactNode {
  if (parts[0] === "sharing") return <SharingPage part={parts[1]} />;
  if (parts[0] === "memory") return <MemoryPage part={parts[1]} />;
  return <Room parts={parts} />;
}

/** Chat or record, of one patient. */
function Room({ parts }: { parts: string[] }): ReactNode {
  if (parts[0] === "record") return <RecordPage part={parts[1]} />;
  if (parts[0] === "chat" || parts.length === 0) return <ChatPage threadId={parts[1]} />;
  return <Astray />;
}

function Astray(): ReactNode {
  useEffect(() => navigate("/", true), []);
  return null;
}
