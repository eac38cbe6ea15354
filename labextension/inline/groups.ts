import type { Curve, CurveHead, Frame } from './frame';

export interface DrawnCurve {
  head: CurveHead;
  curve: Curve;
}

/** The curves that are drawn together. */
export interface ChartGroup {
  key: string;
  title: string;
  curves: DrawnCurve[];
}

/** Charts that stand together under a heading; the first section has none. */
export interface Section {
  name: string;
  charts: ChartGroup[];
}

/** The sections of a frame, without the metrics that `hidden` names. */
export function sectionsOf(
  frame: Frame,
  hidden: ReadonlySet<string> = new Set()
): Section[] {
  const sections = new Map<string, Map<string, ChartGroup>>([['', new Map()]]);
  frame.head.charts.forEach((head, index) => {
    const curve = frame.curves[index];
    if (!curve || hidden.has(head.name)) {
      return;
    }
    const charts = sections.get(head.section) ?? new Map<string, ChartGroup>();
    sections.set(head.section, charts);
    const key = JSON.stringify([head.section, head.chart]);
    const group = charts.get(key) ?? { key, title: head.chart, curves: [] };
    charts.set(key, group);
    group.curves.push({ head, curve });
  });
  return [...sections]
    .map(([name, charts]) => ({ name, charts: [...charts.values()] }))
    .filter(section => section.charts.length);
}
