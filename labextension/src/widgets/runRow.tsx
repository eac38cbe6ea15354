import type { TranslationBundle } from '@jupyterlab/translation';
import { caretDownIcon, caretRightIcon } from '@jupyterlab/ui-components';
import React from 'react';

import { formatMetric } from '../models/number.js';
import {
  formatDuration,
  formatMoment,
  formatRelative,
  runSeconds
} from '../models/time.js';
import type { TreeLine } from '../models/tree.js';
import type { Metric, RunSummary } from '../records.js';
import { language } from './language.js';
import type { Roving } from './roving.js';
import { StateIcon, statusLabel } from './stateIcon.js';

export interface RunRowProps {
  line: TreeLine<RunSummary>;
  entry: ReturnType<Roving['entry']>;
  selected: boolean;
  /** Milliseconds since the epoch. */
  now: number;
  open: () => void;
  toggle: () => void;
  trans: TranslationBundle;
}

/** One run: what it is called and how it stands, then how long and how good. */
export function RunRow(props: RunRowProps): JSX.Element {
  const { line, now, trans } = props;
  const run = line.item;
  const seconds = runSeconds(run, now);
  const took = seconds === null ? null : formatDuration(seconds);
  const started = run.start && formatRelative(run.start, now, language());
  return (
    <div
      {...props.entry}
      className="jp-Amlflow-run"
      data-run-id={run.id}
      data-status={run.status}
      role="treeitem"
      aria-level={line.level}
      aria-selected={props.selected}
      aria-expanded={line.expanded ?? undefined}
      aria-label={spoken(run, started, took, trans)}
      style={{ '--jp-amlflow-level': line.level - 1 } as React.CSSProperties}
      onClick={props.open}
    >
      <Twisty {...props} />
      <StateIcon status={run.status} trans={trans} />
      <div className="jp-Amlflow-runText">
        <div className="jp-Amlflow-line">
          <span className="jp-Amlflow-runName" dir="auto" title={run.name}>
            {run.name}
          </span>
          {run.start && (
            <span
              className="jp-Amlflow-runStart jp-Amlflow-muted"
              title={formatMoment(run.start, language())}
            >
              {started}
            </span>
          )}
        </div>
        <div className="jp-Amlflow-runFigures jp-Amlflow-muted">
          {took !== null && (
            <span className="jp-Amlflow-runDuration">{took}</span>
          )}
          {run.metrics.map(metric => (
            <RunMetric key={metric.name} metric={metric} />
          ))}
        </div>
      </div>
    </div>
  );
}

/** Opens and closes what is beneath a run; the keys for it are the tree's arrows. */
function Twisty(props: RunRowProps): JSX.Element {
  const { expanded } = props.line;
  const icon = expanded ? caretDownIcon : caretRightIcon;
  return (
    <span
      className="jp-Amlflow-twisty"
      aria-hidden
      onClick={event => {
        if (expanded !== null) {
          event.stopPropagation();
          props.toggle();
        }
      }}
    >
      {expanded !== null && <icon.react tag="span" />}
    </span>
  );
}

function RunMetric(props: { metric: Metric }): JSX.Element {
  const { metric } = props;
  return (
    <span
      className="jp-Amlflow-runMetric"
      title={`${metric.name} = ${metric.text}`}
    >
      <span className="jp-Amlflow-runMetricName">{metric.name}</span>
      <span className="jp-Amlflow-runMetricValue">{formatMetric(metric)}</span>
    </span>
  );
}

/** The row in one sentence, for screen readers. */
function spoken(
  run: RunSummary,
  started: string | null,
  took: string | null,
  trans: TranslationBundle
): string {
  return [
    run.name,
    statusLabel(run.status, trans),
    started && trans.__('started %1', started),
    took,
    ...run.metrics.map(each => `${each.name} ${formatMetric(each)}`)
  ]
    .filter(Boolean)
    .join(', ');
}
