// When a key result is stale, at risk or off track in this workspace. The server computes with these numbers; what is not set here is
// as usual.
import type { ParentProps } from 'solid-js';
import { formats, t } from '../../i18n';
import { NumberField } from '../fields/number_field';
import { LossNotes } from '../plan/loss_notes';
import { useSession } from '../state/session';

// As in protocol/document/derive/figures.hpp.
const usual = { check_in_days: 7, pace_on_track_gap: 10, pace_at_risk_gap: 25, confidence_green: 7, confidence_amber: 4 };
type Setting = keyof typeof usual;
const inPercent = { type: 'share', bare: 'percent' } as const;

export function Settings() {
  const { workspace } = useSession();
  const root = workspace.rootId();
  const value = (field: Setting, scale = 1) => (workspace.number(root, field) ?? usual[field] / scale) * scale;
  const paceMixed = () => value('pace_at_risk_gap', 100) < value('pace_on_track_gap', 100);
  const confidenceMixed = () => value('confidence_amber') > value('confidence_green');
  const Field = (props: { field: Setting; percent?: boolean; unit?: string }) => (
    <label class="setting">
      <span>{t().settings[props.field]}</span>
      <NumberField
        store={workspace}
        id={root}
        field={props.field}
        label={t().settings[props.field]}
        unit={props.unit ?? null}
        {...(props.percent ? { measure: inPercent } : {})}
        placeholder={t().settings.usual(formats().measure(usual[props.field], props.percent ? '%' : (props.unit ?? null)))}
      />
    </label>
  );
  return (
    <section class="tree" aria-labelledby="settings-title" data-entity={root}>
      <h2 id="settings-title" class="section-title">
        {t().settings.title}
      </h2>
      <div class="settings">
        <Group title={t().settings.rhythm} why={t().settings.checkInWhy}>
          <Field field="check_in_days" unit={t().settings.days} />
        </Group>
        <Group title={t().settings.pace} why={paceMixed() ? t().settings.paceOrder : t().settings.paceWhy} warns={paceMixed()}>
          <Field field="pace_on_track_gap" percent />
          <Field field="pace_at_risk_gap" percent />
        </Group>
        <Group title={t().settings.confidence} why={confidenceMixed() ? t().settings.confidenceOrder : t().settings.confidenceWhy} warns={confidenceMixed()}>
          <Field field="confidence_green" />
          <Field field="confidence_amber" />
        </Group>
      </div>
      <LossNotes store={workspace} workspace={workspace} id={root} />
    </section>
  );
}

function Group(props: ParentProps<{ title: string; why: string; warns?: boolean }>) {
  return (
    <div class="setting-group" role="group" aria-label={props.title}>
      <h3>{props.title}</h3>
      {props.children}
      <p class="quiet" classList={{ 'setting-warns': props.warns ?? false }} role={props.warns ? 'status' : undefined}>
        {props.why}
      </p>
    </div>
  );
}
