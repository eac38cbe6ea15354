/** One visible line of a tree. */
export interface TreeLine<T> {
  readonly id: string;
  readonly item: T;
  /** 1 for the outermost. */
  readonly level: number;
  /** Null when nothing is beneath it. */
  readonly expanded: boolean | null;
  readonly parent: string | null;
}

interface Nested {
  readonly id: string;
  readonly parent: string | null;
}

/**
 * The lines of a run list: each run followed by its children, order kept within each level.
 *
 * A run whose parent is not in the list stands by itself; a ring of parents, which a
 * store cannot rule out, is broken at its first run.
 */
export function runLines<T extends Nested>(
  runs: readonly T[],
  collapsed: ReadonlySet<string>
): TreeLine<T>[] {
  const known = new Set(runs.map(run => run.id));
  const children = new Map<string, T[]>();
  const roots: T[] = [];
  for (const run of runs) {
    if (run.parent === null || !known.has(run.parent)) {
      roots.push(run);
    } else {
      children.set(run.parent, [...(children.get(run.parent) ?? []), run]);
    }
  }
  const lines: TreeLine<T>[] = [];
  const seen = new Set<string>();
  const visit = (
    run: T,
    level: number,
    parent: string | null,
    shown: boolean
  ) => {
    if (seen.has(run.id)) {
      return;
    }
    seen.add(run.id);
    const beneath = children.get(run.id) ?? [];
    const open = !collapsed.has(run.id);
    if (shown) {
      const expanded = beneath.length ? open : null;
      lines.push({ id: run.id, item: run, level, expanded, parent });
    }
    for (const child of beneath) {
      visit(child, level + 1, run.id, shown && open);
    }
  };
  roots.forEach(run => visit(run, 1, null, true));
  runs.forEach(run => visit(run, 1, null, true));
  return lines;
}

/** The place a navigation key leads to in a list, or null when the key leads nowhere. */
export function nextPlace(
  key: string,
  place: number,
  count: number
): number | null {
  switch (key) {
    case 'ArrowDown':
      return Math.min(place + 1, count - 1);
    case 'ArrowUp':
      return Math.max(place - 1, 0);
    case 'Home':
      return 0;
    case 'End':
      return count - 1;
    default:
      return null;
  }
}
