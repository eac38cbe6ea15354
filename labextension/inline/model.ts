import type { Head } from './frame';

/** The run above its charts; written by `header_model` in Python. */
export interface Run {
  name: string;
  running: boolean;
  status: string;
  seconds: number;
  total: number | null;
  shape: string;
  word: string;
  colour: string;
  where: string[];
  link: string | null;
  link_label: string;
  notes: string[];
}

interface State {
  run: Partial<Run>;
  head: Partial<Head>;
  points: DataView;
}

/** The part of anywidget's model that is used here. */
export interface Model {
  get<K extends keyof State>(name: K): State[K];
  set<K extends keyof State>(name: K, value: State[K]): void;
  on(
    event: 'change:run' | 'change:head' | 'comm_live_update',
    listener: () => void
  ): void;
  on(
    event: 'msg:custom',
    listener: (content: object, buffers: DataView[]) => void
  ): void;
  off(
    event: string,
    listener: (content: object, buffers: DataView[]) => void
  ): void;
  send(content: object): void;
}
