import { apiUrl, currentToken, refused, UnreachableError, type Query } from './api.ts';

interface Upload {
  query: Query;
  file: File;
  type: string;
  /** Told the share that was sent. */
  onSent: (share: number) => void;
  signal: AbortSignal;
}

/** Sends a file as the body of a POST. By XMLHttpRequest, since `fetch` does not tell how much was sent. Fails as `callApi` does. */
export async function uploadFile<Answer>(path: string, { query, file, type, onSent, signal }: Upload): Promise<Answer> {
  const token = await currentToken();
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open('POST', apiUrl(path, query));
    request.setRequestHeader('content-type', type);
    if (token !== null) request.setRequestHeader('authorization', `Bearer ${token}`);
    request.upload.addEventListener('progress', ({ loaded, total }) => onSent(total === 0 ? 1 : loaded / total));
    request.addEventListener('load', () => {
      const { status, responseText } = request;
      if (status >= 200 && status < 300) resolve(JSON.parse(responseText) as Answer);
      else reject(refused(status, responseText));
    });
    request.addEventListener('error', () => reject(new UnreachableError(null)));
    request.addEventListener('abort', () => reject(new DOMException('given up', 'AbortError')));
    signal.addEventListener('abort', () => request.abort());
    request.send(file);
  });
}
