use leptos::prelude::*;
use tidemark_domain::plan::{BackupPlan, BackupRule, Lifecycle, PlanKnowledge, days_text};

use super::super::editor::{retentions, timing, window, zone_name};
use crate::{
    components::{Copyable, LifecycleScale, WindowBar, minutes},
    server_fns::plans::PlanAddress,
};

/// The rules of a plan: drawn together, then one by one in words.
pub(super) fn rules(
    plan: &BackupPlan,
    address: &PlanAddress,
    manages: bool,
) -> impl IntoView + use<> {
    let windows: Vec<_> = plan.rules.iter().map(window).collect();
    let known = PlanKnowledge::default();
    let kept: Vec<_> = plan
        .rules
        .iter()
        .flat_map(|rule| retentions(rule, &known))
        .collect();
    let zone = zones(plan);
    let each = plan
        .rules
        .iter()
        .enumerate()
        .map(|(index, rule)| one(index, rule, address, manages))
        .collect_view();
    view! {
        <section aria-labelledby="day-title">
            <h2 id="day-title">"Backup windows"</h2>
            <WindowBar windows=Signal::stored(windows) zone=Signal::stored(zone)/>
        </section>
        <section aria-labelledby="kept-title">
            <h2 id="kept-title">"Retention"</h2>
            <LifecycleScale rows=Signal::stored(kept)/>
        </section>
        <section aria-labelledby="rules-title">
            <h2 id="rules-title">"Rules"</h2>
            {each}
        </section>
    }
}

/// The zones that the rules' schedules are in.
fn zones(plan: &BackupPlan) -> String {
    let mut names: Vec<String> = plan
        .rules
        .iter()
        .map(|rule| {
            rule.schedule_expression_timezone
                .clone()
                .unwrap_or_else(|| "UTC".to_owned())
        })
        .collect();
    names.sort();
    names.dedup();
    match names.as_slice() {
        [one] => one.clone(),
        _ => "each rule's own zone".to_owned(),
    }
}

fn one(
    index: usize,
    rule: &BackupRule,
    address: &PlanAddress,
    manages: bool,
) -> impl IntoView + use<> {
    let words = match timing(rule) {
        Some((cron, zone)) => format!("{} ({})", cron.explain(), zone_name(&zone)),
        None => "cannot be read".to_owned(),
    };
    let run = manages.then(|| {
        let mut query = address.query();
        query.push("rule", &rule.rule_name);
        let name = rule.rule_name.clone();
        view! {
            <a class="button button-small" href=query.on("/plans/run")>
                "Run now" <span class="visually-hidden">{format!(" {name}")}</span>
            </a>
        }
    });
    let title = format!("rule-{index}");
    let copies = rule
        .copies()
        .iter()
        .map(|copy| {
            let kept = lifecycle(copy.lifecycle.as_ref());
            view! {
                <dt>"Copy"</dt>
                <dd><Copyable text=copy.destination_backup_vault_arn.clone() label="vault ARN"/> ", " {kept}</dd>
            }
        })
        .collect_view();
    let tags = rule.recovery_point_tags.as_ref().map(|tags| {
        let text: Vec<String> = tags.iter().map(|(k, v)| format!("{k}={v}")).collect();
        view! { <dt>"Tags of points"</dt><dd>{text.join(", ")}</dd> }
    });
    let continuous = rule
        .continuous()
        .then(|| view! { <dt>"Continuous"</dt><dd>"any second of the last 35 days, where the type supports it"</dd> });
    view! {
        <section class="panel plan-part" aria-labelledby=title.clone()>
            <div class="section-head"><h3 id=title.clone()>{rule.rule_name.clone()}</h3>{run}</div>
            <dl class="facts">
                <dt>"Runs"</dt><dd>{words} " " <code class="nowrap">{rule.schedule().to_owned()}</code></dd>
                <dt>"Backup vault"</dt><dd>{rule.target_backup_vault_name.clone()}</dd>
                <dt>"Window"</dt>
                <dd>{format!(
                    "starts within {}, ends within {}",
                    minutes(rule.start_window()),
                    minutes(rule.completion_window())
                )}</dd>
                <dt>"Kept"</dt><dd>{lifecycle(rule.lifecycle.as_ref())}</dd>
                {continuous}
                {copies}
                {tags}
            </dl>
        </section>
    }
}

/// A lifecycle in words.
fn lifecycle(lifecycle: Option<&Lifecycle>) -> String {
    let cold = lifecycle
        .and_then(Lifecycle::cold_after)
        .map(|days| format!(", in cold storage after {}", days_text(Some(days))))
        .unwrap_or_default();
    format!(
        "{}{cold}",
        days_text(lifecycle.and_then(Lifecycle::delete_after))
    )
}
