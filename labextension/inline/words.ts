/** Everything that the live view says, in each of its languages. */

const en = {
  metrics: (n: number) => `${count(n)} metric${n === 1 ? '' : 's'}`,
  points: (n: number) => `${count(n)} point${n === 1 ? '' : 's'}`,
  charts: (n: number) => `${count(n)} chart${n === 1 ? '' : 's'}`,
  noMetric: 'no metric yet',
  notDrawn: (n: number) =>
    `${count(n)} metric${n === 1 ? '' : 's'} without a live chart`,
  showMore: (n: number) => `Show ${n} more chart${n === 1 ? '' : 's'}`,
  run: (name: string, state: string) => `Run ${name}: ${state}`,
  states: {
    RUNNING: 'Running',
    FINISHED: 'Finished',
    FAILED: 'Failed',
    KILLED: 'Killed'
  } as Record<string, string>,
  kernelGone: 'Kernel gone',
  /** What Python writes on links, which knows no language of the page. */
  links: {} as Record<string, string>,
  controls: 'How the charts are drawn',
  smoothing: 'Smoothing',
  axis: 'x axis',
  axes: { step: 'Step', relative: 'Relative time', wall: 'Wall time' },
  axisUnits: {
    step: 'step',
    point: 'point',
    seconds: 'time',
    relative: 'time',
    wall: 'time'
  } as Record<string, string>,
  log: 'Log y',
  legend: 'Legend',
  resetZoom: 'Reset zoom',
  resetZoomHint:
    'Drag over a chart to zoom, Shift + drag to pan, Ctrl + wheel to zoom in and out',
  choose: 'Metrics',
  search: 'Search metrics',
  all: 'All',
  none: 'None',
  noMatch: 'No metric of this name',
  allHidden: 'Every metric is hidden. Choose some under Metrics.',
  chart: (title: string, axis: string) => `${title} by ${axis}`,
  chartKeys:
    'Arrow keys move along the curve, plus and minus zoom, Shift and arrow keys pan, 0 resets',
  curve: (name: string, points: string, last: string) =>
    `${name}: ${points}, last ${last}`,
  actions: (title: string) => `More for ${title}`,
  table: 'Table',
  download: (kind: string, title: string) => `Download ${title} as ${kind}`,
  valuesOf: (title: string) => `Values of ${title}`,
  lessDetail: 'More detail comes when the cell is over.',
  stop: 'Stop',
  stopAsk: 'Interrupt the cell?',
  stopYes: 'Interrupt',
  stopNo: 'Keep running',
  stopping: 'Stopping…',
  stopLost:
    'The kernel did not answer: use the interrupt button of the notebook (■).',
  progress: 'Progress',
  progressOf: (done: string, total: string) => `${done} of ${total} steps`,
  left: (time: string) => `about ${time} left`
};

type Words = typeof en;

const it: Words = {
  metrics: n => `${count(n)} metric${n === 1 ? 'a' : 'he'}`,
  points: n => `${count(n)} punt${n === 1 ? 'o' : 'i'}`,
  charts: n => `${count(n)} grafic${n === 1 ? 'o' : 'i'}`,
  noMetric: 'ancora nessuna metrica',
  notDrawn: n =>
    `${count(n)} metric${n === 1 ? 'a' : 'he'} senza grafico dal vivo`,
  showMore: n =>
    n === 1 ? 'Mostra un altro grafico' : `Mostra altri ${n} grafici`,
  run: (name, state) => `Esecuzione ${name}: ${state}`,
  states: {
    RUNNING: 'In corso',
    FINISHED: 'Terminata',
    FAILED: 'Fallita',
    KILLED: 'Interrotta'
  },
  kernelGone: 'Kernel perso',
  links: {
    'Open in MLflow': 'Apri in MLflow',
    'Open in the studio': 'Apri nello studio'
  },
  controls: 'Come sono disegnati i grafici',
  smoothing: 'Smussamento',
  axis: 'Asse x',
  axes: { step: 'Passo', relative: 'Tempo relativo', wall: 'Ora' },
  axisUnits: {
    step: 'passo',
    point: 'punto',
    seconds: 'tempo',
    relative: 'tempo',
    wall: 'ora'
  },
  log: 'y logaritmica',
  legend: 'Legenda',
  resetZoom: 'Annulla zoom',
  resetZoomHint:
    'Trascina su un grafico per ingrandire, Maiusc + trascina per spostare, Ctrl + rotella per lo zoom',
  choose: 'Metriche',
  search: 'Cerca metriche',
  all: 'Tutte',
  none: 'Nessuna',
  noMatch: 'Nessuna metrica con questo nome',
  allHidden: 'Tutte le metriche sono nascoste. Sceglile sotto Metriche.',
  chart: (title, axis) => `${title} per ${axis}`,
  chartKeys:
    'Le frecce seguono la curva, più e meno cambiano lo zoom, Maiusc e frecce spostano, 0 annulla',
  curve: (name, points, last) => `${name}: ${points}, ultimo ${last}`,
  actions: title => `Altro per ${title}`,
  table: 'Tabella',
  download: (kind, title) => `Scarica ${title} come ${kind}`,
  valuesOf: title => `Valori di ${title}`,
  lessDetail: 'Più dettaglio quando la cella è finita.',
  stop: 'Ferma',
  stopAsk: 'Interrompere la cella?',
  stopYes: 'Interrompi',
  stopNo: 'Continua',
  stopping: 'Arresto in corso…',
  stopLost:
    'Il kernel non ha risposto: usa il pulsante di interruzione del notebook (■).',
  progress: 'Avanzamento',
  progressOf: (done, total) => `${done} di ${total} passi`,
  left: time => `ancora circa ${time}`
};

const languages: Record<string, Words> = { en, it };

/** The words of the page's language, or the browser's, or English. */
export function words(): Words {
  const named = [document.documentElement.lang, ...navigator.languages];
  return wordsFor(named.find(Boolean) ?? 'en');
}

export function wordsFor(language: string): Words {
  return languages[language.slice(0, 2).toLowerCase()] ?? en;
}

/** Numbers are written alike in every language, as Python sends them. */
function count(n: number): string {
  return n.toLocaleString('en');
}
