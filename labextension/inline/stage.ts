import type { Axis } from './axis';

export interface Zoom {
  axis: Axis;
  low: number;
  high: number;
}

export interface Pointer {
  axis: Axis;
  x: number;
}

type Listener = () => void;

/** What the charts of one view have in common: the part that is zoomed to, the place pointed at. */
export class Stage {
  zoom: Zoom | null = null;
  pointer: Pointer | null = null;

  zoomTo(zoom: Zoom | null): void {
    if (zoom && !(zoom.high > zoom.low)) {
      return;
    }
    this.zoom = zoom;
    this.zoomed.forEach(tell => tell());
  }

  pointAt(pointer: Pointer | null): void {
    if (
      pointer?.x !== this.pointer?.x ||
      pointer?.axis !== this.pointer?.axis
    ) {
      this.pointer = pointer;
      this.pointed.forEach(tell => tell());
    }
  }

  /** The part of `whole` that a chart with this axis shows. */
  range(axis: Axis, whole: [number, number]): [number, number] {
    return this.zoom?.axis === axis ? [this.zoom.low, this.zoom.high] : whole;
  }

  readonly zoomed = new Set<Listener>();
  readonly pointed = new Set<Listener>();
}

/** `range` scaled by `factor` about `about`, within `whole`; null where that is all of it. */
export function scaled(
  range: [number, number],
  whole: [number, number],
  factor: number,
  about: number
): [number, number] | null {
  const low = Math.max(whole[0], about - (about - range[0]) * factor);
  const high = Math.min(whole[1], about + (range[1] - about) * factor);
  return low <= whole[0] && high >= whole[1] ? null : [low, high];
}

/** `range` moved by a share of its span, as far as `whole` goes. */
export function moved(
  range: [number, number],
  whole: [number, number],
  share: number
): [number, number] {
  const span = range[1] - range[0];
  const by = Math.min(
    Math.max(share * span, whole[0] - range[0]),
    whole[1] - range[1]
  );
  return [range[0] + by, range[1] + by];
}
