import { useEffect, useState, type RefObject } from 'react';

/** CSS pixels that a canvas may be wide: as its parent is. 0 until that is known. */
export function useWidth(canvas: RefObject<HTMLCanvasElement | null>): number {
  const [width, setWidth] = useState(0);
  useEffect(() => {
    const watcher = new ResizeObserver(([entry]) => setWidth(Math.floor(entry!.contentRect.width)));
    watcher.observe(canvas.current!.parentElement!);
    return () => watcher.disconnect();
  }, [canvas]);
  return width;
}

/** An empty canvas of a size in CSS pixels, at the density of the screen, and a pen for it. */
export function blank(canvas: HTMLCanvasElement, width: number, height: number): CanvasRenderingContext2D {
  const scale = devicePixelRatio;
  Object.assign(canvas, { width: width * scale, height: height * scale });
  Object.assign(canvas.style, { width: `${width}px`, height: `${height}px` });
  const pen = canvas.getContext('2d')!;
  pen.scale(scale, scale);
  return pen;
}
