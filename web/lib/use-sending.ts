import { useState, type FormEvent } from 'react';

/** Sends what a form has, once at a time. It stays busy after a success: the page then goes elsewhere. */
export function useSending(send: () => Promise<void>) {
  const [{ busy, refused }, set] = useState<{ busy: boolean; refused: unknown }>({ busy: false, refused: null });
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    set({ busy: true, refused: null });
    send().catch((error: unknown) => set({ busy: false, refused: error }));
  };
  return { busy, refused, submit };
}
