import { type ReactNode, useEffect, useState } from "react";
import { useWhose } from "../record/whose";
import { navigate } from "../router";
import { useAccount } from "../session/session";
import { Button } from "../ui/button";
import { Sheet } from "../ui/dialog";
import { Icon } from "../ui/icons";
import { Loading, ProblemNotice } from "../ui/notice";
import { PageTitle, Side } from "../ui/shell";
import { useWide } from "../ui/use-media";
import { Announcer } from "./announcer";
import { Composer } from "./composer";
import { ConfirmationCard } from "./confirmation";
import { useConversation } from "./conversations";
import { MessageView } from "./message";
import { COLUMN, LAST, Scroller, focusConversation } from "./scroller";
import { OF_A_PATIENT, OWN } from "./suggestions";
import { ThreadList } from "./thread-list";

/** The conversation with its threads; `threadId` is absent for one that has not begun. */
export function ChatPage({ threadId }: { threadId: string | undefined }): ReactNode {
  const { base, patientId } = useWhose();
  const [conversation, state] = useConversation(threadId);
  const wide = useWide();
  const ask = (text: string): void => {
    void conversation.ask(text);
    focusConversation();
  };

  // The server names a new thread with its first answer: from then on the address names it too.
  useEffect(() => {
    if (!threadId && state.threadId) navigate(`${base}/chat/${state.threadId}`, true);
  }, [base, threadId, state.threadId]);

  const pending = state.confirmation && !state.busy && (
    <ConfirmationCard
      key={state.confirmation.id}
      confirmation={state.confirmation}
      said={state.messages.at(-1)?.content ?? ""}
      onDecide={(approved) => {
        focusConversation();
        void conversation.decide(approved);
      }}
    />
  );
  return (
    <div className="flex h-full flex-col">
      <PageTitle hidden>Chat</PageTitle>
      {wide ? (
        <Side>
          <ThreadList current={threadId} />
        </Side>
      ) : (
        <PhoneThreads current={threadId} />
      )}
      <Scroller messages={state.messages} confirmation={pending ? state.confirmation?.id : undefined}>
        {state.loading && <Loading label="Opening the conversation" />}
        <ProblemNotice problem={state.problem} onRetry={state.threadId && state.problem?.status !== 403 ? () => void conversation.load() : undefined} />
        {!state.loading && state.messages.length === 0 && !state.problem && <Welcome onAsk={ask} ofPatient={Boolean(patientId)} />}
        {state.messages.map((message, index) => {
          const last = index === state.messages.length - 1;
          return (
            <div key={message.key} data-role={message.role} className={last ? LAST : ""}>
              <MessageView message={message} onRetry={last && conversation.canRetry ? () => void conversation.retry() : undefined} />
              {last && pending}
            </div>
          );
        })}
        {state.messages.length === 0 && pending}
      </Scroller>
      <Announcer last={state.messages.at(-1)} confirmation={state.confirmation?.title} />
      <div className={`${COLUMN} pb-3 pt-1`}>
        <Composer
          key={conversation.key}
          busy={state.busy}
          placeholder={patientId ? "Ask about this record" : "Ask about your health"}
          onSend={(text) => void conversation.ask(text)}
          onStop={() => conversation.stop()}
        />
        <p className="mt-2 text-center text-xs text-muted">
          VitaSense informs; it does not replace a doctor. In an emergency call your local emergency number.
        </p>
      </div>
    </div>
  );
}

function Welcome({ onAsk, ofPatient }: { onAsk: (text: string) => void; ofPatient: boolean }): ReactNode {
  const account = useAccount();
  const greeting = ofPatient ? "What would you like to know about this record?" : `Hello ${account.name.split(" ")[0]}.`;
  return (
    <div className="my-auto space-y-7 py-4">
      <div className="space-y-2">
        <h2 className="title text-3xl wide:text-4xl">{greeting}</h2>
        <p className="text-lg text-muted">
          {ofPatient
            ? "Answers come only from what was shared with you."
            : "Ask about your health in your own words. Every answer shows what it rests on."}
        </p>
      </div>
      <ul aria-label="Suggestions" className="grid gap-2.5 wide:grid-cols-2">
        {(ofPatient ? OF_A_PATIENT : OWN).map((question) => (
          <li key={question}>
            <button
              type="button"
              onClick={() => onAsk(question)}
              className="card h-full w-full px-4.5 py-3.5 text-left transition-colors hover:border-accent hover:bg-accent-soft"
            >
              {question}
            </button>
          </li>
        ))}
      </ul>
    </div>
  );
}

function PhoneThreads({ current }: { current: string | undefined }): ReactNode {
  const [open, setOpen] = useState(false);
  return (
    <div className="border-b border-line px-3 py-1">
      <Button small look="quiet" onClick={() => setOpen(true)}>
        <Icon name="menu" size={18} /> Conversations
      </Button>
      <Sheet open={open} onClose={() => setOpen(false)} title="Conversations">
        <ThreadList current={current} onPick={() => setOpen(false)} />
      </Sheet>
    </div>
  );
}
