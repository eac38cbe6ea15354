import type { TranslationBundle } from '@jupyterlab/translation';
import React from 'react';

import type { Connection } from '../records.js';
import { useRoving } from './roving.js';

export interface ConnectionListProps {
  connections: readonly Connection[];
  chosen: string | null;
  choose: (name: string) => void;
  trans: TranslationBundle;
}

/** The stores there are, with a badge on those a live kernel uses. */
export function ConnectionList(props: ConnectionListProps): JSX.Element {
  const { connections, chosen, choose, trans } = props;
  const names = connections.map(each => each.name);
  const roving = useRoving(names, chosen);
  return (
    <div
      ref={roving.list}
      className="jp-Amlflow-connections"
      role="listbox"
      aria-label={trans.__('Connections')}
      onKeyDown={event => {
        const entry = (event.target as HTMLElement).dataset.name;
        if ((event.key === 'Enter' || event.key === ' ') && entry) {
          event.preventDefault();
          choose(entry);
        } else {
          roving.onNavigate(event);
        }
      }}
    >
      {connections.map(each => (
        <div
          key={each.name}
          {...roving.entry(each.name)}
          className="jp-Amlflow-connection"
          data-name={each.name}
          role="option"
          aria-selected={each.name === chosen}
          title={`${each.title}\n${each.location}`}
          onClick={() => choose(each.name)}
        >
          <div className="jp-Amlflow-line">
            <span className="jp-Amlflow-connectionTitle">{each.title}</span>
            <KernelBadge connection={each} trans={trans} />
          </div>
          <div className="jp-Amlflow-line jp-Amlflow-muted">
            <span>{kindLabel(each.kind, trans)}</span>
            <span className="jp-Amlflow-location">{each.location}</span>
          </div>
        </div>
      ))}
    </div>
  );
}

/** How many kernels on this host use the connection; their notebooks in the tooltip. */
function KernelBadge(props: {
  connection: Connection;
  trans: TranslationBundle;
}): JSX.Element | null {
  const { kernels } = props.connection;
  const { trans } = props;
  if (!kernels.length) {
    return null;
  }
  const named = kernels.map(
    each => each.notebook ?? trans.__('Process %1', each.pid)
  );
  return (
    <span className="jp-Amlflow-badge" title={named.join('\n')}>
      {trans._n('%1 kernel', '%1 kernels', kernels.length)}
    </span>
  );
}

function kindLabel(kind: Connection['kind'], trans: TranslationBundle): string {
  switch (kind) {
    case 'local':
      return trans.__('Local');
    case 'server':
      return trans.__('MLflow server');
    case 'databricks':
      return trans.__('Databricks');
    case 'azure':
      return trans.__('Azure ML');
    default:
      return String(kind);
  }
}
