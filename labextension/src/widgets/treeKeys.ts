import type { KeyboardEvent } from 'react';

import type { TreeLine } from '../models/tree.js';
import { useRoving, type Roving } from './roving.js';

export interface TreeKeys extends Roving {
  onKeyDown: (event: KeyboardEvent) => void;
}

/** The keys of a tree as the ARIA Authoring Practices Guide describes them. */
export function useTreeKeys<T>(
  lines: readonly TreeLine<T>[],
  actions: { toggle: (id: string) => void; open: (id: string) => void },
  first: string | null = null
): TreeKeys {
  const ids = lines.map(line => line.id);
  const roving = useRoving(ids, first);
  const onKeyDown = (event: KeyboardEvent) => {
    if (roving.onNavigate(event)) {
      return;
    }
    const place = placeOf(event);
    const line = lines[place];
    if (!line) {
      return;
    }
    if (event.key === 'Enter' || event.key === ' ') {
      actions.open(line.id);
    } else if (event.key === 'ArrowRight' && line.expanded === false) {
      actions.toggle(line.id);
    } else if (event.key === 'ArrowRight' && line.expanded) {
      roving.focus(place + 1);
    } else if (event.key === 'ArrowLeft' && line.expanded) {
      actions.toggle(line.id);
    } else if (event.key === 'ArrowLeft' && line.parent !== null) {
      roving.focus(ids.indexOf(line.parent));
    } else {
      return;
    }
    event.preventDefault();
  };
  return { ...roving, onKeyDown };
}

/** Where the entry that got the key stands. */
function placeOf(event: KeyboardEvent): number {
  const entry = (event.target as HTMLElement).closest('[data-entry]');
  const all = event.currentTarget.querySelectorAll('[data-entry]');
  return entry ? Array.from(all).indexOf(entry) : -1;
}
