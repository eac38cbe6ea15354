import uPlot from 'uplot';
import { aligned } from './align';
import { ticksAlong } from './along';
import type { Line } from './axis';
import type { Drawing } from './drawing';
import { apart, marksOf, outline } from './marks';
import { linear, type Tick } from './scale';
import type { Inks } from './theme';

// The same picture as `chart_svg` in Python: the output keeps its height when the run ends.
const SHAPE = 170 / 360;
const LEFT = 52;
const BOTTOM = 22;
const LABEL_PX = 10;
const MARK_PX = 3;
const MANY_POINTS = 40;
const FAINT = '48';

export interface PlotEvents {
  /** The part of the axis that is shown. */
  range: () => [number, number];
  /** A word for the axis. */
  label: () => string;
  ink: () => Inks;
  select: (low: number, high: number) => void;
  point: (x: number | null) => void;
}

export function heightFor(width: number): number {
  return Math.round(width * SHAPE);
}

/** The canvas of a chart. */
export class Plot {
  readonly plot: uPlot;

  constructor(
    private drawing: Drawing,
    width: number,
    parent: HTMLElement,
    private readonly events: PlotEvents
  ) {
    this.plot = new uPlot(this.options(width), this.data(), parent);
  }

  /** Whether a drawing has other curves than this plot was made for. */
  fits(drawing: Drawing): boolean {
    return (
      drawing.smooth === this.drawing.smooth &&
      drawing.lines.length === this.drawing.lines.length
    );
  }

  show(drawing: Drawing, width: number): void {
    this.drawing = drawing;
    if (this.plot.width !== width) {
      this.plot.setSize({ width, height: heightFor(width) });
    }
    this.plot.setData(this.data());
  }

  repaint(): void {
    this.plot.redraw(false, true);
  }

  /** Puts the cross hair at `x`, or takes it away, without telling anyone. */
  follow(x: number | null): void {
    this.silent = true;
    const left = x === null ? -10 : this.plot.valToPos(x, 'x');
    const inside = left >= 0 && left <= this.plot.over.clientWidth;
    this.plot.setCursor({ left: inside ? left : -10, top: inside ? 1 : -10 });
    this.silent = false;
  }

  dispose(): void {
    this.plot.destroy();
  }

  private options(width: number): uPlot.Options {
    const { lines, smooth } = this.drawing;
    const curve = (k: number, faint: boolean): uPlot.Series => ({
      stroke: () => this.colour(k) + (faint ? FAINT : ''),
      width: faint ? 1 : 1.6,
      pxAlign: 0,
      points: faint
        ? { show: false }
        : {
            show: true,
            size: 4.4,
            fill: () => this.colour(k),
            filter: lonePoints
          }
    });
    return {
      width,
      height: heightFor(width),
      // On the right, half of the last tick's label.
      padding: [6, 18, 0, 0],
      legend: { show: false },
      cursor: {
        y: false,
        drag: { x: true, y: false, setScale: false, dist: 4 },
        points: { size: 7, fill: (_plot, i) => this.colour(this.curveOf(i)) },
        bind: { dblclick: () => () => null }
      },
      scales: {
        x: { time: false, range: () => this.events.range() },
        y: { range: (_plot, low, high) => this.upRange(low, high) }
      },
      axes: this.axes(),
      series: [
        {},
        ...(smooth ? lines.map((_, k) => curve(k, true)) : []),
        ...lines.map((_, k) => curve(k, false))
      ],
      hooks: {
        setCursor: [plot => this.tell(plot)],
        setSelect: [plot => this.select(plot)],
        drawAxes: [plot => this.drawBase(plot)],
        draw: [plot => this.drawMarks(plot)]
      }
    };
  }

  private axes(): uPlot.Axis[] {
    const common: uPlot.Axis = {
      stroke: () => this.events.ink().text,
      font: this.events.ink().font,
      ticks: { show: false }
    };
    const along = (plot: uPlot) => {
      const { min = 0, max = 1 } = plot.scales['x'] ?? {};
      return ticksAlong(this.drawing.axis, min ?? 0, max ?? 1, plot.width);
    };
    const up = (plot: uPlot) => {
      const { min = 0, max = 1 } = plot.scales['y'] ?? {};
      return this.drawing.scale.ticks(min ?? 0, max ?? 1);
    };
    const at = (ticks: Tick[]) => ticks.map(tick => tick.at);
    const text = (ticks: Tick[]) => ticks.map(tick => tick.text);
    return [
      {
        ...common,
        size: BOTTOM,
        gap: 4,
        grid: { show: false },
        splits: plot => at(along(plot)),
        values: plot => text(along(plot))
      },
      {
        ...common,
        size: LEFT,
        gap: 6,
        grid: { stroke: () => this.events.ink().line, width: 1 },
        splits: plot => at(up(plot)),
        values: plot => text(up(plot))
      }
    ];
  }

  private data(): uPlot.AlignedData {
    const { lines, scale, smooth } = this.drawing;
    const scaled = (line: Line): Line =>
      scale === linear ? line : { x: line.x, y: line.y.map(scale.up) };
    return aligned([
      ...(smooth ? lines.map(line => scaled(line.raw)) : []),
      ...lines.map(line => scaled(line.shown))
    ]) as uPlot.AlignedData;
  }

  private upRange(low: number | null, high: number | null): [number, number] {
    const { scale } = this.drawing;
    return low === null || high === null || !Number.isFinite(high - low)
      ? scale.range(0, 1)
      : scale.range(low, high);
  }

  private curveOf(series: number): number {
    return (series - 1) % this.drawing.lines.length;
  }

  private colour(k: number): string {
    return this.drawing.lines[k]?.colour ?? this.events.ink().text;
  }

  private tell(plot: uPlot): void {
    // New data moves every cross hair: only the one under the pointer says something.
    if (this.silent || !plot.over.matches(':hover')) {
      return;
    }
    const { idx } = plot.cursor;
    const x = typeof idx === 'number' ? plot.data[0][idx] : undefined;
    this.events.point(x ?? null);
  }

  private select(plot: uPlot): void {
    const { left, width } = plot.select;
    if (width > 0) {
      const low = plot.posToVal(left, 'x');
      const high = plot.posToVal(left + width, 'x');
      plot.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false);
      this.events.select(low, high);
    }
  }

  /** The line under the curve, and in the corner, where no tick comes, what the axis shows. */
  private drawBase(plot: uPlot): void {
    const { ctx } = plot;
    const { left, top, width, height } = plot.bbox;
    const ratio = uPlot.pxRatio;
    const ink = this.events.ink();
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
    ctx.fillText(this.events.label(), 0, top + height + 5 * ratio);
    ctx.restore();
  }

  /** Signs where a curve has a gap because its value has no place on the axis. */
  private drawMarks(plot: uPlot): void {
    const { ctx, bbox } = plot;
    const ratio = uPlot.pxRatio;
    const [low, high] = this.events.range();
    ctx.save();
    ctx.lineWidth = 1.4 * ratio;
    this.drawing.lines.forEach((line, k) => {
      ctx.strokeStyle = ctx.fillStyle = this.colour(k);
      const marks = marksOf(line.raw, this.drawing.scale, low, high);
      const size = MARK_PX * ratio;
      const place = (x: number) => plot.valToPos(x, 'x', true);
      for (const { at, sign } of apart(marks, place, 2 * size)) {
        const bottom = bbox.top + bbox.height;
        const shape = outline(sign, at, bbox.top, bottom, size);
        ctx.beginPath();
        shape.lines.forEach(points =>
          points.forEach(([px, py], i) =>
            i ? ctx.lineTo(px, py) : ctx.moveTo(px, py)
          )
        );
        ctx.stroke();
        if (shape.filled) {
          ctx.fill();
        }
      }
    });
    ctx.restore();
  }

  private silent = false;
}

/** Points that no line shows: few of them, or one between two gaps. */
function lonePoints(plot: uPlot, index: number): number[] {
  const y = plot.data[index] ?? [];
  const shown: number[] = [];
  const few =
    y.length <= MANY_POINTS ||
    y.filter(value => value !== undefined).length <= MANY_POINTS;
  let before: number | null = null;
  let last = -1;
  let alone = false;
  for (let i = 0; i <= y.length; i++) {
    const value = i < y.length ? y[i] : null;
    if (value === undefined) {
      continue;
    }
    if (few && value !== null) {
      shown.push(i);
    } else if (value === null && alone) {
      shown.push(last);
    }
    alone = value !== null && before === null;
    before = value;
    last = i;
  }
  return shown;
}
