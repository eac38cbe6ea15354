import { coarse } from './closer';
import { csvOf } from './csv';
import { download, fileName, pngOf } from './download';
import type { Drawing } from './drawing';
import type { ChartGroup } from './groups';
import type { Kernel } from './kernel';
import { pictureOf } from './picture';
import type { Inks } from './theme';

const SIZE = { width: 720, height: 360 };

/** What is seen of a chart. */
export interface Seen {
  drawing: Drawing;
  range: [number, number];
  ink: Inks;
  label: string;
}

export function saveSvg(seen: Seen): void {
  const content = new Blob([picture(seen)], { type: 'image/svg+xml' });
  download(fileName(seen.drawing.title, 'svg'), content);
}

export async function savePng(seen: Seen): Promise<void> {
  const content = await pngOf(picture(seen), SIZE.width, SIZE.height);
  download(fileName(seen.drawing.title, 'png'), content);
}

/** Saves all points that the kernel has; without its answer, those that are drawn. */
export async function saveCsv(
  group: ChartGroup,
  kernel: Kernel
): Promise<void> {
  const names = coarse(group);
  const all = names.length ? await kernel.part(names, null) : [];
  const whole = new Map(all?.map(one => [one.name, one]));
  const curves = group.curves.map(({ head, curve }) => {
    const { name, offsets } = head;
    return whole.get(name) ?? { name, curve, offsets };
  });
  const content = new Blob([csvOf(curves)], { type: 'text/csv' });
  download(fileName(group.title, 'csv'), content);
}

function picture({ drawing, range, ink, label }: Seen): string {
  return pictureOf(drawing, range, {
    ...SIZE,
    title: ink.title,
    text: ink.text,
    grid: ink.line,
    background: ink.background,
    label
  });
}
