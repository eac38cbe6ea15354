import { kernelAxis, kernelPlace } from './axis';
import type { ChartGroup } from './groups';
import type { FineCurve, Kernel } from './kernel';
import type { Zoom } from './stage';

const DELAY_MS = 150;

/** The finer points of what is zoomed to: asked for when the zooming pauses. */
export class Closer {
  readonly curves = new Map<string, FineCurve>();

  constructor(
    private readonly kernel: Kernel,
    private readonly came: () => void,
    private readonly failed: () => void
  ) {}

  /** Forgets what nobody looks at, and asks for what is looked at now. */
  look(zoom: Zoom | null, group: ChartGroup | null, began: number): void {
    clearTimeout(this.timer);
    this.looked = zoom;
    if (!zoom) {
      this.curves.clear();
    } else if (group) {
      const ask = () => void this.ask(zoom, coarse(group), began);
      this.timer = setTimeout(ask, DELAY_MS);
    }
  }

  dispose(): void {
    clearTimeout(this.timer);
    this.looked = null;
  }

  private async ask(zoom: Zoom, names: string[], began: number): Promise<void> {
    if (!names.length) {
      return;
    }
    const part = await this.kernel.part(names, {
      axis: kernelAxis(zoom.axis),
      low: kernelPlace(zoom.axis, zoom.low, began),
      high: kernelPlace(zoom.axis, zoom.high, began)
    });
    if (zoom !== this.looked) {
      return;
    }
    part?.forEach(curve => this.curves.set(curve.name, curve));
    if (part) {
      this.came();
    } else {
      this.failed();
    }
  }

  private looked: Zoom | null = null;
  private timer: ReturnType<typeof setTimeout> | undefined;
}

/** The metrics of which the kernel has more points than are drawn. */
export function coarse({ curves }: ChartGroup): string[] {
  return curves
    .filter(({ head }) => head.points > head.drawn)
    .map(({ head }) => head.name);
}
