import { createMarketData, type MarketData, type MarketDataOptions } from '../catalog.ts';
import type { SourceMemory } from '../source-memory.ts';
import { UPLOAD_PREFIX, type Upload } from '../../shared/upload.ts';
import { createUploadSource } from './upload-source.ts';

/** What each owner may take bars from: the sources of everyone, and their own uploads. */
export interface OwnersMarketData {
  of(owner: string): MarketData;
}

/** Where uploads are kept, as far as reading them goes. */
export interface UploadReader {
  getUpload(owner: string, name: string): Promise<Upload | null>;
  listUploads(owner: string): Promise<Upload[]>;
}

/** `rows`: the row store. */
export function createOwnersMarketData(given: Omit<MarketDataOptions, 'memory'>, rows: UploadReader & SourceMemory): OwnersMarketData {
  const options = { ...given, memory: rows };
  const shared = createMarketData(options);

  const uploadsOf = async (owner: string) => (await rows.listUploads(owner)).map((upload) => createUploadSource(upload, options.artifacts));

  return {
    of(owner) {
      const holding = async (source: string): Promise<MarketData> => {
        const name = uploadNameOf(source);
        if (name === null) return shared;
        const upload = await rows.getUpload(owner, name);
        // Nobody knows the source: those that there are stand in the error.
        return upload === null
          ? createMarketData({ ...options, sources: [...options.sources, ...(await uploadsOf(owner))] })
          : uploadedMarketData(upload, options);
      };
      return {
        sources: async () => [...(await shared.sources()), ...(await uploadsOf(owner)).map((source) => source.describe())],
        symbols: async (source) => (await holding(source)).symbols(source),
        withMembers: async (spec) => (await holding(spec.data.source)).withMembers(spec),
        windowAt: async (data, time) => (await holding(data.source)).windowAt(data, time),
        check: async (spec) => (await holding(spec.data.source)).check(spec),
        cached: async (spec) => (await holding(spec.data.source)).cached(spec),
        quote: async (spec) => (await holding(spec.data.source)).quote(spec),
        fetch: async (spec, ...rest) => (await holding(spec.data.source)).fetch(spec, ...rest),
        origin: (dataset) => shared.origin(dataset),
      };
    },
  };
}

/** The bars of one upload; datasets that are made of them belong to its owner. */
export function uploadedMarketData(upload: Upload, options: Omit<MarketDataOptions, 'sources' | 'scope'>): MarketData {
  return createMarketData({ ...options, sources: [createUploadSource(upload, options.artifacts)], scope: upload.owner });
}

/** Null for a source of everyone. */
export function uploadNameOf(source: string): string | null {
  return source.startsWith(UPLOAD_PREFIX) ? source.slice(UPLOAD_PREFIX.length) : null;
}
