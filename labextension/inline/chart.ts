import uPlot from 'uplot';
import { axesFor, drawBase, scales, type AxisLook } from './axes';
import { element, setText } from './element';
import type { ChartHead, Curve } from './frame';
import { inksOf, type Inks } from './theme';
import { valueText } from './text';

// The same picture as `chart_svg` in Python: the output keeps its height when the run ends.
const SHAPE = 170 / 360;
const MANY_POINTS = 40;

/** One metric: its name and last value above a curve. */
export class Chart {
  readonly node = element('div', 'chart');

  constructor() {
    this.plotted.setAttribute('role', 'img');
    const caption = element('div', 'caption');
    caption.append(this.name, this.value);
    this.node.append(caption, this.plotted);
  }

  /** Draws a metric `width` pixels wide; cheap where nothing changed. */
  show(head: ChartHead, curve: Curve, width: number): void {
    if (width <= 0) {
      return;
    }
    // A change replaces the heads of the charts that it changes, and only those.
    const unchanged = head === this.head;
    this.head = head;
    this.label();
    this.plot ??= this.create(width);
    if (this.plot.width !== width) {
      this.plot.setSize({ width, height: heightFor(width) });
    }
    if (!unchanged) {
      this.plot.setData([curve.x as unknown as number[], gapped(curve.y)]);
    }
  }

  /** Draws again in the colours of the theme. */
  repaint(): void {
    this.inks = null;
    this.plot?.redraw(false, true);
  }

  dispose(): void {
    this.plot?.destroy();
  }

  private label(): void {
    const { name = '', last = '', points = 0, axis = '' } = this.head ?? {};
    setText(this.name, name);
    this.name.title = name;
    if (!this.hovered) {
      setText(this.value, last);
    }
    const told = `${name} by ${axis}: ${points} points, last ${last}`;
    this.plotted.setAttribute('aria-label', told);
  }

  /** Shows the point under the pointer in place of the last value. */
  private hover(plot: uPlot): void {
    const index = plot.cursor.idx;
    const x =
      index === null || index === undefined ? null : plot.data[0][index];
    const y =
      index === null || index === undefined ? null : plot.data[1]?.[index];
    this.hovered = typeof x === 'number' && typeof y === 'number';
    const axis = this.head?.axis ?? '';
    const text = this.hovered
      ? `${axis} ${valueText(x as number)}: ${valueText(y as number)}`
      : (this.head?.last ?? '');
    setText(this.value, text);
  }

  private create(width: number): uPlot {
    const look: AxisLook = {
      ink: () => (this.inks ??= inksOf(this.node)),
      label: () => this.head?.axis ?? ''
    };
    const colour = () => this.head?.colour ?? look.ink().text;
    return new uPlot(
      {
        width,
        height: heightFor(width),
        // On the right, half of the last tick's label.
        padding: [6, 18, 0, 0],
        legend: { show: false },
        cursor: { y: false, drag: { x: false, y: false }, points: { size: 7 } },
        scales,
        axes: axesFor(look),
        series: [
          {},
          {
            stroke: colour,
            width: 1.6,
            pxAlign: 0,
            points: { show: true, size: 4.4, fill: colour, filter: lonePoints }
          }
        ],
        hooks: {
          setCursor: [plot => this.hover(plot)],
          drawAxes: [plot => drawBase(plot, look)]
        }
      },
      [[], []],
      this.plotted
    );
  }

  private plot: uPlot | null = null;
  private inks: Inks | null = null;
  private head: ChartHead | null = null;
  private hovered = false;
  private readonly name = element('span', 'metric');
  private readonly value = element('span', 'value');
  private readonly plotted = element('div', 'plot');
}

function heightFor(width: number): number {
  return Math.round(width * SHAPE);
}

/** uPlot knows a gap as null. */
function gapped(y: Float64Array): (number | null)[] {
  return Array.from(y, value => (Number.isNaN(value) ? null : value));
}

/** Points that no line shows: few of them, or one between two gaps. */
function lonePoints(plot: uPlot, index: number): number[] {
  const y = plot.data[index] ?? [];
  const shown: number[] = [];
  const few = y.length <= MANY_POINTS;
  for (let i = 0; i < y.length; i++) {
    const lone = (y[i - 1] ?? null) === null && (y[i + 1] ?? null) === null;
    if (y[i] !== null && (few || lone)) {
      shown.push(i);
    }
  }
  return shown;
}
