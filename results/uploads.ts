import type { Upload } from '../shared/upload.ts';

/** What of a row store is about bars that owners have uploaded; each method is one transaction. */
export interface UploadStore {
  /** In place of an earlier one of that name; false where there was none. */
  saveUpload(upload: Upload): Promise<boolean>;
  /** One upload of this owner; null for someone else's, too. */
  getUpload(owner: string, name: string): Promise<Upload | null>;
  /** In the order of their names. */
  listUploads(owner: string): Promise<Upload[]>;
  /** False when there is none of that name. */
  removeUpload(owner: string, name: string): Promise<boolean>;
}
