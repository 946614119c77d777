use leptos::{prelude::*, server_fn::ServerFn};
use tidemark_domain::{
    Privilege,
    sets::{Misfit, Occurrence, SetDetail, SetMemberRow},
};

use super::{of_query, recovery::recovery_section};
use crate::{
    components::{
        Badge, Column, Crumb, Field, FormError, Moment, Notice, PageHead, PostForm, Style, Table,
        Tone, load_page,
    },
    pages::search,
    query::link,
    server_fns::sets::{BackUpSet, get_set},
    use_session,
};

/// One application set.
#[component]
pub(crate) fn SetPage() -> impl IntoView {
    let search = search();
    let set = Resource::new_blocking(move || of_query(&search.get(), "name"), get_set);
    let may = use_session().may(Privilege::ManagePlans);
    view! {
        {load_page(set, move |set| show(set, may))}
        {recovery_section(search)}
    }
}

fn show(set: SetDetail, may: bool) -> AnyView {
    let name = set.stored.name.clone();
    let change = may.then(|| {
        let href = link("/sets/new", "name", &name);
        view! { <a class="button" href=href>"Change"</a> }
    });
    let run = set.last_run.map(|run| {
        view! { <p>"Last backup run: " <a href=format!("/runs/{run}")>"see the run"</a></p> }
    });
    let rules = set
        .rules
        .into_iter()
        .map(|rule| view! { <li>{rule}</li> })
        .collect_view();
    let backup = may.then(|| backup(name.clone()));
    let versions = set
        .versions
        .into_iter()
        .map(|version| {
            view! {
                <tr>
                    <td class="numeric">{version.version}</td>
                    <td><Moment at=version.written_at style=Style::Both/></td>
                    <td>{version.written_by}</td>
                </tr>
            }
        })
        .collect_view();
    view! {
        <PageHead title=name crumbs=vec![Crumb::new("Application sets", "/sets")]>{change}</PageHead>
        <p class="prose">{set.description}</p>
        <p class="prose">{set.pause}</p>
        <ul class="prose">{rules}</ul>
        {warnings(set.misfits)}
        {run}
        <section aria-labelledby="members-title">
            <h2 id="members-title">"Members"</h2>
            {members(set.members)}
        </section>
        {backup}
        {windows(set.upcoming)}
        <section aria-labelledby="versions-title">
            <h2 id="versions-title">"Versions"</h2>
            <Table label="Versions" columns=vec![
                Column::number("Version"), Column::text("Written"), Column::text("By"),
            ]>{versions}</Table>
            <details>
                <summary>"The manifest"</summary>
                <pre><code>{set.stored.manifest}</code></pre>
            </details>
        </section>
    }
    .into_any()
}

fn backup(name: String) -> impl IntoView {
    view! {
        <section aria-labelledby="backup-title">
            <h2 id="backup-title">"Back up now"</h2>
            <FormError action=BackUpSet::PATH/>
            <PostForm action=BackUpSet::PATH class="form narrow">
                <input type="hidden" name="name" value=name/>
                <Field label="Reason" name="reason" hint="For the audit log; may stay empty."/>
                <div class="form-actions">
                    <button class="button button-primary">"Back up the set"</button>
                </div>
            </PostForm>
        </section>
    }
}

fn warnings(misfits: Vec<Misfit>) -> Option<impl IntoView> {
    (!misfits.is_empty()).then(|| {
        let items = misfits
            .into_iter()
            .map(|misfit| view! { <li>{misfit.text}</li> })
            .collect_view();
        view! {
            <Notice tone=Tone::Warn title="This does not line up">
                <ul>{items}</ul>
            </Notice>
        }
    })
}

fn members(members: Vec<SetMemberRow>) -> impl IntoView {
    let rows = members.into_iter().map(member).collect_view();
    view! {
        <Table label="Members" columns=vec![
            Column::text("Member"), Column::text("Type"), Column::text("Last backup"), Column::text("Point in time up to"),
        ]>{rows}</Table>
    }
}

fn member(member: SetMemberRow) -> impl IntoView {
    let name = if member.known {
        let href = link("/resources/view", "arn", member.arn.as_str());
        view! { <a href=href>{member.name}</a> }.into_any()
    } else {
        view! { {member.name} " " <Badge tone=Tone::Bad text="not in the inventory"/> }.into_any()
    };
    let newest = member.newest_point.map_or_else(
        || view! { <span class="muted">"none"</span> }.into_any(),
        |at| view! { <Moment at/> }.into_any(),
    );
    view! {
        <tr>
            <td class="cell-name">{name} <p class="cell-note"><code>{member.arn.to_string()}</code></p></td>
            <td>{member.resource_type.to_string()}</td>
            <td>{newest}</td>
            <td>{member.pitr.map(|window| view! { <Moment at=window.latest/> })}</td>
        </tr>
    }
}

/// The windows of the next days, in the order in which they come.
fn windows(upcoming: Vec<Occurrence>) -> Option<impl IntoView> {
    (!upcoming.is_empty()).then(|| {
        let rows = upcoming
            .into_iter()
            .take(50)
            .map(|one| {
                let minutes = one.until.duration_since(one.from).as_mins();
                view! {
                    <tr>
                        <td class="cell-name">{one.window}</td>
                        <td>{one.kind.as_str()}</td>
                        <td>{one.member}</td>
                        <td><Moment at=one.from style=Style::Both/></td>
                        <td><Moment at=one.until style=Style::Both/></td>
                        <td class="numeric">{minutes}</td>
                    </tr>
                }
            })
            .collect_view();
        view! {
            <section aria-labelledby="windows-title">
                <h2 id="windows-title">"Windows of the next seven days"</h2>
                <Table label="Windows" columns=vec![
                    Column::text("Window"), Column::text("What"), Column::text("Member"), Column::text("From"),
                    Column::text("Until"), Column::number("Minutes"),
                ]>{rows}</Table>
            </section>
        }
    })
}
