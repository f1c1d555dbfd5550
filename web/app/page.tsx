import { redirect } from 'next/navigation';

/** Where a server does not lead there by itself. */
export default function Home() {
  redirect('/runs/');
}
