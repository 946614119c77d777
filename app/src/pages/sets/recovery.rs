use leptos::prelude::*;
use tidemark_domain::{
    Privilege,
    sets::recovery::{Choice as Chosen, Combination, LeftOut, Recovery, words},
};

use super::{MEMBER, of_query};
use crate::{
    components::{Column, ErrorNotice, Field, GetForm, Moment, Style, Table, load_or},
    error::{AppError, ErrorKind},
    query::{Query, link},
    server_fns::sets::set_recovery,
    use_session,
};

/// What can be recovered together for a chosen time.
pub(super) fn recovery_section(search: Memo<String>) -> impl IntoView {
    let found = Resource::new_blocking(
        move || {
            let query = search.get();
            (of_query(&query, "name"), of_query(&query, "at"))
        },
        |(name, at)| set_recovery(name, at),
    );
    let query = search.get_untracked();
    let (name, at) = (of_query(&query, "name"), of_query(&query, "at"));
    let may = use_session().may(Privilege::Restore);
    let shown = StoredValue::new((name.clone(), may));
    view! {
        <section aria-labelledby="recovery-title">
            <h2 id="recovery-title">"What can be recovered together"</h2>
            <GetForm action="/sets/one" class="filters" label="Choose a time">
                <input type="hidden" name="name" value=name/>
                <Field label="Up to" name="at" value=at placeholder="2026-11-30T12:00:00Z"
                    hint="A time in UTC; empty for now. Nothing later than it comes back."/>
                <button class="button">"Show"</button>
            </GetForm>
            {load_or(found, move |found| shown.with_value(|(name, may)| show(name, *may, found)), failed)}
        </section>
    }
}

/// Where there is no such set, the page says so already.
fn failed(error: AppError) -> AnyView {
    if error.kind == ErrorKind::NotFound {
        return ().into_any();
    }
    view! { <ErrorNotice error/> }.into_any()
}

fn show(name: &str, may: bool, found: Recovery) -> AnyView {
    let left_out = left_out(found.left_out);
    if let Some(why) = found.impossible {
        return view! {
            <p class="prose"><strong>"Nothing can be recovered together for this time. "</strong> {why}</p>
            {left_out}
        }
        .into_any();
    }
    let at = found.at.to_string();
    let combinations = found
        .combinations
        .into_iter()
        .enumerate()
        .map(|(place, combination)| {
            let href = may.then(|| restore_href(name, &at, place, &combination));
            one(place, combination, href)
        })
        .collect_view();
    view! {
        <p class="prose">"The first loses the least. In each, every rule of the set holds."</p>
        {combinations}
        {left_out}
    }
    .into_any()
}

fn one(place: usize, combination: Combination, restore: Option<String>) -> impl IntoView {
    let apart = words(combination.newest.duration_since(combination.oldest));
    let rows = combination.choices.into_iter().map(choice).collect_view();
    let title = if place == 0 {
        "The latest combination".to_owned()
    } else {
        format!("Combination {}", place + 1)
    };
    let label = title.clone();
    let table = view! {
        <Table label=label columns=vec![
            Column::text("Member"), Column::text("Comes back to"), Column::text("By"),
        ]>{rows}</Table>
    };
    view! {
        <details open=place == 0>
            <summary>
                {title} ", back to " <Moment at=combination.oldest style=Style::Both/> ", " {apart} " apart"
            </summary>
            {table}
            {restore.map(|href| view! { <p><a class="button" href=href>"Restore the set to this"</a></p> })}
        </details>
    }
}

/// The most members whose moments an address holds.
const IN_ADDRESS: usize = 20;

/// The page that restores just this; of a set of many members the combination at this place, as the page finds it.
fn restore_href(name: &str, at: &str, place: usize, combination: &Combination) -> String {
    let mut query = Query::default();
    query.push("name", name);
    if combination.choices.len() > IN_ADDRESS {
        query.push("at", at).push("place", &place.to_string());
        return query.on("/sets/restore");
    }
    for choice in &combination.choices {
        let field = |field: &str| format!("{MEMBER}{}.{field}", choice.member);
        query.push(&field("at"), &choice.at.to_string());
        if let Some(point) = &choice.point {
            query.push(&field("point"), point.point.as_str());
        }
    }
    query.on("/sets/restore")
}

fn choice(choice: Chosen) -> impl IntoView {
    let by = match choice.point {
        None => view! { "point-in-time recovery to this second" }.into_any(),
        Some(point) => {
            let href = link("/points/view", "arn", point.point.as_str());
            let vault = point.vault.map(|vault| format!(" in vault {vault}"));
            view! { <a href=href>"recovery point"</a> {vault} }.into_any()
        }
    };
    view! {
        <tr>
            <td class="cell-name">{choice.member}</td>
            <td><Moment at=choice.at style=Style::Both/></td>
            <td>{by}</td>
        </tr>
    }
}

fn left_out(left_out: Vec<LeftOut>) -> Option<impl IntoView> {
    (!left_out.is_empty()).then(|| {
        let rows = left_out
            .into_iter()
            .map(|one| {
                view! {
                    <tr>
                        <td class="cell-name">{one.member}</td>
                        <td><Moment at=one.at style=Style::Both/></td>
                        <td class="cell-wide">{one.why}</td>
                    </tr>
                }
            })
            .collect_view();
        view! {
            <h3>"What is not offered, and why"</h3>
            <Table label="Not offered" columns=vec![
                Column::text("Member"), Column::text("Moment"), Column::text("Reason"),
            ]>{rows}</Table>
        }
    })
}
