use leptos::prelude::*;

use super::{
    filters::filters,
    section::{Ask, timeline_section},
};
use crate::{
    components::{Choice, PageHead, load},
    pages::search,
    server_fns::{accounts::list_accounts, timeline::TimelineAsk},
};

/// Resources over time: of every account, of one, of a list, or one resource.
#[component]
pub(crate) fn TimelinePage() -> impl IntoView {
    let search = search();
    let what = Memo::new(move |_| TimelineAsk::parse(&search.get()));
    let accounts = Resource::new_blocking(|| (), |()| list_accounts());
    let ask = Ask {
        path: TimelineAsk::PATH,
        what,
        named: true,
    };
    view! {
        <PageHead title="Timeline"/>
        {load(accounts, move |accounts| {
            let choices = accounts
                .into_iter()
                .map(|a| Choice::new(a.account.as_str(), format!("{} {}", a.alias, a.account)))
                .collect();
            filters(choices, what.get_untracked()).into_any()
        })}
        {timeline_section(ask, None)}
    }
}
