import { SignInView } from '@/components/sign-in/sign-in-view.tsx';

export const metadata = { title: 'Sign in' };

export default function SignInPage() {
  return <SignInView />;
}
