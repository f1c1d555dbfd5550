import type { Upload } from '../shared/upload.ts';
import { fromColumns, toColumns } from './columns.ts';
import type { Calls } from './supabase-calls.ts';
import type { UploadStore } from './uploads.ts';

/** What of a store is about uploads. */
export function uploadIntents({ call, callOnce }: Calls): UploadStore {
  return {
    saveUpload: (upload) => callOnce('save_upload', { upload: toColumns(upload) }),
    getUpload: async (owner, name) => {
      const upload = await call<object | null>('get_upload', { owner, name });
      return upload && fromColumns<Upload>(upload);
    },
    listUploads: async (owner) => (await call<object[]>('list_uploads', { owner })).map(fromColumns<Upload>),
    removeUpload: (owner, name) => callOnce('remove_upload', { owner, name }),
  };
}
