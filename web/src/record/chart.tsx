import { type ReactNode, useEffect, useRef } from "react";
import uPlot from "uplot";
import type { Series } from "../api/types";
import { formatDate, formatQuantity } from "../ui/format";
import { useMedia } from "../ui/use-media";
import { sideOf } from "./series";

/** Room beside the highest and lowest value, as a share of their distance. */
const MARGIN = 0.15;
const HEIGHT = 260;

/** A line of the values over time with the reference range as a band. The caller gives the same as a table. */
export function Chart({ series, label }: { series: Series; label: string }): ReactNode {
  const box = useRef<HTMLDivElement>(null);
  const dark = useMedia("(prefers-color-scheme: dark)");
  useEffect(() => {
    const element = box.current;
    if (!element) return;
    const plot = new uPlot(options(series, element.clientWidth), dataOf(series), element);
    const observer = new ResizeObserver(() => plot.setSize({ width: element.clientWidth, height: HEIGHT }));
    observer.observe(element);
    return () => {
      observer.disconnect();
      plot.destroy();
    };
  }, [series, dark]);
  return <div ref={box} role="img" aria-label={label} data-testid="chart" className="w-full overflow-hidden" />;
}

const dataOf = ({ points }: Series): uPlot.AlignedData => [
  points.map((point) => Date.parse(point.at) / 1000),
  points.map((point) => point.value),
];

const colour = (name: string): string => getComputedStyle(document.documentElement).getPropertyValue(name).trim();

function options(series: Series, width: number): uPlot.Options {
  const axis = { stroke: colour("--muted"), font: "12px system-ui, sans-serif", ticks: { show: false } };
  return {
    width,
    height: HEIGHT,
    padding: [12, 16, 0, 0],
    legend: { show: false },
    cursor: { y: false, drag: { x: false, y: false }, points: { size: 10 } },
    scales: { x: { range: (_, low, high) => around(low, high, 86_400) }, y: { range: (_, low, high) => heightOf(series, low, high) } },
    axes: [
      { ...axis, grid: { show: false }, space: 70, size: 32, values: (_, ticks) => ticks.map(tickWords(series)) },
      { ...axis, size: 54, grid: { stroke: colour("--line"), width: 1 } },
    ],
    series: [
      {},
      {
        stroke: colour("--accent"),
        width: 2,
        points: { show: true, size: 7, width: 2, fill: colour("--surface") },
      },
    ],
    hooks: { drawClear: [drawBand(series)], draw: [markOutside(series)], setCursor: [tooltip(series)] },
  };
}

function around(low: number, high: number, least: number): [number, number] {
  const room = Math.max((high - low) * 0.03, least);
  return [low - room, high + room];
}

/** The values and the near ends of the range, with some room. */
function heightOf({ range }: Series, low: number, high: number): [number, number] {
  const bottom = Math.min(low, range?.low ?? low);
  const top = Math.max(high, range?.high ?? high);
  const room = (top - bottom || Math.abs(top) || 1) * MARGIN;
  const floor = bottom - room;
  return [bottom >= 0 && floor < 0 ? 0 : floor, top + room];
}

function tickWords({ points }: Series): (seconds: number) => string {
  const [first, last] = [points[0], points.at(-1)];
  const days = first && last ? (Date.parse(last.at) - Date.parse(first.at)) / 86_400_000 : 0;
  const shape: Intl.DateTimeFormatOptions = days > 150 ? { month: "short", year: "2-digit" } : { day: "numeric", month: "short" };
  const format = new Intl.DateTimeFormat(navigator.language, shape);
  return (seconds) => format.format(new Date(seconds * 1000));
}

const drawBand =
  ({ range }: Series) =>
  (plot: uPlot): void => {
    if (!range || (range.low === null && range.high === null)) return;
    const { ctx, bbox } = plot;
    const clamp = (y: number): number => Math.min(Math.max(y, bbox.top), bbox.top + bbox.height);
    const top = range.high === null ? bbox.top : clamp(plot.valToPos(range.high, "y", true));
    const bottom = range.low === null ? bbox.top + bbox.height : clamp(plot.valToPos(range.low, "y", true));
    ctx.save();
    ctx.fillStyle = colour("--accent-soft");
    ctx.fillRect(bbox.left, top, bbox.width, bottom - top);
    ctx.restore();
  };

/** Values outside the range are diamonds, so that they differ by shape and not by colour alone. */
const markOutside =
  ({ points, range }: Series) =>
  (plot: uPlot): void => {
    const { ctx } = plot;
    const size = 6 * devicePixelRatio;
    ctx.save();
    ctx.fillStyle = colour("--danger");
    for (const { at, value } of points) {
      if (!["low", "high"].includes(sideOf(value, range))) continue;
      const [x, y] = [plot.valToPos(Date.parse(at) / 1000, "x", true), plot.valToPos(value, "y", true)];
      ctx.beginPath();
      ctx.moveTo(x, y - size);
      ctx.lineTo(x + size, y);
      ctx.lineTo(x, y + size);
      ctx.lineTo(x - size, y);
      ctx.fill();
    }
    ctx.restore();
  };

const TIP = "pointer-events-none absolute z-10 whitespace-nowrap rounded-lg bg-ink px-2.5 py-1 text-sm text-paper";

/** The value under the pointer. */
function tooltip(series: Series): (plot: uPlot) => void {
  const tip = document.createElement("div");
  tip.className = TIP;
  return (plot) => {
    const point = series.points[plot.cursor.idx ?? -1];
    if (!tip.parentElement) plot.over.append(tip);
    tip.hidden = !point || (plot.cursor.left ?? -1) < 0;
    if (!point) return;
    tip.textContent = `${formatQuantity(point.value, series.unit)} · ${formatDate(point.at)}`;
    const x = plot.valToPos(Date.parse(point.at) / 1000, "x");
    tip.style.left = `${Math.min(Math.max(x - tip.offsetWidth / 2, 0), plot.over.clientWidth - tip.offsetWidth)}px`;
    tip.style.top = `${Math.max(plot.valToPos(point.value, "y") - 42, 0)}px`;
  };
}
