use leptos::{prelude::*, server_fn::ServerFn};
use tidemark_domain::{RestorePlan, RestoreSource};

use super::frame::{stage_error, stage_head};
use crate::{
    components::{
        CheckList, Copyable, Disclosure, Field, FormError, GetForm, Notice, PostForm, TextArea,
        Tone, load_or,
    },
    outcome::{entered, failure},
    server_fns::restore::{StartRestore, plan_restore},
    wizard::{PATH, Step, Wizard, tag_lines},
};

/// Exactly what will happen, and whether it can.
pub(super) fn stage(wizard: &Wizard) -> impl IntoView + use<> {
    let query = wizard.query().as_str().to_owned();
    let sent = query.clone();
    let plan = Resource::new_blocking(move || query.clone(), plan_restore);
    let stored = StoredValue::new((wizard.clone(), sent));
    view! {
        {stage_head(Step::Review, "Nothing has been changed yet.")}
        <FormError action=StartRestore::PATH/>
        {load_or(plan, move |plan| {
            let (wizard, query) = stored.get_value();
            show(plan, &wizard, query).into_any()
        }, move |error| stored.with_value(|(wizard, _)| stage_error(error, wizard, Step::Review)))}
    }
}

fn show(plan: RestorePlan, wizard: &Wizard, query: String) -> impl IntoView + use<> {
    let back = wizard.clone().at(Step::Options).href();
    let start = if plan.can_start() {
        start(&plan, query, back).into_any()
    } else {
        view! {
            <Notice tone=Tone::Bad title="It cannot start like this">
                <p>"Fix what fails above, or change your answers. Then come back to this step: the checks are made anew."</p>
            </Notice>
            <div class="form-actions"><a class="button" href=back>"Back"</a></div>
        }
        .into_any()
    };
    let partition = match &plan.request.source {
        RestoreSource::Records {
            partition: Some(partition),
            ..
        } => Some(view! { <p>"The partition: " <code>{partition.clone()}</code></p> }),
        _ => None,
    };
    let tags = tags(&plan, wizard);
    let changes = (!plan.changes.is_empty()).then(|| {
        view! {
            <Notice tone=Tone::Bad title="This does not make something new">
                <p>"It changes something that exists, or may do so. Read what is said below before you go on."</p>
            </Notice>
        }
    });
    view! {
        <p class="review">{plan.summary.clone()}</p>
        {partition}
        {changes}
        <div class="review-lists">
            {list("Will be created", plan.creates)}
            {list("Will be changed", plan.changes)}
            {list("Stays as it is", plan.keeps)}
        </div>
        {tags}
        <section aria-labelledby="checks-title">
            <h3 id="checks-title">"Checks"</h3>
            <CheckList checks=plan.checks/>
        </section>
        <Disclosure summary="What the run will be allowed to do">
            <p>
                "The run enters the account with a session policy that allows this and nothing else, whatever the role itself may do."
            </p>
            <Copyable text=plan.session_policy label="session policy" block=true/>
        </Disclosure>
        {start}
    }
}

/// The form that starts it; what changes something that exists is confirmed by typing its name.
fn start(plan: &RestorePlan, query: String, back: String) -> impl IntoView + use<> {
    let rule = failure(StartRestore::PATH)
        .and_then(|error| error.rule_for("confirmation").map(str::to_owned))
        .unwrap_or_default();
    let class = if plan.confirmation.is_some() {
        "button button-danger"
    } else {
        "button button-primary"
    };
    let confirmation = plan.confirmation.clone().map(|name| {
        view! {
            <Field label="Confirmation" name="confirmation" required=true
                hint=format!("This changes something that exists, or may do so. To confirm, type: {name}")
                value=entered(StartRestore::PATH, "confirmation") error=rule/>
        }
    });
    let digest = plan.digest.clone();
    view! {
        <PostForm action=StartRestore::PATH class="form">
            <input type="hidden" name="wizard" value=query/>
            <input type="hidden" name="digest" value=digest/>
            {confirmation}
            <div class="form-actions">
                <button class=class>"Start the restore"</button>
                <a class="button" href=back>"Back"</a>
            </div>
            <p class="field-hint">"Once it has started you can close this page: it goes on by itself."</p>
        </PostForm>
    }
}

/// Which tags it will have, which backup plans take it by them, and the form that chooses others.
fn tags(plan: &RestorePlan, wizard: &Wizard) -> impl IntoView + use<> {
    let joins = plan.joins_sentences();
    let joins = if joins.is_empty() {
        view! { <p>"No backup plan takes what is restored."</p> }.into_any()
    } else {
        let joins = joins
            .into_iter()
            .map(|sentence| view! { <li>{sentence}</li> })
            .collect_view();
        view! {
            <Notice tone=Tone::Warn title="Backup plans will take what is restored">
                <ul>{joins}</ul>
                <p>"It is backed up, and paid for, like the original, until its tags are changed or it is deleted."</p>
            </Notice>
        }
        .into_any()
    };
    let is_change = plan.confirmation.is_some();
    let form = (wizard.is_table() && !is_change).then(|| tags_form(plan, wizard));
    view! {
        <section aria-labelledby="tags-title">
            <h3 id="tags-title">"Tags and backup plans"</h3>
            <p>{plan.tags_sentence()}</p>
            {(!is_change).then_some(joins)}
            {form}
        </section>
    }
}

fn tags_form(plan: &RestorePlan, wizard: &Wizard) -> impl IntoView + use<> {
    let mut as_planned = wizard.clone();
    as_planned.put_back = Some(plan.request.put_back.clone());
    let hidden = as_planned
        .fields(Some(Step::Review))
        .into_iter()
        .filter(|(name, _)| name != "tags")
        .map(|(name, value)| view! { <input type="hidden" name=name value=value/> })
        .collect_view();
    let now = if plan.request.tags.is_some() {
        "edited"
    } else if plan.settings.tags.is_empty() {
        "none"
    } else {
        "source"
    };
    let ways = [
        ("source", "All tags of the source"),
        ("none", "No tags"),
        ("edited", "These tags"),
    ]
    .map(|(value, label)| {
        let id = format!("field-tags-from-{value}");
        view! {
            <div class="check-box">
                <input type="radio" id=id.clone() name="tags_from" value=value checked=value == now/>
                <label for=id>{label}</label>
            </div>
        }
    })
    .collect_view();
    let tags = tag_lines(&plan.settings.tags);
    view! {
        <Disclosure summary="Choose other tags">
            <GetForm action=PATH class="form" label="Tags of what is restored">
                {hidden}
                <fieldset>
                    <legend>"Tags of the new table"</legend>
                    {ways}
                </fieldset>
                <TextArea label="Tags" name="tags" rows=4 value=tags
                    hint="key=value, one a line. They count where \u{201c}These tags\u{201d} is chosen."/>
                <div class="form-actions">
                    <button class="button" name="step" value=Step::Review.as_str()>"Show the plan with these tags"</button>
                </div>
            </GetForm>
        </Disclosure>
    }
}

fn list(title: &'static str, entries: Vec<String>) -> AnyView {
    if entries.is_empty() {
        return ().into_any();
    }
    let entries = entries
        .into_iter()
        .map(|entry| view! { <li>{entry}</li> })
        .collect_view();
    view! {
        <section class="review-list">
            <h3>{title}</h3>
            <ul>{entries}</ul>
        </section>
    }
    .into_any()
}
