import { type KeyboardEvent, type ReactNode, useEffect, useRef, useState } from "react";
import uPlot from "uplot";
import { useMedia } from "../ui/use-media";
import { type Drawing, breaks, heightOf, momentOf, pointWords } from "./drawing";
import { ALARM_TOP, colour, painters } from "./paint";
import { type Period, chosen } from "./period";

const HEIGHT = 280;
/** How near to an alarm's mark a press has to be (CSS pixels). */
const NEAR = 14;

interface Props {
  drawing: Drawing;
  label: string;
  /** A stretch was drawn over with the pointer. */
  onPeriod?: (period: Period) => void;
  /** Nearer (true) or farther away, around a moment. */
  onZoom?: (nearer: boolean, around: number) => void;
  onAlarm?: (id: string) => void;
}

/** A chart over time. With the keyboard its values are gone through like those of a slider, and read out. */
export function Plot(props: Props): ReactNode {
  const { drawing, label, onZoom } = props;
  const box = useRef<HTMLDivElement>(null);
  const plot = useRef<uPlot>(undefined);
  const latest = useRef(props);
  latest.current = props;
  const dark = useMedia("(prefers-color-scheme: dark)");
  const [at, setAt] = useState<number>();
  const { points } = drawing;
  const current = Math.min(at ?? points.length - 1, points.length - 1);

  useEffect(() => {
    const element = box.current;
    if (!element) return;
    const made = new uPlot(options(drawing, element.clientWidth, latest), dataOf(drawing), element);
    plot.current = made;
    const observer = new ResizeObserver(() => made.setSize({ width: element.clientWidth, height: HEIGHT }));
    observer.observe(element);
    return () => {
      observer.disconnect();
      made.destroy();
    };
  }, [drawing, dark]);

  const show = (index: number): void => {
    const point = points[index];
    if (!point || !plot.current) return;
    setAt(index);
    plot.current.setCursor({ left: plot.current.valToPos(momentOf(point) / 1000, "x"), top: 0 });
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    const steps: Record<string, number> = { ArrowLeft: current - 1, ArrowDown: current - 1, ArrowRight: current + 1, ArrowUp: current + 1, Home: 0, End: points.length - 1 };
    const to = steps[event.key];
    const point = points[current];
    if (to !== undefined) show(Math.min(Math.max(to, 0), points.length - 1));
    else if (onZoom && ["+", "=", "-"].includes(event.key)) onZoom(event.key !== "-", point ? momentOf(point) : (drawing.since + drawing.until) / 2);
    else return;
    event.preventDefault();
  };
  const shown = points[current];
  return (
    <div
      ref={box}
      role="slider"
      tabIndex={0}
      aria-label={label}
      aria-valuemin={0}
      aria-valuemax={Math.max(points.length - 1, 0)}
      aria-valuenow={Math.max(current, 0)}
      aria-valuetext={shown ? pointWords(shown, drawing) : "No values"}
      data-testid="chart"
      onKeyDown={onKeyDown}
      onFocus={() => show(current)}
      className="w-full overflow-hidden rounded-lg -outline-offset-2"
    />
  );
}

/** The line is only for moments; a hole in the data is a hole in the line. */
function dataOf({ points, kind }: Drawing): uPlot.AlignedData {
  const x: number[] = [];
  const y: (number | null)[] = [];
  const broken = breaks(points);
  points.forEach((point, index) => {
    x.push(momentOf(point) / 1000);
    y.push(point.value);
    const next = points[index + 1];
    if (!broken[index] || !next) return;
    x.push((momentOf(point) + momentOf(next)) / 2000);
    y.push(null);
  });
  return kind === "instant" ? [x, y] : [x, y.map(() => null)];
}

function options(drawing: Drawing, width: number, latest: { current: Props }): uPlot.Options {
  const axis = { stroke: colour("--muted"), font: "12px system-ui, sans-serif", ticks: { show: false } };
  const { beneath, above } = painters(drawing);
  const zooms = latest.current.onPeriod !== undefined;
  return {
    width,
    height: HEIGHT,
    padding: [12, 16, 0, 0],
    legend: { show: false },
    cursor: { y: false, drag: { x: zooms, y: false, setScale: false, dist: 8 }, points: { show: false } },
    scales: { x: { range: () => widened(drawing) }, y: { range: () => heightOf(drawing) } },
    axes: [
      { ...axis, grid: { show: false }, space: 70, size: 32, values: (_, ticks) => ticks.map(tickWords(drawing)) },
      { ...axis, size: 58, grid: { stroke: colour("--line"), width: 1 } },
    ],
    series: [{}, { stroke: colour("--accent"), width: 1.75, points: { show: false } }],
    hooks: {
      drawClear: [beneath],
      draw: [above],
      setCursor: [tooltip(drawing)],
      setSelect: [(plot) => select(plot, latest.current)],
      ready: [(plot) => plot.over.addEventListener("click", () => press(plot, latest.current))],
    },
  };
}

/** Room at the sides, so that nothing lies on the edge (a share of the period). */
const SIDE = 0.015;

function widened({ since, until }: Period): [number, number] {
  const room = (until - since) * SIDE;
  return [(since - room) / 1000, (until + room) / 1000];
}

function select(plot: uPlot, { onPeriod }: Props): void {
  const { left, width } = plot.select;
  if (width <= 0) return;
  const [from, to] = [plot.posToVal(left, "x") * 1000, plot.posToVal(left + width, "x") * 1000];
  plot.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false);
  onPeriod?.(chosen(from, to));
}

function press(plot: uPlot, { drawing, onAlarm }: Props): void {
  const { left = -1, top = -1 } = plot.cursor;
  if (top > ALARM_TOP + NEAR) return;
  const near = drawing.alarms.find(({ at }) => Math.abs(plot.valToPos(Date.parse(at) / 1000, "x") - left) <= NEAR);
  if (near) onAlarm?.(near.id);
}

const DAY = 86_400_000;

function tickWords({ since, until }: Period): (seconds: number) => string {
  const days = (until - since) / DAY;
  const shape: Intl.DateTimeFormatOptions =
    days > 150 ? { month: "short", year: "2-digit" } : days > 2.5 ? { day: "numeric", month: "short" } : { hour: "numeric", minute: "2-digit" };
  const format = new Intl.DateTimeFormat(navigator.language, shape);
  return (seconds) => format.format(new Date(seconds * 1000));
}

const TIP = "pointer-events-none absolute z-10 max-w-full rounded-lg bg-ink px-2.5 py-1 text-sm text-paper";

/** The point nearest to the cursor, in words. */
function tooltip(drawing: Drawing): (plot: uPlot) => void {
  const tip = document.createElement("div");
  tip.className = TIP;
  const moments = drawing.points.map(momentOf);
  return (plot) => {
    const left = plot.cursor.left ?? -1;
    const point = left < 0 ? undefined : drawing.points[nearest(moments, plot.posToVal(left, "x") * 1000)];
    if (!tip.parentElement) plot.over.append(tip);
    tip.hidden = !point;
    if (!point) return;
    tip.textContent = pointWords(point, drawing);
    const x = plot.valToPos(momentOf(point) / 1000, "x");
    tip.style.left = `${Math.min(Math.max(x - tip.offsetWidth / 2, 0), plot.over.clientWidth - tip.offsetWidth)}px`;
    tip.style.top = `${Math.max(plot.valToPos(point.value, "y") - tip.offsetHeight - 12, 0)}px`;
  };
}

function nearest(moments: number[], moment: number): number {
  let best = 0;
  moments.forEach((each, index) => {
    if (Math.abs(each - moment) < Math.abs(moments[best]! - moment)) best = index;
  });
  return best;
}
