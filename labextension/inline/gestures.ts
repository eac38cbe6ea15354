import type uPlot from 'uplot';
import { moved, scaled } from './stage';

/** What can be done to a chart by mouse and keyboard. */
export interface Moves {
  plot: () => uPlot | undefined;
  /** The part that is shown, and all there is. */
  range: () => [number, number];
  whole: () => [number, number];
  zoomed: () => boolean;
  zoomTo: (range: [number, number] | null) => void;
  /** The place that is pointed at. */
  pointer: () => number | null;
  /** Points at the next point, to the right (1) or the left (-1); at none. */
  walk: (way: number) => void;
  leave: () => void;
}

const WHEEL = 0.8;
const KEY = 0.5;
const SHARE = 0.2;

/** Lets a chart be zoomed and panned; zooming by dragging is uPlot's. */
export function listenToGestures(node: HTMLElement, moves: Moves): void {
  node.addEventListener('mousedown', event => beginPan(event, moves), true);
  node.addEventListener('wheel', event => wheel(event, moves), {
    passive: false
  });
  node.addEventListener('keydown', event => {
    if (key(event, moves)) {
      event.preventDefault();
      event.stopPropagation();
    }
  });
  for (const left of ['blur', 'mouseleave']) {
    node.addEventListener(left, () => moves.leave());
  }
}

/** Shift and drag: the curve goes with the pointer. */
function beginPan(event: MouseEvent, moves: Moves): void {
  const width = moves.plot()?.over.clientWidth;
  if (!event.shiftKey || !width) {
    return;
  }
  event.stopPropagation();
  event.preventDefault();
  if (!moves.zoomed()) {
    return;
  }
  const range = moves.range();
  const whole = moves.whole();
  const from = event.clientX;
  const move = (to: MouseEvent) =>
    moves.zoomTo(moved(range, whole, (from - to.clientX) / width));
  const end = () => document.removeEventListener('mousemove', move);
  document.addEventListener('mousemove', move);
  document.addEventListener('mouseup', end, { once: true });
}

/** Only with Ctrl or Cmd: without, the page scrolls. */
function wheel(event: WheelEvent, moves: Moves): void {
  const plot = moves.plot();
  if (!(event.ctrlKey || event.metaKey) || !plot) {
    return;
  }
  event.preventDefault();
  const left = event.clientX - plot.over.getBoundingClientRect().left;
  const factor = event.deltaY < 0 ? WHEEL : 1 / WHEEL;
  scaleBy(moves, factor, plot.posToVal(left, 'x'));
}

/** Does what a key is for; tells whether it is for anything. */
function key(event: KeyboardEvent, moves: Moves): boolean {
  const way = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
  const [low, high] = moves.range();
  const about = moves.pointer() ?? (low + high) / 2;
  if (way && event.shiftKey) {
    if (moves.zoomed()) {
      moves.zoomTo(moved([low, high], moves.whole(), way * SHARE));
    }
  } else if (way) {
    moves.walk(way);
  } else if (event.key === '+' || event.key === '=') {
    scaleBy(moves, KEY, about);
  } else if (event.key === '-') {
    scaleBy(moves, 1 / KEY, about);
  } else if (event.key === '0' || event.key === 'Escape') {
    moves.zoomTo(null);
  } else {
    return false;
  }
  return true;
}

function scaleBy(moves: Moves, factor: number, about: number): void {
  moves.zoomTo(scaled(moves.range(), moves.whole(), factor, about));
}
