import type { ArtifactRef } from '../shared/artifact.ts';
import { canonicalJson } from '../shared/canonical-json.ts';
import {
  FINISHED_CURVE_COLUMNS,
  ORDER_COLUMNS,
  PLOT_COLUMNS,
  TRADE_COLUMNS,
  type FinishedCurveBlock,
  type OrderBlock,
  type PlotBlock,
  type RunWords,
  type TradeBlock,
} from '../shared/series.ts';
import type { AnalysisTables } from '../shared/tables.ts';
import { type FloatTable, type Columns, floatTable } from './arrow.ts';
import { createPyramid, type Pyramid } from './pyramid.ts';
import { joined, recut } from './recut.ts';
import type { ArtifactStore, ArtifactWriter } from './store.ts';

/** Rows of a record batch: 3 MB of a curve. A part of the format, since another size gives other bytes. */
const BATCH_ROWS = 65_536;

/** The final series of a run: Arrow IPC streams of float64 columns (words and tables are JSON), whose bytes do not depend on how the run was cut. */
export interface SeriesStore extends SeriesWriter {
  /** Writes all series of a result, or none of them. */
  together<Value>(work: (series: SeriesWriter) => Promise<Value>): Promise<Value>;
  readCurve(ref: ArtifactRef): Promise<FinishedCurveBlock>;
  readTrades(ref: ArtifactRef): Promise<TradeBlock>;
  readOrders(ref: ArtifactRef): Promise<OrderBlock>;
  readWords(ref: ArtifactRef): Promise<RunWords>;
  readPlots(ref: ArtifactRef): Promise<PlotBlock>;
  readTables(ref: ArtifactRef): Promise<AnalysisTables>;
  /** An empty pyramid for so many bars, to be filled while the curve is written. */
  pyramid(total?: number): Pyramid;
  readPyramid(ref: ArtifactRef): Promise<FinishedCurveBlock[]>;
}

export interface SeriesWriter {
  /** Stores all series that `work` writes in one file. */
  asOneFile<Value>(scope: string, work: (series: SeriesWriter) => Promise<Value>): Promise<Value>;
  writeCurve(scope: string, blocks: AsyncIterable<FinishedCurveBlock>): Promise<ArtifactRef>;
  writeTrades(scope: string, blocks: AsyncIterable<TradeBlock> | Iterable<TradeBlock>): Promise<ArtifactRef>;
  writeOrders(scope: string, blocks: AsyncIterable<OrderBlock> | Iterable<OrderBlock>): Promise<ArtifactRef>;
  writeWords(scope: string, words: RunWords): Promise<ArtifactRef>;
  writePlots(scope: string, blocks: AsyncIterable<PlotBlock> | Iterable<PlotBlock>): Promise<ArtifactRef>;
  writeTables(scope: string, tables: AnalysisTables): Promise<ArtifactRef>;
  /** The levels of a pyramid, from fine to coarse; one record batch each. */
  writePyramid(scope: string, levels: FinishedCurveBlock[]): Promise<ArtifactRef>;
}

type Blocks<Name extends string> = AsyncIterable<Columns<Name>> | Iterable<Columns<Name>>;

const curveTable = floatTable(FINISHED_CURVE_COLUMNS);
const tradeTable = floatTable(TRADE_COLUMNS);
const orderTable = floatTable(ORDER_COLUMNS);
const plotTable = floatTable(PLOT_COLUMNS);

export function createSeriesStore(artifacts: ArtifactStore): SeriesStore {
  async function read<Name extends string>(table: FloatTable<Name>, ref: ArtifactRef): Promise<Columns<Name>> {
    return joined(table.names, table.decode(await artifacts.get(ref)));
  }

  async function readJson(ref: ArtifactRef): Promise<unknown> {
    return JSON.parse(new TextDecoder().decode(await artifacts.get(ref)));
  }

  return {
    ...seriesWriter(artifacts),
    together: (work) => artifacts.together((files) => work(seriesWriter(files))),
    readCurve: (ref) => read(curveTable, ref),
    readTrades: (ref) => read(tradeTable, ref),
    readOrders: (ref) => read(orderTable, ref),
    readWords: async (ref) => (await readJson(ref)) as RunWords,
    readPlots: (ref) => read(plotTable, ref),
    readTables: async (ref) => (await readJson(ref)) as AnalysisTables,
    pyramid: createPyramid,
    readPyramid: async (ref) => curveTable.decode(await artifacts.get(ref)),
  };
}

function seriesWriter(files: ArtifactWriter): SeriesWriter {
  async function write<Name extends string>(scope: string, table: FloatTable<Name>, blocks: Blocks<Name>) {
    let rows = 0;
    async function* counted() {
      for await (const block of recut(table.names, blocks, BATCH_ROWS)) {
        rows += block[table.names[0]!].length;
        yield block;
      }
    }
    return files.putStream(scope, table.encode(counted()), () => rows);
  }

  return {
    asOneFile: (scope, work) => files.asOneFile(scope, (parts) => work(seriesWriter(parts))),
    writeCurve: (scope, blocks) => write(scope, curveTable, blocks),
    writeTrades: (scope, blocks) => write(scope, tradeTable, blocks),
    writeOrders: (scope, blocks) => write(scope, orderTable, blocks),
    writeWords: (scope, words) => files.put(scope, Buffer.from(canonicalJson(words)), words.lines.length),
    writePlots: (scope, blocks) => write(scope, plotTable, blocks),
    writeTables: (scope, tables) => files.put(scope, Buffer.from(canonicalJson(tables))),
    async writePyramid(scope, levels) {
      const rows = levels.reduce((sum, level) => sum + level.ts.length, 0);
      return files.putStream(scope, curveTable.encodeParts(levels), () => rows);
    },
  };
}
