import { Button } from '@jupyterlab/ui-components';
import React from 'react';

import { EmptyNotice, ErrorNotice } from './notice.js';
import type { PanelOptions } from './panel.js';
import { RunTree } from './runTree.js';

/** The runs found so far, beneath the reason why the last look failed. */
export function RunResults(props: PanelOptions): JSX.Element {
  const { model, trans } = props;
  const { error, runs, waiting } = model.view;
  return (
    <>
      <div className="jp-Amlflow-waiting" role="status">
        {waiting && runs !== null && trans.__('Waiting for an answer…')}
      </div>
      {error !== null && (
        <ErrorNotice
          message={error}
          retry={() => model.refresh()}
          trans={trans}
        />
      )}
      <Found {...props} />
    </>
  );
}

/** The runs found, or why there are none. */
function Found(props: PanelOptions): JSX.Element | null {
  const { model, open, trans } = props;
  const { runs, connection, more, searched, error } = model.view;
  if (runs === null) {
    return error === null ? <EmptyNotice title={trans.__('Loading…')} /> : null;
  }
  if (runs.length === 0) {
    return model.search ? (
      <EmptyNotice title={trans.__('No run matches “%1”', model.search)}>
        {trans._n('%1 run searched', '%1 runs searched', searched)}
      </EmptyNotice>
    ) : (
      <EmptyNotice title={trans.__('No runs yet')}>
        {trans.__('Put %1 on top of a cell.', '%%track')}
      </EmptyNotice>
    );
  }
  const opened = model.opened;
  const selected = opened?.connection === connection ? opened?.run : null;
  return (
    <div className="jp-Amlflow-results">
      <RunTree
        runs={runs}
        selected={selected ?? null}
        open={open}
        trans={trans}
      />
      {more && !model.canShowMore && (
        <div className="jp-Amlflow-notice">
          {trans.__('Older runs are not listed: search for them.')}
        </div>
      )}
      {more && model.canShowMore && (
        <Button
          minimal
          className="jp-Amlflow-more"
          onClick={() => model.showMore()}
        >
          {trans.__('Show older runs')}
        </Button>
      )}
    </div>
  );
}
