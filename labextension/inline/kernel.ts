import type { CurveHead } from './frame';
import { readCurves, type Curve, type Offsets } from './frame';
import type { Model } from './model';

const PATIENCE_MS = 4000;

/** Part of a curve, finer than in a frame. */
export interface FineCurve {
  name: string;
  offsets: Offsets;
  curve: Curve;
}

interface Answer {
  answer: number;
  failed?: boolean;
  stopped?: boolean;
  charts?: (Pick<CurveHead, 'name' | 'drawn'> & { offsets: Offsets })[];
}

export interface Span {
  axis: 'place' | 'time';
  low: number;
  high: number;
}

/**
 * What the kernel is asked while a cell is running.
 *
 * It answers at once where messages reach it beside the cell (kernel subshells); elsewhere only
 * when the cell is over, which is taken for no answer.
 */
export class Kernel {
  constructor(private readonly model: Model) {
    model.on('msg:custom', this.listen);
  }

  /** Fine points of some metrics, within `span` or all there are; null without an answer. */
  async part(names: string[], span: Span | null): Promise<FineCurve[] | null> {
    const [answer, buffer] = await this.ask({ ask: 'part', names, ...span });
    if (!answer?.charts || !buffer) {
      return null;
    }
    const { charts } = answer;
    const curves = readCurves(
      charts.map(chart => chart.drawn),
      buffer
    );
    return charts.map(({ name, offsets }, i) => ({
      name,
      offsets,
      curve: curves[i]!
    }));
  }

  /** Interrupts the run's cell; tells whether there was one, null without an answer. */
  async stop(): Promise<boolean | null> {
    const [answer] = await this.ask({ ask: 'stop' });
    return answer?.stopped ?? null;
  }

  dispose(): void {
    this.model.off('msg:custom', this.listen);
    [...this.waiting.values()].forEach(give => give([]));
  }

  private ask(question: object): Promise<[Answer?, DataView?]> {
    const id = ++this.asked;
    return new Promise(resolve => {
      const timer = setTimeout(() => give([]), PATIENCE_MS);
      const give = (answer: [Answer?, DataView?]) => {
        clearTimeout(timer);
        this.waiting.delete(id);
        resolve(answer);
      };
      this.waiting.set(id, give);
      this.model.send({ ...question, id });
    });
  }

  private readonly listen = (content: object, buffers: DataView[]): void => {
    const answer = content as Partial<Answer>;
    if (typeof answer.answer === 'number') {
      this.waiting.get(answer.answer)?.([answer as Answer, buffers[0]]);
    }
  };

  private asked = Math.floor(Math.random() * 2 ** 40);
  private readonly waiting = new Map<
    number,
    (answer: [Answer?, DataView?]) => void
  >();
}
