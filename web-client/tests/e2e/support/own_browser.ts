// A browser as people have it: started by hand with a profile on the disk, so that it can be killed as by a power cut and started again, and
// without the switches with which tests usually start one (they turn the back/forward cache off).
import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium, type Browser, type Page } from 'playwright-core';
import { browserProgram } from './browser';

const flags = ['--headless=new', '--no-sandbox', '--disable-gpu', '--no-first-run', '--remote-debugging-port=0', '--disable-background-networking', '--disable-component-update', '--disable-sync', '--window-size=1360,860'];
const startMs = 30_000;

export class OwnBrowser {
  private readonly profile: string;
  private child: ChildProcess | null = null;
  private browser: Browser | null = null;

  private constructor(profile: string) {
    this.profile = profile;
  }

  static async start(): Promise<OwnBrowser> {
    const own = new OwnBrowser(await mkdtemp(join(tmpdir(), 'okra-browser-')));
    await own.start();
    return own;
  }

  // Also again after `kill`: with what is left of the profile.
  async start(): Promise<void> {
    const child = spawn(browserProgram(), [...flags, `--user-data-dir=${this.profile}`, 'about:blank'], { stdio: ['ignore', 'ignore', 'pipe'] });
    this.child = child;
    const address = await new Promise<string>((done, failed) => {
      let said = '';
      const timer = setTimeout(() => failed(new Error(`The browser did not start:\n${said}`)), startMs);
      child.stderr?.on('data', (chunk: Buffer) => {
        said += chunk.toString();
        const found = /DevTools listening on (ws:\S+)/.exec(said);
        if (found?.[1] === undefined) return;
        clearTimeout(timer);
        done(found[1]);
      });
    });
    this.browser = await chromium.connectOverCDP(address);
  }

  async open(address: string): Promise<Page> {
    const context = this.browser?.contexts()[0];
    if (context === undefined) throw new Error('The browser does not run.');
    const page = context.pages()[0] ?? (await context.newPage());
    await page.goto(address);
    return page;
  }

  // The whole browser at once; the pages have no moment for anything.
  async kill(): Promise<void> {
    const { child } = this;
    this.child = null;
    if (child === null) return;
    const gone = new Promise((done) => child.once('exit', done));
    child.kill('SIGKILL');
    await gone;
    await this.browser?.close().catch(() => {});
  }

  async dispose(): Promise<void> {
    await this.kill();
    await rm(this.profile, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
  }
}
