import type { TranslationBundle } from '@jupyterlab/translation';
import { Button, launchIcon, refreshIcon } from '@jupyterlab/ui-components';
import React from 'react';

import { isStudioPage, webAddress } from '../models/links.js';
import { formatDuration, formatMoment, runSeconds } from '../models/time.js';
import type { RunDetail } from '../records.js';
import { language } from './language.js';
import { StateIcon, statusLabel } from './stateIcon.js';

export interface RunHeaderProps {
  run: RunDetail;
  refresh: () => void;
  trans: TranslationBundle;
}

/** What a run is: its name and state, where it came from, when and how long. */
export function RunHeader(props: RunHeaderProps): JSX.Element {
  const { run, trans } = props;
  const address = webAddress(run.ui_url);
  return (
    <header className="jp-Amlflow-runHeader">
      <div className="jp-Amlflow-runTitle">
        <h1 dir="auto" title={run.name}>
          {run.name}
        </h1>
        <span className="jp-Amlflow-pill" data-status={run.status}>
          <StateIcon status={run.status} trans={trans} />
          {statusLabel(run.status, trans)}
        </span>
        <span className="jp-Amlflow-runActions">
          {address !== null && (
            <a
              className="jp-Amlflow-link"
              href={address}
              target="_blank"
              rel="noopener noreferrer"
              title={address}
            >
              {isStudioPage(address)
                ? trans.__('Open in the studio')
                : trans.__('Open in the tracking UI')}
              <launchIcon.react tag="span" />
            </a>
          )}
          <Button
            minimal
            title={trans.__('Refresh')}
            aria-label={trans.__('Refresh')}
            onClick={props.refresh}
          >
            <refreshIcon.react tag="span" />
          </Button>
        </span>
      </div>
      {run.description && (
        <p className="jp-Amlflow-description" dir="auto">
          {run.description}
        </p>
      )}
      <dl className="jp-Amlflow-facts">
        {facts(run, trans).map(([term, text]) => (
          <div key={term} className="jp-Amlflow-fact">
            <dt>{term}</dt>
            <dd dir="auto" title={text}>
              {text}
            </dd>
          </div>
        ))}
      </dl>
    </header>
  );
}

/** The facts that are known, each with its name. */
function facts(run: RunDetail, trans: TranslationBundle): [string, string][] {
  const seconds = runSeconds(run, Date.now());
  const known: [string, string | null][] = [
    [trans.__('Started'), run.start && formatMoment(run.start, language())],
    [trans.__('Duration'), seconds === null ? null : formatDuration(seconds)],
    [trans.__('Source'), run.source],
    [trans.__('Experiment'), run.experiment.name],
    [trans.__('User'), run.user],
    [trans.__('Run ID'), run.id]
  ];
  return known.filter((fact): fact is [string, string] => Boolean(fact[1]));
}
