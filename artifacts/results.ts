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
import type { ArtifactStore } from './store.ts';

/** Rows of a record batch: 3 MB of a curve. A part of the format, since another size gives other bytes. */
const BATCH_ROWS = 65_536;

/** The final series of a run: Arrow IPC streams of float64 columns (words and tables are JSON), whose bytes do not depend on how the run was cut. */
export interface SeriesStore {
  writeCurve(scope: string, blocks: AsyncIterable<FinishedCurveBlock>): Promise<ArtifactRef>;
  readCurve(ref: ArtifactRef): Promise<FinishedCurveBlock>;
  writeTrades(scope: string, blocks: AsyncIterable<TradeBlock> | Iterable<TradeBlock>): Promise<ArtifactRef>;
  readTrades(ref: ArtifactRef): Promise<TradeBlock>;
  writeOrders(scope: string, blocks: AsyncIterable<OrderBlock> | Iterable<OrderBlock>): Promise<ArtifactRef>;
  readOrders(ref: ArtifactRef): Promise<OrderBlock>;
  writeWords(scope: string, words: RunWords): Promise<ArtifactRef>;
  readWords(ref: ArtifactRef): Promise<RunWords>;
  writePlots(scope: string, blocks: Iterable<PlotBlock>): Promise<ArtifactRef>;
  readPlots(ref: ArtifactRef): Promise<PlotBlock>;
  writeTables(scope: string, tables: AnalysisTables): Promise<ArtifactRef>;
  readTables(ref: ArtifactRef): Promise<AnalysisTables>;
  /** An empty pyramid, to be filled while the curve is written. */
  pyramid(): Pyramid;
  /** The levels of a pyramid, from fine to coarse; one record batch each. */
  writePyramid(scope: string, levels: FinishedCurveBlock[]): Promise<ArtifactRef>;
  readPyramid(ref: ArtifactRef): Promise<FinishedCurveBlock[]>;
}

type Blocks<Name extends string> = AsyncIterable<Columns<Name>> | Iterable<Columns<Name>>;

const curveTable = floatTable(FINISHED_CURVE_COLUMNS);
const tradeTable = floatTable(TRADE_COLUMNS);
const orderTable = floatTable(ORDER_COLUMNS);
const plotTable = floatTable(PLOT_COLUMNS);

export function createSeriesStore(artifacts: ArtifactStore): SeriesStore {
  async function write<Name extends string>(scope: string, table: FloatTable<Name>, blocks: Blocks<Name>) {
    let rows = 0;
    async function* counted() {
      for await (const block of recut(table.names, blocks, BATCH_ROWS)) {
        rows += block[table.names[0]!].length;
        yield block;
      }
    }
    return artifacts.putStream(scope, table.encode(counted()), () => rows);
  }

  async function read<Name extends string>(table: FloatTable<Name>, ref: ArtifactRef): Promise<Columns<Name>> {
    return joined(table.names, table.decode(await artifacts.get(ref)));
  }

  async function readJson(ref: ArtifactRef): Promise<unknown> {
    return JSON.parse(new TextDecoder().decode(await artifacts.get(ref)));
  }

  return {
    writeCurve: (scope, blocks) => write(scope, curveTable, blocks),
    readCurve: (ref) => read(curveTable, ref),
    writeTrades: (scope, blocks) => write(scope, tradeTable, blocks),
    readTrades: (ref) => read(tradeTable, ref),
    writeOrders: (scope, blocks) => write(scope, orderTable, blocks),
    readOrders: (ref) => read(orderTable, ref),
    writeWords: (scope, words) => artifacts.put(scope, Buffer.from(canonicalJson(words)), words.lines.length),
    readWords: async (ref) => (await readJson(ref)) as RunWords,
    writePlots: (scope, blocks) => write(scope, plotTable, blocks),
    readPlots: (ref) => read(plotTable, ref),
    writeTables: (scope, tables) => artifacts.put(scope, Buffer.from(canonicalJson(tables))),
    readTables: async (ref) => (await readJson(ref)) as AnalysisTables,
    pyramid: createPyramid,
    async writePyramid(scope, levels) {
      const rows = levels.reduce((sum, level) => sum + level.ts.length, 0);
      return artifacts.putStream(scope, curveTable.encodeParts(levels), () => rows);
    },
    readPyramid: async (ref) => curveTable.decode(await artifacts.get(ref)),
  };
}
