use leptos::{prelude::*, server_fn::ServerFn};
use tidemark_domain::{
    Privilege,
    sets::{MemberRestore, MemberWish, SetRestorePlan},
};

use super::set_href;
use crate::{
    components::{
        CheckList, Column, Crumb, Field, FormError, GetForm, Moment, Notice, PageHead, PostForm,
        Style, Table, Tone, load_page,
    },
    pages::{only, search},
    query::link,
    server_fns::sets::{RestoreSet, plan_set_restore},
    use_session,
};

/// How the fields of a member begin; its name and the field follow.
pub(crate) const MEMBER: &str = "m.";

/// Restores a set to a combination of its members' points: what is chosen, what would happen, and the start.
#[component]
pub(crate) fn SetRestorePage() -> impl IntoView {
    only(
        Privilege::Restore,
        "Ask an operator, or an administrator, to restore the set.",
        || page().into_any(),
    )
}

fn page() -> impl IntoView {
    let search = search();
    let plan = Resource::new_blocking(move || search.get(), plan_set_restore);
    let may_read = use_session().may(Privilege::ReadPlans);
    load_page(plan, move |plan| show(plan, may_read))
}

fn show(plan: SetRestorePlan, may_read: bool) -> AnyView {
    let name = plan.request.name.clone();
    let mut crumbs = Vec::new();
    if may_read {
        crumbs.push(Crumb::new("Application sets", "/sets"));
        crumbs.push(Crumb::new(name.clone(), set_href(&name)));
    }
    let afterwards = plan
        .afterwards
        .iter()
        .map(|sentence| view! { <li>{sentence.clone()}</li> })
        .collect_view();
    let start = start(&plan);
    let title = format!("Restore {name}");
    let choice = choice(&plan);
    let members = plan.members.iter().map(member).collect_view();
    view! {
        <PageHead title=title crumbs=crumbs/>
        <p class="prose">
            "Each member comes back as something new, beside what is there. Nothing has been changed yet."
        </p>
        <FormError action=RestoreSet::PATH/>
        <section aria-labelledby="choice-title">
            <h2 id="choice-title">"What comes back"</h2>
            {choice}
        </section>
        <section aria-labelledby="plan-title">
            <h2 id="plan-title">"What will happen"</h2>
            {members}
            <h3>"Then"</h3>
            <ul class="prose">{afterwards}</ul>
        </section>
        <section aria-labelledby="checks-title">
            <h2 id="checks-title">"Checks of the whole"</h2>
            <CheckList checks=plan.checks/>
        </section>
        {start}
    }
    .into_any()
}

/// Names, and what is left out.
fn choice(plan: &SetRestorePlan) -> impl IntoView + use<> {
    let name = plan.request.name.clone();
    let rows = plan
        .request
        .members
        .iter()
        .zip(&plan.members)
        .map(|(wish, member)| row(wish, member))
        .collect_view();
    let switch = plan.can_switch.then(|| {
        check_box(
            "switch",
            plan.request.switch,
            "Switch the application over once every member was restored and verified",
        )
    });
    let empty = check_box(
        "allow_empty",
        plan.request.allow_empty,
        "Take members without any data as they are",
    );
    view! {
        <GetForm action="/sets/restore" class="form" label="What comes back">
            <input type="hidden" name="name" value=name/>
            <Table label="Members" columns=vec![
                Column::text("Member"), Column::text("Comes back to"), Column::text("Name of what is made"),
                Column::text("Leave out"),
            ]>{rows}</Table>
            {switch}
            {empty}
            <div class="form-actions"><button class="button">"Show what would happen"</button></div>
        </GetForm>
    }
}

fn check_box(name: &'static str, checked: bool, label: &'static str) -> impl IntoView {
    let id = format!("field-{name}");
    view! {
        <div class="check-box">
            <input type="checkbox" id=id.clone() name=name value="1" checked=checked/>
            <label for=id>{label}</label>
        </div>
    }
}

fn row(wish: &MemberWish, member: &MemberRestore) -> impl IntoView + use<> {
    let name = wish.member.clone();
    let field = |field: &str| format!("{MEMBER}{name}.{field}");
    let (at, target) = (field("at"), field("target"));
    let point = wish.point.as_ref().map(|point| {
        let href = link("/points/view", "arn", point.as_str());
        view! {
            <input type="hidden" name=field("point") value=point.to_string()/>
            <p class="cell-note"><a href=href>"recovery point"</a></p>
        }
    });
    let by = wish.point.is_none().then(|| {
        view! { <p class="cell-note">"point-in-time recovery to this second"</p> }
    });
    let to = member
        .plan
        .as_ref()
        .and_then(|plan| plan.destination.as_ref());
    let named_by_aws = to.is_some_and(|to| to.name.is_none());
    let named = if named_by_aws || wish.leave_out {
        let text = if wish.leave_out {
            "left out"
        } else {
            "AWS gives it an id"
        };
        view! { <span class="muted">{text}</span> }.into_any()
    } else {
        let label = format!("Name of what is made of {name}");
        view! {
            <input type="text" class="input" name=target value=wish.target.clone() aria-label=label autocomplete="off"/>
        }
        .into_any()
    };
    let leave = format!("Leave {name} out");
    view! {
        <tr>
            <td class="cell-name">{name.clone()} <p class="cell-note">{member.resource_type.to_string()}</p></td>
            <td>
                <input type="hidden" name=at value=wish.at.to_string()/>
                <Moment at=wish.at style=Style::Both/> {point} {by}
            </td>
            <td>{named}</td>
            <td>
                <label class="pick">
                    <input type="checkbox" name=field("leave_out") value="1" checked=wish.leave_out aria-label=leave/>
                </label>
            </td>
        </tr>
    }
}

fn member(member: &MemberRestore) -> impl IntoView + use<> {
    let summary = member
        .plan
        .as_ref()
        .map(|plan| view! { <p class="prose">{plan.summary.clone()}</p> });
    let joins = member
        .plan
        .iter()
        .flat_map(tidemark_domain::RestorePlan::joins_sentences)
        .map(|sentence| view! { <li>{sentence}</li> })
        .collect_view();
    let notes = member
        .notes
        .iter()
        .map(|note| view! { <li>{note.clone()}</li> })
        .collect_view();
    let checks = member.all_checks().cloned().collect::<Vec<_>>();
    let name = member.member.clone();
    view! {
        <h3>{name}</h3>
        {summary}
        <ul class="prose">{notes} {joins}</ul>
        <CheckList checks/>
    }
}

fn start(plan: &SetRestorePlan) -> AnyView {
    if !plan.can_start() {
        return view! {
            <Notice tone=Tone::Bad title="It cannot start like this">
                <p>"Fix what fails above, choose another combination, or leave a member out."</p>
            </Notice>
        }
        .into_any();
    }
    let request = serde_json::to_string(&plan.request).unwrap_or_default();
    let digest = plan.digest.clone();
    view! {
        <section aria-labelledby="start-title">
            <h2 id="start-title">"Start"</h2>
            <PostForm action=RestoreSet::PATH class="form narrow">
                <input type="hidden" name="request" value=request/>
                <input type="hidden" name="digest" value=digest/>
                <Field label="Reason" name="reason" hint="For the audit log; may stay empty."/>
                <div class="form-actions">
                    <button class="button button-primary">"Restore the set"</button>
                </div>
                <p class="field-hint">"Once it has started you can close this page: it goes on by itself."</p>
            </PostForm>
        </section>
    }
    .into_any()
}
