use leptos::prelude::*;

use crate::{
    components::{Choice, Field, GetForm, Select},
    pages::resources::{KINDS, standings},
    server_fns::timeline::TimelineAsk,
};

/// Which resources are shown. The stretch of time is kept.
pub(super) fn filters(accounts: Vec<Choice>, ask: TimelineAsk) -> impl IntoView {
    let with_all = |label: &str, rest: Vec<Choice>| {
        let mut choices = vec![Choice::new("", label)];
        choices.extend(rest);
        choices
    };
    let kinds = KINDS.map(|kind| Choice::new(kind, kind)).to_vec();
    let list = ask.list;
    let range = ask.range;
    view! {
        <GetForm action=TimelineAsk::PATH class="filters" role="search" label="Filter resources">
            <Field label="Name or ARN" name="text" kind="search" value=list.text/>
            <Select label="Account" name="account" choices=with_all("all accounts", accounts) value=list.account/>
            <Select label="Type" name="kind" choices=with_all("all types", kinds) value=list.kind/>
            <Select label="Status" name="protection" choices=with_all("any status", standings()) value=list.protection/>
            <Field label="Region" name="region" value=list.region/>
            <input type="hidden" name="sort" value=list.sort/>
            <input type="hidden" name="range" value=range.range/>
            <input type="hidden" name="from" value=range.from/>
            <input type="hidden" name="until" value=range.until/>
            <button class="button">"Filter"</button>
        </GetForm>
    }
}
