// The real browser, and the people in it: each has a browser profile of their own. Whatever a page complains about (an exception, a
// console error, a breach of the Content-Security-Policy) fails the test it happens in.
import { existsSync } from 'node:fs';
import { chromium, type Browser, type BrowserContext, type BrowserContextOptions, type CDPSession, type Page } from 'playwright-core';

const programs = [process.env['OKRA_CHROMIUM'], '/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];
const flags = ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'];

export function browserProgram(): string {
  const found = programs.find((it) => it !== undefined && existsSync(it));
  if (found === undefined) throw new Error('There is no Chromium here: tools/setup --browser installs it, or set OKRA_CHROMIUM.');
  return found;
}

export function launchBrowser(): Promise<Browser> {
  return chromium.launch({ executablePath: browserProgram(), args: flags });
}

export interface PersonOptions {
  readonly url: string; // of the server, as this person reaches it
  readonly name?: string | null; // null: has never been asked for one
  readonly language?: 'en' | 'zh';
  readonly theme?: 'light' | 'dark';
  readonly phone?: boolean;
  readonly width?: number;
  readonly height?: number;
  readonly reducedMotion?: boolean;
  readonly keepsPage?: boolean; // by a service worker, as a browser outside of tests does; else each visit is the server's answer
}

const waitMs = 15_000; // for anything a person waits for
const desktop = { width: 1360, height: 860 };
const phone = { width: 390, height: 844 };

// While the server or the network is away on purpose, a browser says so in its console.
const outageWords = [/^WebSocket connection to '.*' failed/, /^Failed to load resource: net::ERR_/];

export class Person {
  readonly context: BrowserContext;
  readonly problems: string[] = [];
  expectsOutage = false;
  private readonly url: string;

  private constructor(context: BrowserContext, url: string) {
    this.context = context;
    this.url = url;
  }

  static async in(browser: Browser, options: PersonOptions): Promise<Person> {
    const { name = 'Mara Lindqvist', language = 'en', theme = 'light' } = options;
    const { width, height } = options.phone === true ? phone : desktop;
    const size = { width: options.width ?? width, height: options.height ?? height };
    const settings: BrowserContextOptions = {
      viewport: size,
      locale: language === 'zh' ? 'zh-CN' : 'en-GB',
      colorScheme: theme,
      reducedMotion: options.reducedMotion === true ? 'reduce' : 'no-preference',
      serviceWorkers: options.keepsPage === true ? 'allow' : 'block',
      hasTouch: options.phone === true,
      isMobile: options.phone === true,
    };
    const person = new Person(await browser.newContext(settings), options.url);
    person.context.setDefaultTimeout(waitMs);
    if (name !== null) await person.context.addInitScript(introduce, name);
    await person.context.addInitScript(reportBreaches);
    person.context.on('page', (page) => person.listen(page));
    return person;
  }

  async open(path: string): Promise<Page> {
    const page = await this.context.newPage();
    await page.goto(this.url + path);
    return page;
  }
  address(path: string): string {
    return this.url + path;
  }

  private listen(page: Page): void {
    page.on('pageerror', (error) => this.problems.push(`exception: ${error.stack ?? error.message}`));
    page.on('console', (message) => {
      if (message.type() !== 'error') return;
      const words = message.text();
      if (this.expectsOutage && outageWords.some((it) => it.test(words))) return;
      this.problems.push(`console: ${words} (${message.location().url})`);
    });
  }
}

function introduce(name: string): void {
  if (location.protocol === 'http:') localStorage.setItem('okra.name', localStorage.getItem('okra.name') ?? name); // about:blank has no storage
}
function reportBreaches(): void {
  document.addEventListener('securitypolicyviolation', (event) => console.error(`Content-Security-Policy: ${event.violatedDirective} refused ${event.blockedURI} at ${event.sourceFile}`));
}

// An input method, as far as a page can tell: what is composed is shown and changes with every key, until the words are chosen.
export class InputMethod {
  private readonly session: CDPSession;

  private constructor(session: CDPSession) {
    this.session = session;
  }

  static async on(page: Page): Promise<InputMethod> {
    return new InputMethod(await page.context().newCDPSession(page));
  }
  async compose(text: string): Promise<void> {
    await this.session.send('Input.imeSetComposition', { text, selectionStart: text.length, selectionEnd: text.length });
  }
  async choose(text: string): Promise<void> {
    await this.session.send('Input.insertText', { text });
  }
}
