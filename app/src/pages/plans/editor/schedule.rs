use jiff::tz::TimeZone;
use leptos::prelude::*;

use super::live::{Live, timing};
use crate::{
    components::{Choice, Disclosure, Field, NextRuns, Select},
    plan_form::{DAYS, Every, RuleForm},
};

/// When a rule runs: put together from fields, or as an expression; in words, and its next ten runs.
pub(super) fn schedule(live: Live, index: usize, form: &RuleForm) -> impl IntoView + use<> {
    let name = format!("rule.{index}");
    let path = format!("Rules[{index}]");
    let schedule = &form.schedule;
    let ways = Every::ALL
        .map(|every| {
            let id = format!("field-{name}.every.{}", every.as_str());
            view! {
                <span class="check-box">
                    <input type="radio" id=id.clone() name=format!("{name}.every") value=every.as_str()
                        checked=schedule.every == every/>
                    <label for=id>{every.title()}</label>
                </span>
            }
        })
        .collect_view();
    let days = DAYS
        .map(|(day, title)| {
            let id = format!("field-{name}.on.{day}");
            view! {
                <span class="check-box">
                    <input type="checkbox" id=id.clone() name=format!("{name}.on.{day}") value="1"
                        checked=schedule.on.iter().any(|on| on == day)/>
                    <label for=id>{title}</label>
                </span>
            }
        })
        .collect_view();
    let error = live.error(format!("{path}.ScheduleExpression"));
    let words = move || {
        let rule = live.rule(index)?;
        let (cron, zone) = timing(&rule)?;
        let zone = zone_name(&zone);
        Some(view! {
            <p class="schedule-words">
                <strong>{format!("Runs {} ({zone}).", cron.explain())}</strong>
                " " <code>{rule.schedule().to_owned()}</code>
            </p>
        })
    };
    let runs = Signal::derive(move || live.runs(index));
    let zone = Signal::derive(move || {
        let rule = live.rule(index)?;
        timing(&rule)
            .map(|(_, zone)| zone)
            .filter(|zone| *zone != TimeZone::UTC)
    });
    view! {
        <fieldset class="schedule">
            <legend>"When it runs"</legend>
            <div class="schedule-ways" role="radiogroup" aria-label="How often">{ways}</div>
            <div class="schedule-days" role="group" aria-label="Days of the week">{days}</div>
            <div class="field-row">
                <div class="schedule-hours">
                    <Field label="Hours between runs" name=format!("{name}.hours") kind="number" min="1" max="23"
                        value=schedule.hours.clone()/>
                </div>
                <div class="schedule-day">
                    <Select label="Day of the month" name=format!("{name}.day") choices=month_days(&schedule.day)
                        value=schedule.day.clone()/>
                </div>
                <div class="schedule-at">
                    <Field label="Time of day" name=format!("{name}.at") kind="time" value=schedule.at.clone()
                        error=error/>
                </div>
                <div class="schedule-cron">
                    <Field label="Expression" name=format!("{name}.cron") value=schedule.cron.clone()
                        placeholder="cron(0 5 ? * * *)" error=error
                        hint="cron(Minutes Hours Day-of-month Month Day-of-week Year); one of the two days is ?."/>
                </div>
                <Field label="Time zone" name=format!("{name}.zone") value=form.zone.clone() placeholder="UTC"
                    hint="Such as Europe/Berlin; daylight saving is kept."
                    error=live.error(format!("{path}.ScheduleExpressionTimezone"))/>
            </div>
            {words}
            <Disclosure summary="Next ten runs">
                <NextRuns runs zone label=format!("Next runs of rule {}", index + 1)/>
            </Disclosure>
        </fieldset>
    }
}

fn month_days(chosen: &str) -> Vec<Choice> {
    let mut choices: Vec<Choice> = (1..=31)
        .map(|day| Choice::new(day.to_string(), day.to_string()))
        .collect();
    choices.push(Choice::new("L", "last day"));
    choices.push(Choice::new("LW", "last weekday"));
    if !choices.iter().any(|choice| choice.value == chosen) {
        choices.push(Choice::new(chosen, chosen));
    }
    choices
}

/// A zone as it is called.
pub(in crate::pages::plans) fn zone_name(zone: &TimeZone) -> String {
    zone.iana_name().unwrap_or("UTC").to_owned()
}
