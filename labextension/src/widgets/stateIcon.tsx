import type { TranslationBundle } from '@jupyterlab/translation';
import React from 'react';

import { statusIcons } from '../icons.js';
import type { RunStatus } from '../records.js';

export function statusLabel(
  status: RunStatus,
  trans: TranslationBundle
): string {
  switch (status) {
    case 'RUNNING':
      return trans.__('Running');
    case 'FINISHED':
      return trans.__('Finished');
    case 'FAILED':
      return trans.__('Failed');
    case 'KILLED':
      return trans.__('Killed');
    case 'SCHEDULED':
      return trans.__('Scheduled');
    default:
      return String(status);
  }
}

/** A run's state as a shape, named for those who do not see it. */
export function StateIcon(props: {
  status: RunStatus;
  trans: TranslationBundle;
}): JSX.Element {
  const label = statusLabel(props.status, props.trans);
  const icon = statusIcons[props.status] ?? statusIcons.SCHEDULED;
  return (
    <span
      className="jp-Amlflow-state"
      data-status={props.status}
      role="img"
      aria-label={label}
      title={label}
    >
      <icon.react tag="span" />
    </span>
  );
}
