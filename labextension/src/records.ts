/**
 * What the server extension answers. Every string in it may have been written by
 * anyone who can write to the tracking store: show it as text, never as markup.
 */

/** A kernel on this host that uses a connection. */
export interface Kernel {
  pid: number;
  notebook: string | null;
  /** ISO 8601, UTC. */
  since: string;
}

/** A tracking store, known by name; its address stays on the server's side. */
export interface Connection {
  name: string;
  title: string;
  kind: 'local' | 'server' | 'databricks' | 'azure';
  location: string;
  experiment: string | null;
  default: boolean;
  saved: boolean;
  kernels: Kernel[];
  ui_url: string | null;
}

export interface Experiment {
  id: string;
  name: string;
  /** ISO 8601, UTC. */
  last_update: string | null;
}

export type RunStatus =
  'RUNNING' | 'FINISHED' | 'FAILED' | 'KILLED' | 'SCHEDULED';

export interface Metric {
  name: string;
  /** Null for what JSON cannot hold; `text` then says `NaN` or `Infinity`. */
  value: number | null;
  text: string;
}

export interface RunSummary {
  id: string;
  name: string;
  status: RunStatus;
  /** ISO 8601, UTC. */
  start: string | null;
  /** Seconds; null while the run is running. */
  duration: number | null;
  parent: string | null;
  user: string | null;
  /** The notebook's or script's name. */
  source: string | null;
  metrics: Metric[];
}

export interface RunsPage {
  runs: RunSummary[];
  /** How many runs the search looked at. */
  searched: number;
  /** Whether older runs were left out. */
  more: boolean;
}

export interface NamedValue {
  name: string;
  value: string;
}

/** A model that MLflow 3 keeps outside the run's artifacts. */
export interface LoggedModel {
  id: string;
  name: string;
  status: 'UNSPECIFIED' | 'PENDING' | 'READY' | 'FAILED';
  type: string | null;
}

export interface RunDetail extends Omit<RunSummary, 'metrics'> {
  experiment: { id: string; name: string };
  params: NamedValue[];
  tags: NamedValue[];
  metrics: (Metric & { step: number })[];
  models: LoggedModel[];
  description: string | null;
  ui_url: string | null;
}

export interface Artifact {
  path: string;
  is_dir: boolean;
  /** Bytes. */
  size: number | null;
}
