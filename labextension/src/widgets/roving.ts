import {
  useLayoutEffect,
  useRef,
  useState,
  type KeyboardEvent,
  type RefObject
} from 'react';

import { nextPlace } from '../models/tree.js';

/** One Tab stop for a whole list: arrows, Home and End move within it. */
export interface Roving {
  /** Attributes of an entry. */
  entry: (id: string) => {
    'data-entry': true;
    tabIndex: number;
    onFocus: () => void;
  };
  /** Move the focus to a place in the list. */
  focus: (place: number) => void;
  /** Returns whether the key was a navigation key. */
  onNavigate: (event: KeyboardEvent) => boolean;
  list: RefObject<HTMLDivElement>;
}

/**
 * @param ids - The entries in their order on screen.
 * @param first - The entry that Tab reaches before the user has moved, if it is there.
 */
export function useRoving(
  ids: readonly string[],
  first: string | null = null
): Roving {
  const list = useRef<HTMLDivElement>(null);
  const [last, setLast] = useState<string | null>(null);
  const active = [last, first].find(id => id !== null && ids.includes(id));
  const stop = active ?? ids[0];
  const focus = (place: number) =>
    // Found by place, not by id: an id may hold anything a selector trips over.
    list.current?.querySelectorAll<HTMLElement>('[data-entry]')[place]?.focus();
  useKeptFocus(list, last === null ? -1 : ids.indexOf(last), focus);
  return {
    list,
    focus,
    entry: id => ({
      'data-entry': true,
      tabIndex: id === stop ? 0 : -1,
      onFocus: () => setLast(id)
    }),
    onNavigate: event => {
      const place = ids.indexOf(stop ?? '');
      const next = nextPlace(event.key, place, ids.length);
      if (next === null || event.ctrlKey || event.metaKey || event.altKey) {
        return false;
      }
      event.preventDefault();
      focus(next);
      return true;
    }
  };
}

/** When a refresh takes the focused entry away, the one in its place has the focus. */
function useKeptFocus(
  list: RefObject<HTMLElement>,
  place: number,
  focus: (place: number) => void
): void {
  const before = useRef(place);
  // Read while rendering: afterwards the entry and with it the focus are gone.
  const within = list.current?.contains(document.activeElement) ?? false;
  useLayoutEffect(() => {
    if (place >= 0) {
      before.current = place;
    } else if (within && before.current >= 0) {
      const count = list.current?.querySelectorAll('[data-entry]').length ?? 0;
      focus(Math.min(before.current, count - 1));
    }
  });
}
