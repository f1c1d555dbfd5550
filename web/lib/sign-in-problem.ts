import type { AuthError } from '@supabase/supabase-js';
import { RefusedError, UnreachableError } from './api.ts';

/** By the code of Supabase Auth: what it is, and what to do. Its own words stand in where there is none. */
const WORDS: Record<string, readonly [title: string, detail?: string]> = {
  invalid_credentials: ['E-mail or password is wrong', 'Check both, or ask for a link to a new password.'],
  email_not_confirmed: ['Your address is not confirmed', 'Open the link in the mail that you got when you signed up.'],
  weak_password: ['The password is too easy to guess'],
  same_password: ['This is your password already', 'Choose another one.'],
  signup_disabled: ['Nobody can sign up here', 'Ask the operator of this service for an account.'],
  user_banned: ['This account is closed', 'Ask the operator of this service.'],
  over_email_send_rate_limit: ['Too many mails', 'Wait some minutes, then try again.'],
  over_request_rate_limit: ['Too many tries', 'Wait some minutes, then try again.'],
};

/** Whether no answer came, or none that means anything: what was asked may do later. */
export const isAway = (error: AuthError): boolean => error.name === 'AuthRetryableFetchError';

/** What to tell whoever signs in of a refusal. */
export function signInProblem(error: AuthError): Error {
  if (isAway(error)) return new UnreachableError(error, 'The sign-in does not answer. Try again in a moment.');
  const [title = 'The sign-in was refused', detail = error.message] = WORDS[error.code ?? ''] ?? [];
  return new RefusedError({ type: 'about:blank', title, status: error.status ?? 400, detail, code: 'unauthorized', errors: [] });
}
