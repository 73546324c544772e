// What a file of tests stands on: one server, one browser, people who are gone after each test.
import { afterAll, afterEach, beforeAll, expect } from 'vitest';
import type { Browser } from 'playwright-core';
import { launchBrowser, Person, type PersonOptions } from './browser';
import { Line } from './line';
import { seedPlan, type PlanSeed } from './seed';
import { OkraServer } from './server';

export interface Stage {
  readonly server: OkraServer;
  readonly browser: Browser;
  // A new person with a browser profile of their own.
  person(options?: Partial<PersonOptions>): Promise<Person>;
  // The same on a line of their own to the server.
  personOnLine(options?: Partial<PersonOptions>): Promise<{ person: Person; line: Line }>;
  // From here to the end of the test the server or the network may be away.
  expectOutage(): void;
  // A new workspace with one plan; returns the plan's path.
  plan(seed: PlanSeed): Promise<string>;
}

export function useStage(): Stage {
  let server: OkraServer | undefined;
  let browser: Browser | undefined;
  let people: Person[] = [];
  let lines: Line[] = [];
  let outage = false;
  let plans = 0;

  const present = <T>(it: T | undefined): T => {
    if (it === undefined) throw new Error('The stage is not set up yet.');
    return it;
  };
  beforeAll(async () => {
    [server, browser] = await Promise.all([OkraServer.start(), launchBrowser()]);
  });
  afterEach(async () => {
    const problems = people.flatMap((it) => it.problems);
    await Promise.all(people.map((it) => it.context.close()));
    await Promise.all(lines.map((it) => it.dispose()));
    people = [];
    lines = [];
    outage = false;
    if (server?.running === false) await server.start();
    expect(server?.crashes.splice(0)).toEqual([]);
    expect(problems, 'what pages complained about').toEqual([]);
  });
  afterAll(async () => {
    await browser?.close();
    await server?.dispose();
  });

  const enter = async (options: PersonOptions): Promise<Person> => {
    const person = await Person.in(present(browser), options);
    person.expectsOutage = outage;
    people.push(person);
    return person;
  };
  return {
    get server() {
      return present(server);
    },
    get browser() {
      return present(browser);
    },
    person: (options = {}) => enter({ url: present(server).url, ...options }),
    personOnLine: async (options = {}) => {
      const line = await Line.to(() => present(server).port);
      lines.push(line);
      return { line, person: await enter({ ...options, url: line.url }) };
    },
    expectOutage: () => {
      outage = true;
      for (const person of people) person.expectsOutage = true;
    },
    plan: (seed) => seedPlan(present(server), `test-${++plans}`, seed),
  };
}
