import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import type { Page } from 'playwright-core';
import { PUBLISHABLE_KEY, startAuthDouble, type AuthDouble } from '../rig/auth-double.ts';
import { startService, type Service } from '../rig/service.ts';
import { shoot, startBrowser, violations, type TestBrowser } from './rig/browser.ts';

const PASSWORD = 'correct horse battery';
const HOUR_SECONDS = 3_600;

describe.skipIf(inject('noBrowser') !== null)('signing in to a service with users of its own', () => {
  let auth: AuthDouble;
  let service: Service;
  let browser: TestBrowser;
  beforeAll(async () => {
    auth = await startAuthDouble();
    const env = { HOLDFAST_PAGE: inject('pageFolder'), SUPABASE_URL: auth.url, SUPABASE_PUBLISHABLE_KEY: PUBLISHABLE_KEY };
    service = await startService({ temporalAddress: inject('temporalAddress'), env });
    auth.state.allowedRedirects = [`${service.url}/sign-in/`, `${service.url}/sign-in/password/`];
    browser = await startBrowser();
  });
  afterAll(async () => {
    await browser?.close();
    await service?.[Symbol.asyncDispose]();
    await auth?.[Symbol.asyncDispose]();
  });

  const heading = (page: Page, name: string) => page.getByRole('heading', { name, level: 1 });
  async function fillIn(page: Page, email: string, password: string): Promise<void> {
    await page.getByLabel('E-mail').fill(email);
    await page.getByLabel('Password').fill(password);
    await page.getByRole('button', { name: 'Sign in', exact: true }).click();
  }
  async function signedIn(email: string, path = '/runs/') {
    auth.add(email, PASSWORD);
    auth.state.secondsAhead = 0;
    const opened = await browser.open();
    // Hours can then go by for the page as for the double.
    await opened.page.clock.install();
    await opened.page.goto(`${service.url}${path}`);
    await fillIn(opened.page, email, PASSWORD);
    await opened.page.getByRole('button', { name: `Signed in: ${email}` }).waitFor();
    return opened;
  }
  async function pass(page: Page, seconds: number): Promise<void> {
    auth.state.secondsAhead += seconds;
    await page.clock.fastForward(seconds * 1_000);
  }
  const lastMail = async (to: string) => {
    await expect.poll(() => auth.mails.at(-1)?.to).toBe(to);
    return auth.mails.at(-1)!;
  };

  it('signs up by a mailed link, and leads to the runs', async () => {
    const { page, problems } = await browser.open();
    await page.goto(`${service.url}/runs/`);
    await page.getByRole('button', { name: 'Sign up' }).click();
    expect(await violations(page)).toEqual([]);
    await shoot(page, 'sign-up');
    await page.getByLabel('E-mail').fill('new@example.com');
    await page.getByLabel('Password').fill(PASSWORD);
    await page.getByRole('button', { name: 'Sign up', exact: true }).click();
    await page.getByRole('status').getByText('confirms your address').waitFor();
    expect(await violations(page)).toEqual([]);
    await page.goto((await lastMail('new@example.com')).link);
    await heading(page, 'Runs').waitFor();
    await page.getByRole('button', { name: 'Signed in: new@example.com' }).waitFor();
    expect(page.url()).not.toContain('code=');
    expect(problems).toEqual([]);
    await page.close();
  });

  it('says that an address is confirmed where its link was opened in another browser, and that an old link is no good', async () => {
    const asked = await browser.open();
    await asked.page.goto(`${service.url}/sign-in/`);
    await asked.page.getByRole('button', { name: 'Sign up' }).click();
    await asked.page.getByLabel('E-mail').fill('phone@example.com');
    await asked.page.getByLabel('Password').fill(PASSWORD);
    await asked.page.getByRole('button', { name: 'Sign up', exact: true }).click();
    const { link } = await lastMail('phone@example.com');
    const { page } = await browser.open({ width: 'phone' });
    await page.goto(link);
    await page.getByText('Your address is confirmed. Sign in to begin.').waitFor();
    expect(await violations(page)).toEqual([]);
    await page.goto(link);
    await page.getByText('The link is used up or too old.').waitFor();
    await fillIn(page, 'phone@example.com', PASSWORD);
    await heading(page, 'Runs').waitFor();
    await asked.page.close();
    await page.close();
  });

  it('refuses a wrong password in words, leads back to where someone came from, and forgets them when they sign out', async () => {
    auth.add('ann@example.com', PASSWORD);
    const { page, problems } = await browser.open();
    await page.goto(`${service.url}/runs/?status=failed`);
    await page.waitForURL(/\/sign-in\//);
    await fillIn(page, 'ann@example.com', 'wrong password');
    await page.getByRole('alert').getByText('E-mail or password is wrong').waitFor();
    expect(await violations(page)).toEqual([]);
    await shoot(page, 'sign-in');
    await fillIn(page, 'ann@example.com', PASSWORD);
    await page.waitForURL(`${service.url}/runs/?status=failed`);
    await page.reload();
    await page.getByRole('button', { name: 'Signed in: ann@example.com' }).click();
    await page.getByRole('menuitem', { name: 'Sign out' }).click();
    await page.getByText('You have signed out.').waitFor();
    await page.goto(`${service.url}/runs/`);
    await page.getByLabel('Password').waitFor();
    expect(await page.evaluate(() => Object.keys(localStorage).filter((key) => key.includes('auth-token')))).toEqual([]);
    expect(problems.filter((text) => !text.includes('status of 400'))).toEqual([]);
    await page.close();
  });

  it('gives a new password by a mailed link, once', async () => {
    auth.add('bob@example.com', PASSWORD);
    const { page } = await browser.open();
    await page.goto(`${service.url}/sign-in/`);
    await page.getByRole('button', { name: 'Forgot the password?' }).click();
    expect(await violations(page)).toEqual([]);
    await page.getByLabel('E-mail').fill('bob@example.com');
    await page.getByRole('button', { name: 'Send a link' }).click();
    const { link } = await lastMail('bob@example.com');
    await page.goto(link);
    await page.getByLabel('New password').fill(PASSWORD);
    await page.getByRole('button', { name: 'Set it' }).click();
    await page.getByRole('alert').getByText('This is your password already').waitFor();
    expect(await violations(page)).toEqual([]);
    await shoot(page, 'new-password');
    await page.getByLabel('New password').fill('another password');
    await page.getByRole('button', { name: 'Set it' }).click();
    await heading(page, 'Runs').waitFor();

    const later = await browser.open();
    await later.page.goto(link);
    await later.page.getByText('This link is used up').waitFor();
    expect(await violations(later.page)).toEqual([]);
    await later.page.goto(`${service.url}/sign-in/`);
    await fillIn(later.page, 'bob@example.com', 'another password');
    await heading(later.page, 'Runs').waitFor();
    await later.page.close();
    await page.close();
  });

  it('renews a session without a word, and keeps a form that is half filled in', async () => {
    const { page, problems } = await signedIn('cy@example.com', '/runs/new/');
    await page.getByRole('textbox', { name: 'Name', exact: true }).fill('Half written');
    const before = auth.state.renewed;
    await pass(page, HOUR_SECONDS);
    await expect.poll(() => auth.state.renewed).toBeGreaterThan(before);
    expect(await page.getByRole('textbox', { name: 'Name', exact: true }).inputValue()).toBe('Half written');
    expect(await page.getByRole('dialog').count()).toBe(0);
    await page.getByRole('button', { name: 'Start the run' }).click();
    await heading(page, 'Half written').waitFor();
    expect(problems).toEqual([]);
    await page.close();
  });

  it('asks to sign in again over a form when the session has ended, and the form goes on', async () => {
    const { page } = await signedIn('dee@example.com', '/runs/new/');
    await page.getByRole('textbox', { name: 'Name', exact: true }).fill('Written overnight');
    await page.getByRole('spinbutton', { name: 'fast' }).fill('7');
    auth.endSessionsOf('dee@example.com');
    await pass(page, 2 * HOUR_SECONDS);
    const dialog = page.getByRole('dialog', { name: 'Your session has ended' });
    await dialog.waitFor();
    expect(await violations(page)).toEqual([]);
    await shoot(page, 'sign-in-again');
    await fillIn(page, 'dee@example.com', PASSWORD);
    await dialog.waitFor({ state: 'detached' });
    expect(await page.getByRole('textbox', { name: 'Name', exact: true }).inputValue()).toBe('Written overnight');
    expect(await page.getByRole('spinbutton', { name: 'fast' }).inputValue()).toBe('7');
    await page.getByRole('button', { name: 'Start the run' }).click();
    await heading(page, 'Written overnight').waitFor();
    await page.close();
  });

  it('keeps a session while the sign-in is away, and shows nothing of one user to the next', async () => {
    const { page } = await signedIn('eve@example.com');
    auth.state.isAway = true;
    await pass(page, HOUR_SECONDS);
    await page.getByText(/No connection for/).waitFor();
    expect(await page.getByRole('dialog').count()).toBe(0);
    auth.state.isAway = false;
    await pass(page, 120);
    await page.getByText(/No connection for/).waitFor({ state: 'detached' });

    auth.add('fay@example.com', PASSWORD);
    auth.endSessionsOf('eve@example.com');
    await pass(page, 2 * HOUR_SECONDS);
    await page.getByRole('dialog', { name: 'Your session has ended' }).waitFor();
    const loaded = page.waitForEvent('load');
    await fillIn(page, 'fay@example.com', PASSWORD);
    await loaded;
    await page.getByRole('button', { name: 'Signed in: fay@example.com' }).waitFor();
    await page.close();
  });
});
