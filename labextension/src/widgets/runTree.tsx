import type { TranslationBundle } from '@jupyterlab/translation';
import React, { useMemo, useState } from 'react';

import { runLines } from '../models/tree.js';
import type { RunSummary } from '../records.js';
import { RunRow } from './runRow.js';
import { useTreeKeys } from './treeKeys.js';

export interface RunTreeProps {
  runs: readonly RunSummary[];
  /** The id of the run whose tab is in front. */
  selected: string | null;
  open: (run: RunSummary) => void;
  trans: TranslationBundle;
}

/** The runs, newest first, children beneath their parents. */
export function RunTree(props: RunTreeProps): JSX.Element {
  const { runs, selected, open, trans } = props;
  const [collapsed, setCollapsed] = useState<ReadonlySet<string>>(new Set());
  const lines = useMemo(() => runLines(runs, collapsed), [runs, collapsed]);
  const toggle = (id: string) =>
    setCollapsed(before => {
      const after = new Set(before);
      return after.delete(id) ? after : after.add(id);
    });
  const openById = (id: string) => {
    const line = lines.find(each => each.id === id);
    if (line) {
      open(line.item);
    }
  };
  const keys = useTreeKeys(lines, { toggle, open: openById }, selected);
  const now = Date.now();
  return (
    <div
      ref={keys.list}
      className="jp-Amlflow-runs"
      role="tree"
      aria-label={trans.__('Runs')}
      onKeyDown={keys.onKeyDown}
    >
      {lines.map(line => (
        <RunRow
          key={line.id}
          line={line}
          entry={keys.entry(line.id)}
          selected={line.id === selected}
          now={now}
          open={() => open(line.item)}
          toggle={() => toggle(line.id)}
          trans={trans}
        />
      ))}
    </div>
  );
}
