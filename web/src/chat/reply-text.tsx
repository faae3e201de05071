import { Fragment, type ReactNode, useMemo } from "react";
import type { Finding } from "../api/types";
import { type Block, type Sentence, blocksOf } from "./match";

interface Props {
  text: string;
  findings: Finding[];
  onEvidence: (index: number) => void;
}

/** A reply as paragraphs and lists; after each sentence, buttons to what it rests on. */
export function ReplyText({ text, findings, onEvidence }: Props): ReactNode {
  const blocks = useMemo(() => blocksOf(text, findings), [text, findings]);
  const render = (block: Block): ReactNode =>
    block.sentences.map((sentence, index) => (
      <Fragment key={index}>
        {bold(sentence.text)}
        <Marks sentence={sentence} findings={findings} onEvidence={onEvidence} />
      </Fragment>
    ));
  return (
    <div className="space-y-3 break-words">
      {grouped(blocks).map((group, index) =>
        Array.isArray(group) ? (
          <ul key={index} className="list-disc space-y-1.5 pl-5 marker:text-accent">
            {group.map((block, place) => (
              <li key={place}>{render(block)}</li>
            ))}
          </ul>
        ) : (
          <p key={index} className={group.kind === "heading" ? "title pt-1 text-lg" : ""}>
            {render(group)}
          </p>
        ),
      )}
    </div>
  );
}

function Marks({ sentence, findings, onEvidence }: { sentence: Sentence } & Omit<Props, "text">): ReactNode {
  const shown = sentence.findings.filter((index) => findings[index]?.evidence.length);
  return shown.map((index) => (
    <button
      key={index}
      type="button"
      data-testid="evidence-button"
      onClick={() => onEvidence(index)}
      aria-label={`Evidence ${index + 1}: ${findings[index]?.evidence[0]?.label ?? ""}`}
      className="mx-1 inline-flex h-6 min-w-6 items-center justify-center rounded-full bg-accent-soft px-1.5 align-[0.1em] text-xs font-semibold text-accent hover:bg-accent hover:text-on-accent"
    >
      {index + 1}
    </button>
  ));
}

/** Neighbouring list items together, until a blank line; everything else alone. */
function grouped(blocks: Block[]): (Block | Block[])[] {
  return blocks.reduce<(Block | Block[])[]>((groups, block) => {
    const last = groups.at(-1);
    if (block.kind !== "item") groups.push(block);
    else if (Array.isArray(last) && !block.apart) last.push(block);
    else groups.push([block]);
    return groups;
  }, []);
}

/** **Bold** as strong; never as HTML. */
function bold(text: string): ReactNode {
  return text.split(/\*\*(.+?)\*\*/).map((part, index) => (index % 2 ? <strong key={index}>{part}</strong> : part));
}
