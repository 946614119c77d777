use leptos::prelude::*;
use tidemark_domain::{
    Verdict,
    policy::{AccessProof, GrantProof},
};

use super::plan::back;
use crate::{
    components::{
        Badge, Column, Copyable, Disclosure, ErrorNotice, Moment, Notice, Style, Table, Tone,
        load_or,
    },
    server_fns::policies::{AccessQuery, check_access},
};

/// Whether the roles of the address have access now.
pub(super) fn checked(query: &AccessQuery) -> AnyView {
    let text = query.query().as_str().to_owned();
    let proof = Resource::new_blocking(move || text.clone(), check_access);
    let stored = StoredValue::new(query.clone());
    load_or(
        proof,
        move |proof| stored.with_value(|query| show(proof, query)),
        move |error| {
            let back = stored.with_value(back);
            view! { <ErrorNotice error/> {back} }.into_any()
        },
    )
    .into_any()
}

fn show(proof: AccessProof, query: &AccessQuery) -> AnyView {
    let (tone, title) = match proof.verdict() {
        Verdict::Pass => (Tone::Good, "The roles have access"),
        Verdict::Fail => (Tone::Bad, "Access does not work"),
        Verdict::Warn | Verdict::Unknown => {
            (Tone::Unknown, "Whether the roles have access is not known")
        }
    };
    let failures = proof
        .failures()
        .into_iter()
        .map(|text| view! { <p>{text}</p> })
        .collect_view();
    let repair = (proof.verdict() != Verdict::Pass).then(|| {
        let href = query.with(&[("do", "grant")]).href();
        view! { <p><a class="button button-primary" href=href>"Show what giving access would change"</a></p> }
    });
    let rows = proof.grants.into_iter().map(row).collect_view();
    let notes = proof
        .notes
        .into_iter()
        .map(|note| view! { <p class="field-hint">{note}</p> })
        .collect_view();
    let at = proof.checked_at;
    view! {
        <Notice tone=tone title=title>
            {failures}
            <p class="muted">"By evaluating the policies, "<Moment at style=Style::Both/>". Keys and policies of the organization are not part of it."</p>
        </Notice>
        {repair}
        <Table
            label="Access"
            columns=vec![
                Column::text("Role"),
                Column::text("Action"),
                Column::text("Access"),
                Column::text("Reason"),
            ]
        >
            {rows}
        </Table>
        {notes}
        {back(query)}
    }
    .into_any()
}

fn row(grant: GrantProof) -> impl IntoView {
    let tone = match grant.verdict {
        Verdict::Pass => Tone::Good,
        Verdict::Warn => Tone::Warn,
        Verdict::Fail => Tone::Bad,
        Verdict::Unknown => Tone::Unknown,
    };
    let missing = grant.missing.map(|text| {
        view! {
            <Disclosure summary="The missing statement">
                <Copyable text=text label="missing statement" block=true/>
            </Disclosure>
        }
    });
    view! {
        <tr>
            <th scope="row" class="cell-name">{grant.principal}</th>
            <td>{grant.action}</td>
            <td class="nowrap"><Badge tone=tone text=grant.verdict.as_str()/></td>
            <td class="cell-wide">{grant.detail}{missing}</td>
        </tr>
    }
}
