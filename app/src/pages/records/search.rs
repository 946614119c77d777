//! Finding records by the beginning of their key, as of a moment.

use leptos::prelude::*;
use tidemark_domain::records::{CaptureView, FoundRecord, FoundRecords, KeyName};

use super::troubles;
use crate::{
    components::{
        Column, Empty, ErrorNotice, Field, GetForm, Moment, RecordKey, RecordValue, Style, Table,
        load_or,
    },
    format::counted,
    server_fns::records::{RecordQuery, search_records},
};

/// The form and what it finds.
pub(super) fn search_section(view: &CaptureView, query: RecordQuery) -> impl IntoView + use<> {
    let id = view.capture.id.clone();
    let found = Resource::new_blocking(
        {
            let text = query.query().as_str().to_owned();
            move || text.clone()
        },
        search_records,
    );
    let for_error = StoredValue::new((query, id));
    load_or(
        found,
        move |found| for_error.with_value(|(query, id)| show(found, query, id)),
        move |error| {
            for_error.with_value(|(query, id)| {
                view! {
                    {form(query, id, None, error.rule_for("as of"), error.rule_for("partition key"))}
                    <ErrorNotice error=error.clone()/>
                }
                .into_any()
            })
        },
    )
}

fn form(
    query: &RecordQuery,
    id: &str,
    names: Option<&[KeyName]>,
    as_of: Option<&str>,
    begins: Option<&str>,
) -> impl IntoView + use<> {
    let hint = match names.and_then(|names| names.first()) {
        Some(partition) if partition.kind == "S" => {
            format!("The beginning of {} is enough.", partition.name)
        }
        Some(partition) => format!("The whole value of {}.", partition.name),
        None => String::new(),
    };
    let (id, text, moment) = (id.to_owned(), query.begins.clone(), query.as_of.clone());
    let (begins, as_of) = (
        begins.unwrap_or_default().to_owned(),
        as_of.unwrap_or_default().to_owned(),
    );
    view! {
        <GetForm action=RecordQuery::PATH class="filters" role="search" label="Find records">
            <input type="hidden" name="capture" value=id/>
            <Field label="Partition key" name="begins" kind="search" value=text
                hint=hint error=begins/>
            <Field label="As of, UTC" name="as_of" kind="datetime-local" step="1"
                value=moment hint="Empty is now." error=as_of/>
            <button class="button">"Find"</button>
        </GetForm>
    }
}

fn show(found: FoundRecords, query: &RecordQuery, id: &str) -> AnyView {
    let form = form(query, id, Some(&found.key_names), None, None);
    let exact = exact_form(&found.key_names, id);
    let gave_up = found.gave_up.then(|| {
        view! { <p class="field-hint">"The search took too long and was given up: there may be more. Write more of the key."</p> }
    });
    let list = if found.records.is_empty() {
        view! {
            <Empty title="No record was there">
                <p>"As of this moment, the backup knows no record whose key begins like this."</p>
            </Empty>
        }
        .into_any()
    } else {
        let summary = counted(found.records.len() as u64, "record", "records");
        let more = found
            .more
            .then_some(", and there are more: write more of the key");
        let rows = found
            .records
            .into_iter()
            .map(|record| row(record, id))
            .collect_view();
        view! {
            <p class="list-order">{summary} " as of " <Moment at=found.as_of style=Style::Exact/> {more} "."</p>
            <Table
                label="Records found"
                columns=vec![
                    Column::text("Record"),
                    Column::text("As it is since"),
                    Column::text("What it held"),
                ]
            >
                {rows}
            </Table>
        }
        .into_any()
    };
    view! {
        {form}
        {exact}
        {gave_up}
        {troubles(found.troubles)}
        {list}
    }
    .into_any()
}

/// The way to one record whose key is known, which need not be there any more.
fn exact_form(names: &[KeyName], id: &str) -> AnyView {
    let mut names = names.iter();
    let Some(partition) = names.next() else {
        return ().into_any();
    };
    let kind = |name: &KeyName| match name.kind.as_str() {
        "N" => "A number.",
        "B" => "Binary, in base64.",
        _ => "",
    };
    let sort = names.next().map(|sort| {
        let (hint, label) = (kind(sort), format!("Sort key {}", sort.name));
        view! { <Named label name="sort" hint/> }
    });
    let (hint, label) = (kind(partition), format!("Partition key {}", partition.name));
    let id = id.to_owned();
    view! {
        <details class="disclosure">
            <summary>"I know the whole key, the record may be gone"</summary>
            <div class="disclosure-body">
                <GetForm action=RecordQuery::PATH class="filters" label="One record">
                    <input type="hidden" name="capture" value=id/>
                    <Named label name="partition" hint/>
                    {sort}
                    <button class="button">"Show its history"</button>
                </GetForm>
            </div>
        </details>
    }
    .into_any()
}

/// A field whose label names an attribute of the table.
#[component]
fn Named(label: String, name: &'static str, hint: &'static str) -> impl IntoView {
    let id = format!("field-{name}");
    view! {
        <div class="field">
            <label for=id.clone()>{label}</label>
            <input id=id name=name type="text" required=true autocomplete="off"/>
            {(!hint.is_empty()).then(|| view! { <p class="field-hint">{hint}</p> })}
        </div>
    }
}

fn row(record: FoundRecord, id: &str) -> impl IntoView + use<> {
    let href = RecordQuery::of(id, &record.key.text).href();
    view! {
        <tr>
            <td class="cell-name"><a class="row-link" href=href><RecordKey key=record.key/></a></td>
            <td class="nowrap"><Moment at=record.since style=Style::Both/></td>
            <td class="cell-record"><RecordValue value=record.item/></td>
        </tr>
    }
}
