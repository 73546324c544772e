// A team or a cycle in its tree: the name, then what is its own, then its menu. Alt with the arrows moves it through the tree.
import type { LiveStore } from '../../store/live_store';
import type { ParentProps } from 'solid-js';
import type { EntityId } from '../../sync/api';
import { t } from '../../i18n';
import type { MenuItem } from '../kit/menu';
import { describe, enterIn, removeIfEmpty } from '../plan/actions';
import { DragHandle } from '../plan/drag_handle';
import { rowKeys, type RowKeys } from '../rows/row_keys';
import { RowMenu } from '../rows/row_menu';
import { useSession } from '../state/session';
import { TextField } from '../text/text_field';
import { addToTree, nest, unnest, type TreeKind } from './tree_actions';

interface TreeRowProps extends ParentProps {
  readonly id: EntityId;
  readonly kind: TreeKind;
  readonly class?: string;
  readonly depth?: number;
  readonly label: string;
  readonly placeholder: string;
  readonly inside: string | null; // words for adding one inside; null: it is as deep as it may be
  readonly handle?: boolean; // a place to take hold of it stands first
}

// For the item that the row and what is nested in it stand in.
export function treeKeys(workspace: LiveStore, id: EntityId): RowKeys {
  return rowKeys(workspace, id, { ArrowRight: () => nest(workspace, id), ArrowLeft: () => unnest(workspace, id) });
}

export function TreeRow(props: TreeRowProps) {
  const { workspace } = useSession();
  const parent = () => workspace.entity(props.id)?.parent ?? workspace.rootId();
  const inside = (): readonly MenuItem[] => (props.inside === null ? [] : [{ label: props.inside, icon: 'add', run: () => addToTree(workspace, props.kind, props.id) }]);
  const moves = (): readonly MenuItem[] => [
    { label: t().workspace.nest, hint: 'Alt →', run: () => nest(workspace, props.id) },
    { label: t().workspace.unnest, hint: 'Alt ←', run: () => unnest(workspace, props.id) },
  ];
  return (
    <div class={`tree-row ${props.class ?? ''}`} data-depth={props.depth} data-drag-row>
      {props.handle && <DragHandle id={props.id} kind={props.kind} store={workspace} words="" label={describe(workspace, props.id)} />}
      <TextField
        class="tree-name"
        store={workspace}
        id={props.id}
        field="name"
        label={props.label}
        placeholder={props.placeholder}
        onEnter={() => enterIn(workspace, props.id, () => addToTree(workspace, props.kind, parent(), props.id))}
        pastesRows
        onEmptyBackspace={() => removeIfEmpty(workspace, props.id)}
      />
      <div class="tree-acts">
        {props.children}
        <RowMenu store={workspace} id={props.id} before={inside()} moves={moves()} />
      </div>
    </div>
  );
}
