// What the palette offers on a plan page.
import { useNavigate } from '@solidjs/router';
import { createMemo, type Accessor } from 'solid-js';
import { language, setLanguage, t } from '../../i18n';
import type { PaletteItem } from '../palette/items';
import { workspacePaletteItems } from '../palette/workspace_items';
import { requestFocus } from '../state/focus';
import { toggleTheme } from '../state/theme';
import { useShell } from '../shell/use_shell';
import { add } from './actions';
import type { PlanView } from './context';

export function planPaletteItems(view: PlanView, acts: { showRemoved: () => void }): Accessor<readonly PaletteItem[]> {
  const navigate = useNavigate();
  const shell = useShell();
  const { plan } = view;

  const find = (id: string): void => {
    document.querySelector(`[data-glide][data-entity="${CSS.escape(id)}"]`)?.scrollIntoView({ block: 'center' });
    requestFocus(id, 'title');
  };
  return createMemo(() => {
    const words = t();
    const objectives = plan.children(plan.rootId(), 'objective').flatMap((id, index): PaletteItem[] => [
      { group: 'objectives', words: plan.text(id, 'title') || words.untitled, hint: words.plan.objectiveNumber(index + 1), run: () => find(id) },
      ...plan.children(id, 'key_result').map(
        (it, place): PaletteItem => ({
          group: 'objectives',
          words: plan.text(it, 'title') || words.untitled,
          hint: `${words.plan.objectiveNumber(index + 1)} · ${place + 1}`,
          run: () => find(it),
        }),
      ),
    ]);
    const checkIns = plan.children(plan.rootId(), 'objective').flatMap((id, index) =>
      plan.children(id, 'key_result').map(
        (it, place): PaletteItem => ({
          group: 'checkIns',
          words: words.checkIn.on(plan.text(it, 'title') || words.untitled),
          hint: `${words.plan.objectiveNumber(index + 1)} · ${place + 1}`,
          run: () => view.checkIn.ask(it),
        }),
      ),
    );
    const actions: PaletteItem[] = [
      { group: 'actions', words: words.palette.addObjective, run: () => add(plan, 'objective', plan.rootId()) },
      { group: 'actions', words: words.palette.showRemoved, run: acts.showRemoved },
      { group: 'actions', words: words.undo, run: () => void plan.document.undo() },
      { group: 'actions', words: words.redo, run: () => void plan.document.redo() },
      { group: 'actions', words: words.palette.toggleTheme, run: toggleTheme },
      { group: 'actions', words: words.palette.toggleLanguage, run: () => void setLanguage(language() === 'en' ? 'zh' : 'en') },
      { group: 'actions', words: words.palette.showKeys, run: () => shell.openKeys() },
      { group: 'actions', words: words.palette.toWorkspace, run: () => navigate(`/w/${view.workspaceId}`) },
    ];
    return [...actions, ...objectives, ...workspacePaletteItems(view.workspace, view, (href) => navigate(href)), ...checkIns];
  });
}
