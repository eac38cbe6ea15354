import { InputGroup } from '@jupyterlab/ui-components';
import React, { useState } from 'react';

/** Fewer rows than this are read faster than filtered. */
const FILTER_FROM = 10;

export interface ValueTableProps {
  title: string;
  columns: readonly string[];
  /** The first cell is the row's name. */
  rows: readonly (readonly string[])[];
  /** Whether the values are figures, to be aligned at their end. */
  numeric?: boolean;
  /** What to say when there are no rows. */
  empty: string;
  filterLabel: string;
}

/** Names and values, with a text filter where there are many. */
export function ValueTable(props: ValueTableProps): JSX.Element {
  const { title, rows, empty, filterLabel } = props;
  const [filter, setFilter] = useState('');
  const many = rows.length >= FILTER_FROM;
  const wanted = many ? filter.trim().toLowerCase() : '';
  const shown = rows.filter(row =>
    row.some(cell => cell.toLowerCase().includes(wanted))
  );
  return (
    <section className="jp-Amlflow-section" aria-label={title}>
      <div className="jp-Amlflow-sectionHeader">
        <h2>
          {title} <span className="jp-Amlflow-count">{rows.length}</span>
        </h2>
        {many && (
          <InputGroup
            type="search"
            className="jp-Amlflow-filter"
            placeholder={filterLabel}
            aria-label={filterLabel}
            value={filter}
            rightIcon={filter ? undefined : 'ui-components:search'}
            onChange={event => setFilter(event.target.value)}
          />
        )}
      </div>
      {rows.length === 0 ? (
        <div className="jp-Amlflow-sectionEmpty">{empty}</div>
      ) : (
        <Rows {...props} rows={shown} />
      )}
    </section>
  );
}

function Rows(props: ValueTableProps): JSX.Element {
  const { title, columns, rows, numeric } = props;
  return (
    <div className="jp-Amlflow-tableFrame">
      <table
        className="jp-Amlflow-table"
        aria-label={title}
        data-numeric={numeric}
      >
        <thead>
          <tr>
            {columns.map(column => (
              <th key={column} scope="col">
                {column}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map(([name, ...values], row) => (
            <tr key={row}>
              <th scope="row" dir="auto" title={name}>
                {name}
              </th>
              {values.map((value, column) => (
                <td key={column} dir="auto" title={value}>
                  {value}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
