use leptos::prelude::*;
use tidemark_domain::policy::PolicyShown;

use super::findings;
use crate::{
    components::{Column, Copyable, Disclosure, Empty, ErrorNotice, Table, load_or},
    server_fns::policies::{AccessQuery, show_policy},
};

/// The policy as it is.
pub(super) fn shown(query: &AccessQuery) -> AnyView {
    let text = query.query().as_str().to_owned();
    let policy = Resource::new_blocking(move || text.clone(), show_policy);
    load_or(policy, show, |error| {
        view! { <ErrorNotice error/> }.into_any()
    })
    .into_any()
}

fn show(policy: PolicyShown) -> AnyView {
    let place = format!("In account {}, {}.", policy.account, policy.region);
    let Some(document) = policy.policy else {
        return view! {
            <p class="muted">{place}</p>
            <Empty title="The bucket has no policy">
                <p>"Only principals of its own account may use it, as far as their own policies let them. Give others access below."</p>
            </Empty>
        }
        .into_any();
    };
    let rows = policy
        .statements
        .into_iter()
        .map(|statement| {
            view! {
                <tr>
                    <th scope="row" class="cell-name">{statement.label}</th>
                    <td class="cell-wide">{statement.words}</td>
                </tr>
            }
        })
        .collect_view();
    view! {
        <p class="muted">{place}</p>
        <section aria-labelledby="policy-title">
            <h2 id="policy-title">"The policy as it is"</h2>
            <Table label="Statements" columns=vec![Column::text("Statement"), Column::text("What it says")]>
                {rows}
            </Table>
            <Disclosure summary="The document">
                <Copyable text=document label="bucket policy" block=true/>
            </Disclosure>
        </section>
        <section aria-labelledby="dangers-title">
            <h2 id="dangers-title">"What is dangerous in it"</h2>
            {findings(policy.findings)}
        </section>
    }
    .into_any()
}
