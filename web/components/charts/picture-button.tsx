'use client';
import { Icon } from '@/components/icon.tsx';
import { saveFile } from '@/lib/api.ts';
import { captioned, fileName, type Caption } from '@/lib/picture.ts';

interface Props {
  title: string;
  curves?: Caption['curves'];
  /** The chart as it is drawn; null where there is none yet. */
  picture: () => HTMLCanvasElement | null;
}

/** Saves a chart as it is shown, with a line that says what it is. */
export function PictureButton({ title, curves = [], picture }: Props) {
  const save = (): void => {
    const drawn = picture();
    if (drawn === null) return;
    captioned(drawn, { title, curves }).toBlob((png) => png && saveFile(png, fileName(title)), 'image/png');
  };
  return (
    <button type="button" className="button" aria-label="Save the chart as PNG" onClick={save}>
      <Icon name="download" size={14} /> PNG
    </button>
  );
}
