import type { Line } from './axis';
import { firstFrom } from './axis';
import type { Scale } from './scale';

/** Where a value has no place: not a number, or beyond the top or the bottom. */
export type Sign = 'nan' | 'up' | 'down';

export interface Mark {
  x: number;
  sign: Sign;
}

const MOST = 2000;

/** What is to be marked of a line between `low` and `high`. */
export function marksOf(
  line: Line,
  scale: Scale,
  low: number,
  high: number
): Mark[] {
  const marks: Mark[] = [];
  for (let i = firstFrom(line.x, low); i < line.x.length; i++) {
    const x = line.x[i]!;
    if (x > high || marks.length >= MOST) {
      break;
    }
    const sign = signOf(line.y[i]!, scale);
    if (sign) {
      marks.push({ x, sign });
    }
  }
  return marks;
}

function signOf(value: number, scale: Scale): Sign | null {
  if (Number.isNaN(value)) {
    return 'nan';
  }
  if (value === Infinity) {
    return 'up';
  }
  return Number.isFinite(scale.up(value)) ? null : 'down';
}

/** The marks at their places, without those that would cover the one before. */
export function apart(
  marks: Mark[],
  place: (x: number) => number,
  gap: number
): { at: number; sign: Sign }[] {
  const last: Partial<Record<Sign, number>> = {};
  const kept: { at: number; sign: Sign }[] = [];
  for (const { x, sign } of marks) {
    const at = place(x);
    if (at - (last[sign] ?? -Infinity) >= gap) {
      last[sign] = at;
      kept.push({ at, sign });
    }
  }
  return kept;
}

/** A mark's outline about its place on the edge: `size` is half of its width. */
export function outline(
  sign: Sign,
  x: number,
  top: number,
  bottom: number,
  size: number
): { lines: [number, number][][]; filled: boolean } {
  if (sign === 'nan') {
    const y = bottom - size - 1;
    return {
      lines: [
        [
          [x - size, y - size],
          [x + size, y + size]
        ],
        [
          [x - size, y + size],
          [x + size, y - size]
        ]
      ],
      filled: false
    };
  }
  const [tip, base] =
    sign === 'up'
      ? [top + 1, top + 1 + 2 * size]
      : [bottom - 1, bottom - 1 - 2 * size];
  return {
    lines: [
      [
        [x, tip],
        [x - size, base],
        [x + size, base],
        [x, tip]
      ]
    ],
    filled: true
  };
}
