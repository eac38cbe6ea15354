import { ticksAlong } from './along';
import { firstFrom, type Line } from './axis';
import type { Drawing } from './drawing';
import { apart, marksOf, outline } from './marks';
import type { Scale } from './scale';

export interface PictureLook {
  width: number;
  height: number;
  title: string;
  text: string;
  grid: string;
  background: string;
  /** The word for the x axis. */
  label: string;
}

const LEFT = 60;
const RIGHT = 20;
const TOP = 48;
const BOTTOM = 30;
const FONT = 11;
const MARK = 3;

/** A chart as an SVG document of its own: what is on the screen, with a title and a legend. */
export function pictureOf(
  drawing: Drawing,
  range: [number, number],
  look: PictureLook
): string {
  const { width, height } = look;
  const up = upRange(drawing, range);
  const bottom = height - BOTTOM;
  const px = (x: number) =>
    LEFT + ((x - range[0]) / (range[1] - range[0])) * (width - LEFT - RIGHT);
  const py = (y: number) =>
    bottom - ((y - up[0]) / (up[1] - up[0])) * (bottom - TOP);
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" font-family="system-ui,sans-serif" font-size="${FONT}">`,
    `<title>${escaped(drawing.title)}</title>`,
    `<rect width="${width}" height="${height}" fill="${escaped(look.background)}"/>`,
    `<g fill="${escaped(look.text)}">`,
    `<text x="12" y="20" font-size="13" font-weight="600" fill="${escaped(look.title)}">${escaped(drawing.title)}</text>`,
    legend(drawing),
    ...drawing.scale
      .ticks(...up)
      .map(
        ({ at, text }) =>
          `<path d="M${LEFT} ${one(py(at))}H${width - RIGHT}" stroke="${escaped(look.grid)}"/><text x="${LEFT - 6}" y="${one(py(at) + 4)}" text-anchor="end">${text}</text>`
      ),
    ...ticksAlong(drawing.axis, ...range, width - LEFT - RIGHT).map(
      ({ at, text }) =>
        `<text x="${one(px(at))}" y="${bottom + 17}" text-anchor="middle">${text}</text>`
    ),
    `<path d="M${LEFT} ${bottom}H${width - RIGHT}" stroke="${escaped(look.text)}" stroke-opacity=".6"/>`,
    `<text x="12" y="${bottom + 17}" font-size="10">${escaped(look.label)}</text></g>`,
    ...drawing.lines.map(line => {
      const colour = escaped(line.colour);
      const path = (part: Line, rest: string) =>
        `<path d="${pathOf(part, drawing.scale, range, px, py)}" fill="none" stroke="${colour}" stroke-linejoin="round" stroke-linecap="round" ${rest}/>`;
      const faint =
        line.shown === line.raw ? '' : path(line.raw, 'stroke-opacity=".28"');
      const marks = marksOf(line.raw, drawing.scale, ...range);
      const signs = apart(marks, px, 2 * MARK)
        .map(({ at, sign }) => {
          const shape = outline(sign, at, TOP, bottom, MARK);
          const d = shape.lines
            .map(
              points =>
                'M' + points.map(([a, b]) => `${one(a)} ${one(b)}`).join('L')
            )
            .join('');
          return `<path d="${d}" stroke="${colour}" fill="${shape.filled ? colour : 'none'}"/>`;
        })
        .join('');
      return faint + path(line.shown, 'stroke-width="1.6"') + signs;
    }),
    '</svg>'
  ].join('');
}

function legend({ lines }: Drawing): string {
  if (lines.length < 2) {
    return '';
  }
  let x = 12;
  return lines
    .map(({ label, colour }) => {
      const at = x;
      x += 34 + label.length * 6.4;
      return `<path d="M${one(at)} 34h14" stroke="${escaped(colour)}" stroke-width="2"/><text x="${one(at + 19)}" y="38">${escaped(label)}</text>`;
    })
    .join('');
}

function upRange(
  drawing: Drawing,
  [low, high]: [number, number]
): [number, number] {
  let least = Infinity;
  let most = -Infinity;
  for (const line of drawing.lines) {
    for (const { x, y } of [line.raw, line.shown]) {
      for (let i = firstFrom(x, low); i < x.length && x[i]! <= high; i++) {
        const at = drawing.scale.up(y[i]!);
        if (Number.isFinite(at)) {
          least = Math.min(least, at);
          most = Math.max(most, at);
        }
      }
    }
  }
  return most < least
    ? drawing.scale.range(0, 1)
    : drawing.scale.range(least, most);
}

function pathOf(
  line: Line,
  scale: Scale,
  [low, high]: [number, number],
  px: (x: number) => number,
  py: (y: number) => number
): string {
  let path = '';
  let pen = 'M';
  for (
    let i = firstFrom(line.x, low);
    i < line.x.length && line.x[i]! <= high;
    i++
  ) {
    const y = scale.up(line.y[i]!);
    if (Number.isFinite(y)) {
      const at = `${one(px(line.x[i]!))} ${one(py(y))}`;
      // A point between two gaps: a line of no length, which a round cap makes a dot.
      path += pen === 'M' ? `M${at}L${at}` : `L${at}`;
      pen = 'L';
    } else {
      pen = 'M';
    }
  }
  return path;
}

function one(value: number): string {
  return String(Math.round(10 * value) / 10);
}

function escaped(text: string): string {
  const clean = text.replace(/[^\P{C}]/gu, '\ufffd');
  return clean
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}
