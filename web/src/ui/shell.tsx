import { type ReactNode, createContext, useContext, useEffect, useRef, useState } from "react";
import { createPortal } from "react-dom";
import { href } from "../router";
import { AccountMenu } from "../session/account-menu";
import { Icon, type IconName, Mark } from "./icons";
import { useWide } from "./use-media";

export interface NavItem {
  to: string;
  label: string;
  icon: IconName;
  testId: string;
  /** How many things there wait; 0 shows nothing. */
  badge?: number;
}

const SideContext = createContext<HTMLElement | null>(null);

/** Puts its children into the side bar of a wide page, below the navigation. */
export function Side({ children }: { children: ReactNode }): ReactNode {
  const side = useContext(SideContext);
  return side && createPortal(children, side);
}

interface Props {
  items: NavItem[];
  current: string;
  banner?: ReactNode;
  children: ReactNode;
}

/** The frame of every signed-in page: side bar when wide, top and bottom bars on a phone. */
export function Shell({ items, current, banner, children }: Props): ReactNode {
  const wide = useWide();
  const [side, setSide] = useState<HTMLElement | null>(null);
  return (
    <SideContext value={side}>
      <a
        href="#main"
        onClick={(event) => {
          event.preventDefault();
          document.getElementById("main")?.focus();
        }}
        className="sr-only z-50 rounded-full bg-accent px-5 py-3 text-on-accent focus:not-sr-only focus:fixed focus:left-3 focus:top-3"
      >
        Skip to content
      </a>
      <div className="grid h-dvh grid-rows-[auto_minmax(0,1fr)_auto] wide:grid-cols-[16.5rem_minmax(0,1fr)] wide:grid-rows-[minmax(0,1fr)]">
        {wide ? (
          <header className="flex min-h-0 flex-col gap-5 border-r border-line bg-sunken/55 p-4">
            <Brand />
            <Navigation items={items} current={current} />
            <div ref={setSide} className="flex min-h-0 flex-1 flex-col" />
            <AccountMenu />
          </header>
        ) : (
          <header className="flex items-center justify-between border-b border-line px-4 py-1.5">
            <Brand />
            <AccountMenu compact />
          </header>
        )}
        <div className="flex min-h-0 min-w-0 flex-col">
          {banner}
          <main id="main" tabIndex={-1} className="relative min-h-0 flex-1 overflow-y-auto">
            {children}
          </main>
        </div>
        {!wide && <Navigation items={items} current={current} bottom />}
      </div>
    </SideContext>
  );
}

const Brand = (): ReactNode => (
  <div className="flex items-center gap-2.5 px-1 py-1">
    <Mark size={28} />
    <span className="title text-lg">VitaSense</span>
  </div>
);

function Navigation({ items, current, bottom }: { items: NavItem[]; current: string; bottom?: boolean }): ReactNode {
  return (
    <nav
      aria-label="Main"
      className={bottom ? "border-t border-line bg-surface pb-[env(safe-area-inset-bottom)]" : ""}
    >
      <ul className={bottom ? "flex justify-around" : "space-y-1"}>
        {items.map(({ to, label, icon, testId, badge = 0 }) => (
          <li key={to} className={bottom ? "flex-auto" : ""}>
            <a
              href={href(to)}
              data-testid={testId}
              aria-current={to === current ? "page" : undefined}
              className={`relative flex items-center font-medium text-muted transition-colors hover:text-ink aria-[current=page]:text-accent ${
                bottom
                  ? "min-h-14 flex-col justify-center gap-0.5 text-xs"
                  : "min-h-10 gap-3 rounded-xl px-3 hover:bg-sunken aria-[current=page]:bg-accent-soft"
              }`}
            >
              <Icon name={icon} />
              {label}
              {badge > 0 && <Badge number={badge} bottom={bottom} />}
            </a>
          </li>
        ))}
      </ul>
    </nav>
  );
}

const Badge = ({ number, bottom }: { number: number; bottom?: boolean }): ReactNode => (
  <span
    data-testid="nav-badge"
    className={`grid h-5 min-w-5 place-items-center rounded-full bg-alarm px-1.5 text-xs font-semibold text-on-alarm ${bottom ? "absolute left-1/2 top-1 ml-1" : "ml-auto"}`}
  >
    {number}
    <span className="sr-only"> waiting</span>
  </span>
);

/** The heading of a page: names the document, and takes the focus when the page is entered. */
export function PageTitle({ children, lead, hidden }: { children: string; lead?: ReactNode; hidden?: boolean }): ReactNode {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    document.title = `${children} · VitaSense`;
    if (!hidden) heading.current?.focus({ preventScroll: true });
  }, [children, hidden]);
  return (
    <div className={hidden ? "sr-only" : "mb-6"}>
      <h1 ref={heading} tabIndex={-1} className="title text-3xl">
        {children}
      </h1>
      {lead && <p className="mt-1 text-muted">{lead}</p>}
    </div>
  );
}

export const PAGE = "mx-auto w-full max-w-5xl px-4 py-6 wide:px-10 wide:py-10";
