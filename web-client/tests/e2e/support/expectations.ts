// What tests say about several people at once.
import { expect } from 'vitest';
import type { PlanPage } from './plan_page';

// Everybody sees this title; what they see instead is in the failure.
export async function everybodySees(plans: readonly PlanPage[], id: string, title: string): Promise<void> {
  await expect.poll(() => Promise.all(plans.map((it) => it.titleText(id)))).toEqual(plans.map(() => title));
}
