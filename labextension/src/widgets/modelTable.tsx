import type { TranslationBundle } from '@jupyterlab/translation';
import React from 'react';

import type { LoggedModel } from '../records.js';
import { ValueTable } from './valueTable.js';

export interface ModelTableProps {
  models: readonly LoggedModel[];
  trans: TranslationBundle;
}

/** The models of a run that are not among its artifacts. */
export function ModelTable({ models, trans }: ModelTableProps): JSX.Element {
  const states: Record<LoggedModel['status'], string> = {
    UNSPECIFIED: trans.__('Unknown'),
    PENDING: trans.__('Pending'),
    READY: trans.__('Ready'),
    FAILED: trans.__('Failed')
  };
  return (
    <ValueTable
      title={trans.__('Models')}
      columns={[trans.__('Name'), trans.__('State'), trans.__('ID')]}
      rows={models.map(each => [each.name, states[each.status], each.id])}
      empty={trans.__('No models logged.')}
      filterLabel={trans.__('Filter models')}
    />
  );
}
