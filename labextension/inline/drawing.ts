import { axisOf, lineOn, refined, type Axis, type Line } from './axis';
import type { Choices } from './choices';
import type { ChartGroup } from './groups';
import type { FineCurve } from './kernel';
import { linear, logarithmic, type Scale } from './scale';
import { smoothed } from './smoothing';
import { widened } from './ticks';

/** One curve as it is drawn. */
export interface DrawnLine {
  name: string;
  label: string;
  colour: string;
  /** As it was logged. */
  raw: Line;
  /** As it is shown: the same, or smoothed. */
  shown: Line;
}

/** A chart as it is drawn, before anything is drawn. */
export interface Drawing {
  title: string;
  axis: Axis;
  scale: Scale;
  lines: DrawnLine[];
  smooth: boolean;
  /** From the first point to the last. */
  whole: [number, number];
}

export function drawingOf(
  group: ChartGroup,
  choices: Choices,
  began: number,
  fine: ReadonlyMap<string, FineCurve> = new Map()
): Drawing {
  const heads = group.curves.map(({ head }) => head);
  const axis = axisOf(heads, choices.axis);
  const lines = group.curves.map(({ head, curve }) => {
    const coarse = lineOn(axis, head, curve, began);
    const closer = fine.get(head.name);
    const raw = closer
      ? refined(coarse, lineOn(axis, closer, closer.curve, began))
      : coarse;
    const y = smoothed(raw.y, choices.smoothing);
    const { name, label, colour } = head;
    return {
      name,
      label,
      colour,
      raw,
      shown: y === raw.y ? raw : { ...raw, y }
    };
  });
  return {
    title: group.title,
    axis,
    scale: choices.log ? logarithmic : linear,
    lines,
    smooth: choices.smoothing > 0,
    whole: extent(lines.map(line => line.raw.x))
  };
}

function extent(all: Float64Array[]): [number, number] {
  const filled = all.filter(x => x.length);
  if (!filled.length) {
    return [0, 1];
  }
  const low = Math.min(...filled.map(x => x[0]!));
  const high = Math.max(...filled.map(x => x[x.length - 1]!));
  return widened(low, high, 0);
}
