import { NewPasswordView } from '@/components/sign-in/new-password-view.tsx';

export const metadata = { title: 'New password' };

export default function NewPasswordPage() {
  return <NewPasswordView />;
}
