import type { TranslationBundle } from '@jupyterlab/translation';
import { HTMLSelect } from '@jupyterlab/ui-components';
import React from 'react';

import type { Experiment } from '../records.js';

export interface ExperimentPickerProps {
  experiments: readonly Experiment[];
  chosen: string | null;
  choose: (id: string) => void;
  trans: TranslationBundle;
}

/** Which experiment's runs to show. */
export function ExperimentPicker(props: ExperimentPickerProps): JSX.Element {
  const { experiments, chosen, choose, trans } = props;
  const name = experiments.find(each => each.id === chosen)?.name;
  return (
    <HTMLSelect
      className="jp-Amlflow-experiment"
      aria-label={trans.__('Experiment')}
      title={name}
      value={chosen ?? undefined}
      disabled={experiments.length === 0}
      onChange={event => choose(event.target.value)}
    >
      {experiments.length === 0 && (
        <option>{trans.__('No experiments')}</option>
      )}
      {experiments.map(each => (
        <option key={each.id} value={each.id}>
          {each.name}
        </option>
      ))}
    </HTMLSelect>
  );
}
