use leptos::{prelude::*, server_fn::ServerFn};
use tidemark_domain::permissions::{
    AccountPermissions, ActionPermission, Allowance, PermissionChange, PermissionDetail,
};

use super::shown::state_badge;
use crate::{
    components::{
        Badge, Column, Copyable, Disclosure, FormError, Moment, Notice, PostForm, Table, Tone,
    },
    server_fns::accounts::RefreshPermissions,
};

/// What the account's role may do in each Region, and what mends what it may not: a part of its page.
pub(super) fn role(permissions: AccountPermissions, refreshes: bool) -> AnyView {
    let id = permissions.account.to_string();
    let features = permissions.features.words();
    let regions = permissions.regions.into_iter().map(region).collect_view();
    let changes = changes(permissions.changes);
    let ask = refreshes.then(|| {
        view! {
            <PostForm action=RefreshPermissions::PATH>
                <input type="hidden" name="account" value=id/>
                <button class="button">"Ask again"</button>
            </PostForm>
        }
    });
    view! {
        <section aria-labelledby="permissions-title">
            <div class="section-head">
                <h2 id="permissions-title">"Permissions of the role"</h2>
                <a href="/accounts/permissions">"All accounts"</a>
            </div>
            <p class="muted">"The role is made for " {features} "."</p>
            <FormError action=RefreshPermissions::PATH/>
            {regions}
            {changes}
            {ask}
        </section>
    }
    .into_any()
}

fn region(detail: PermissionDetail) -> impl IntoView {
    let report = detail.report;
    let name = report.scope.region.to_string();
    let broken = report.broken.map(|error| {
        view! {
            <Notice tone=Tone::Bad title=format!("No permission is known in {name}: the connection fails")>
                <p>{error.message}</p>
                <p><strong>"What to do: "</strong>{error.fix}</p>
            </Notice>
        }
    });
    let not_asked = report
        .not_asked
        .map(|why| view! { <Notice tone=Tone::Warn title="Not all could be asked"><p>{why}</p></Notice> });
    let rows = detail
        .features
        .iter()
        .map(|of| {
            view! { <tr><th scope="row">{of.feature.words()}</th><td>{state_badge(of)}</td></tr> }
        })
        .collect_view();
    let denied: Vec<ActionPermission> = report
        .actions
        .into_iter()
        .filter(|one| one.state == Allowance::Denied)
        .collect();
    let denied = (!denied.is_empty()).then(|| denied_table(denied));
    let policy = detail.role_policy.map(|policy| {
        view! {
            <h4>"The policy that the role lacks"</h4>
            <p>"Add it to the role, or apply the account's template again: it allows all of this."</p>
            <Copyable text=policy label="policy" block=true/>
        }
    });
    let boundary = detail.boundary_policy.map(|policy| {
        view! {
            <h4>"What the permissions boundary lacks"</h4>
            <p>"A boundary limits what every policy of the role can allow: whoever keeps it adds these statements."</p>
            <Copyable text=policy label="statements" block=true/>
        }
    });
    let by_hand = (!detail.by_hand.is_empty()).then(|| {
        let lines = detail
            .by_hand
            .into_iter()
            .map(|line| view! { <li>{line}</li> })
            .collect_view();
        view! { <Disclosure summary="What no policy of the role fixes"><ul>{lines}</ul></Disclosure> }
    });
    let label = format!("Features in {}", report.scope.region);
    view! {
        <h3>{report.scope.region.to_string()} " " <span class="muted">"asked " <Moment at=report.made_at/></span></h3>
        {broken}
        {not_asked}
        <Table label=label columns=vec![Column::text("Feature"), Column::text("Status")]>{rows}</Table>
        {denied}
        {policy}
        {boundary}
        {by_hand}
    }
}

fn denied_table(denied: Vec<ActionPermission>) -> impl IntoView {
    let rows = denied
        .into_iter()
        .map(|one| {
            let by = one.by.map_or("AWS refused it", |by| by.words());
            let features: Vec<&str> = one.features.iter().map(|feature| feature.words()).collect();
            let when = one
                .when
                .map(|when| view! { <p class="cell-note">"Needed " {when} "."</p> });
            let lost = one.lost_at.map(|at| {
                view! { " " <Badge tone=Tone::Bad text="lost"/> " " <Moment at/> }
            });
            view! {
                <tr>
                    <td><code>{one.action}</code> {lost} {when}</td>
                    <td>{one.on}</td>
                    <td class="cell-wide">{by}</td>
                    <td class="cell-wide">{features.join(", ")}</td>
                </tr>
            }
        })
        .collect_view();
    view! {
        <Table
            label="Actions that the role may not do"
            columns=vec![
                Column::text("Denied"),
                Column::text("On"),
                Column::text("Because"),
                Column::text("Needed for"),
            ]
        >
            {rows}
        </Table>
    }
}

fn changes(changes: Vec<PermissionChange>) -> Option<impl IntoView> {
    if changes.is_empty() {
        return None;
    }
    let rows = changes
        .into_iter()
        .map(|one| {
            let (tone, word) = match one.now {
                Allowance::Allowed => (Tone::Good, "allowed"),
                _ => (Tone::Bad, "denied"),
            };
            let by = one
                .by
                .map(|by| view! { <p class="cell-note">{by.words()}</p> });
            view! {
                <tr>
                    <td><Moment at=one.at/></td>
                    <td>{one.region.to_string()}</td>
                    <td><code>{one.action}</code> " on " {one.on}</td>
                    <td><Badge tone text=word/> {by}</td>
                </tr>
            }
        })
        .collect_view();
    Some(view! {
        <Disclosure summary="What came and went">
            <Table
                label="Changes of permissions"
                columns=vec![
                    Column::text("Found"),
                    Column::text("Region"),
                    Column::text("Action"),
                    Column::text("Since then"),
                ]
            >
                {rows}
            </Table>
        </Disclosure>
    })
}
