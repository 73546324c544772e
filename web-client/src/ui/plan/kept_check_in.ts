// Where what is typed in a check-in's form is kept until it is saved.
import type { EntityId } from '../../sync/api';
import type { LiveStore } from '../../store/live_store';
import type { KeptPlace } from '../../store/kept_input';

export const checkInForm = 'check_in';

export const checkInPlace = (plan: LiveStore, keyResult: EntityId): KeptPlace => ({ document: plan.document.name, entity: keyResult, form: checkInForm });
