import uPlot from 'uplot';
import type { Inks } from './theme';
import { tickText } from './text';
import { spacing, ticks, widened } from './ticks';

const LEFT = 52;
const BOTTOM = 22;
const LABEL_PX = 10;
const MOST_ALONG = 7;
const MOST_UP = 5;

/** What is needed to draw axes like those of the static chart. */
export interface AxisLook {
  ink: () => Inks;
  /** What the horizontal axis shows, in a word. */
  label: () => string;
}

export function axesFor(look: AxisLook): uPlot.Axis[] {
  const common: uPlot.Axis = {
    stroke: () => look.ink().text,
    font: look.ink().font,
    ticks: { show: false }
  };
  return [
    {
      ...common,
      size: BOTTOM,
      gap: 4,
      grid: { show: false },
      splits: (_plot, _axis, low, high) =>
        ticks(low, high, along(look, low, high)),
      values: (plot, splits) => {
        const gap = along(
          look,
          plot.scales['x']?.min ?? 0,
          plot.scales['x']?.max ?? 1
        );
        return splits.map(at => tickText(at, gap));
      }
    },
    {
      ...common,
      size: LEFT,
      gap: 6,
      grid: { stroke: () => look.ink().line, width: 1 },
      splits: (_plot, _axis, low, high) =>
        ticks(low, high, spacing(low, high, MOST_UP)),
      values: (plot, splits) => {
        const { min = 0, max = 1 } = plot.scales['y'] ?? {};
        const gap = spacing(min ?? 0, max ?? 1, MOST_UP);
        return splits.map(at => tickText(at, gap));
      }
    }
  ];
}

export const scales: uPlot.Scales = {
  x: {
    time: false,
    // uPlot widens the range of a single point by itself: look at the points instead.
    range: ({ data: [x] }) => widened(x[0] ?? 0, x[x.length - 1] ?? 1, 0)
  },
  y: { range: (_plot, low, high) => widened(low ?? 0, high ?? 1, 0.05) }
};

/** The line under the curve, and in the corner, where no tick comes, what the axis shows. */
export function drawBase(plot: uPlot, look: AxisLook): void {
  const { ctx } = plot;
  const { left, top, width, height } = plot.bbox;
  const ratio = uPlot.pxRatio;
  const ink = look.ink();
  ctx.save();
  ctx.strokeStyle = ink.text;
  ctx.fillStyle = ink.text;
  ctx.lineWidth = ratio;
  ctx.globalAlpha = 0.5;
  ctx.beginPath();
  ctx.moveTo(left, top + height + ratio / 2);
  ctx.lineTo(left + width, top + height + ratio / 2);
  ctx.stroke();
  ctx.globalAlpha = 1;
  ctx.font = ink.font.replace(/^[\d.]+px/, `${LABEL_PX * ratio}px`);
  ctx.textAlign = 'left';
  ctx.textBaseline = 'top';
  ctx.fillText(look.label(), 0, top + height + 5 * ratio);
  ctx.restore();
}

function along(look: AxisLook, low: number, high: number): number {
  const gap = spacing(low, high, MOST_ALONG);
  return look.label() === 'seconds' ? gap : Math.max(1, gap);
}
