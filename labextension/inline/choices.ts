import type { AxisChoice } from './axis';

/** How a user wants charts to be drawn. */
export interface Choices {
  smoothing: number;
  axis: AxisChoice;
  log: boolean;
  legend: boolean;
  hidden: string[];
  /** Sections that are not as they are at first: `system` opened, others folded. */
  toggled: string[];
}

const DEFAULTS: Choices = {
  smoothing: 0,
  axis: 'step',
  log: false,
  legend: true,
  hidden: [],
  toggled: []
};
const KEY = 'amlflow:live-view';
const MOST_KEPT = 500;

/** The choices of this browser, shared by all its views and kept for the next ones. */
export class ChoiceStore {
  get current(): Choices {
    return this.choices;
  }

  set(changed: Partial<Choices>): void {
    this.choices = { ...this.choices, ...changed };
    keep(this.choices);
    [...this.listeners].forEach(listener => listener());
  }

  /** Puts `name` into a list, or takes it out. */
  put(list: 'hidden' | 'toggled', names: string[], inside: boolean): void {
    const others = this.choices[list].filter(one => !names.includes(one));
    const next = inside ? [...others, ...names] : others;
    this.set({ [list]: next.slice(-MOST_KEPT) });
  }

  subscribe(listener: () => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  private choices: Choices = kept();
  private readonly listeners = new Set<() => void>();
}

let shared: ChoiceStore | null = null;

export function choiceStore(): ChoiceStore {
  return (shared ??= new ChoiceStore());
}

/** What was kept may be of another version, or from nobody knows where. */
export function readChoices(text: string | null): Choices {
  let found: Partial<Record<keyof Choices, unknown>> = {};
  try {
    found = Object(JSON.parse(text ?? '{}')) as typeof found;
  } catch {
    return DEFAULTS;
  }
  const { smoothing, axis, log, legend } = found;
  const weight = typeof smoothing === 'number' ? smoothing : 0;
  return {
    smoothing: weight >= 0 && weight < 1 ? weight : 0,
    axis: axis === 'relative' || axis === 'wall' ? axis : 'step',
    log: log === true,
    legend: legend !== false,
    hidden: names(found.hidden),
    toggled: names(found.toggled)
  };
}

function names(list: unknown): string[] {
  return Array.isArray(list)
    ? list.filter(one => typeof one === 'string').slice(-MOST_KEPT)
    : [];
}

// A web view (VS Code) may have no storage: then the choices live as long as the page.
function kept(): Choices {
  try {
    return readChoices(localStorage.getItem(KEY));
  } catch {
    return DEFAULTS;
  }
}

function keep(choices: Choices): void {
  try {
    localStorage.setItem(KEY, JSON.stringify(choices));
  } catch {
    return;
  }
}
