use leptos::prelude::*;
use tidemark_domain::{
    Arn, Privilege,
    records::{CaptureLayout, CaptureMode, SetupRequest},
};

use super::setup_plan::preview;
use crate::{
    components::{
        Choice, Crumb, Disclosure, ErrorNotice, Field, GetForm, PageHead, Select, TextArea, load_or,
    },
    error::AppError,
    pages::{only, resources::resource_href, search},
    server_fns::records::{SetupQuery, prefill_setup},
};

/// Sets up that every change of a table is kept: a form, then what would be done, then the start.
#[component]
pub(crate) fn SetupPage() -> impl IntoView {
    only(
        Privilege::ManageRecords,
        "An operator or an admin can set up record-level backups.",
        || {
            let search = search();
            let shown = move || page(SetupQuery::parse(&search.get()));
            shown.into_any()
        },
    )
}

fn page(query: SetupQuery) -> AnyView {
    let table = query.value("table").to_owned();
    let name =
        Arn::parse(&table).map_or_else(|_| "a table".to_owned(), |arn| arn.name().to_owned());
    let mut crumbs = vec![Crumb::new("Records", "/records")];
    if let Ok(arn) = Arn::parse(&table) {
        crumbs.push(Crumb::new(arn.name(), resource_href(&arn)));
    }
    let body = match query.is_filled().then(|| query.request()) {
        None => proposed(table),
        Some(Ok(request)) => view! {
            {preview(&query)}
            <Disclosure summary="Change the answers">{form_of(&request)}</Disclosure>
        }
        .into_any(),
        Some(Err(invalid)) => view! {
            <ErrorNotice error=AppError::from(invalid)/>
            {proposed(table)}
        }
        .into_any(),
    };
    view! {
        <PageHead title=format!("Keep every change of {name}") crumbs=crumbs/>
        <p class="lead">"Each change of each record goes from the table's stream to a bucket. From then on every second can be looked at, compared, and brought back."</p>
        {body}
    }
    .into_any()
}

/// The form with what is proposed for the table.
fn proposed(table: String) -> AnyView {
    let prefill = Resource::new_blocking(move || table.clone(), prefill_setup);
    load_or(
        prefill,
        |request| form_of(&request).into_any(),
        |error| view! { <ErrorNotice error/> }.into_any(),
    )
}

/// The form; its fields become the address of the preview.
fn form_of(request: &SetupRequest) -> impl IntoView + use<> {
    let number = |number: Option<u32>| number.map(|n| n.to_string()).unwrap_or_default();
    let layouts = CaptureLayout::ALL
        .map(|layout| {
            let words = match layout {
                CaptureLayout::Segments => "batches of changes",
                CaptureLayout::Objects => "one object per record",
            };
            Choice::new(layout.as_str(), words)
        })
        .to_vec();
    let modes = [CaptureMode::Embedded, CaptureMode::Function]
        .map(|mode| {
            let words = match mode {
                CaptureMode::Function => "a Lambda function in the table's account",
                _ => "the console's own workers",
            };
            Choice::new(mode.as_str(), words)
        })
        .to_vec();
    let request = request.clone();
    view! {
        <GetForm action=SetupQuery::PATH class="form" label="Set up">
            <input type="hidden" name="table" value=request.table.to_string()/>
            <fieldset class="form-part">
                <legend>"Where"</legend>
                <div class="field-row">
                    <Field label="Bucket" name="bucket" required=true value=request.bucket.clone()
                        hint="In the table's account and Region."/>
                    <Field label="Prefix" name="prefix" value=request.prefix.clone()
                        hint="What stands before the table's name; may be empty."/>
                </div>
                <Tick name="create_bucket" label="Make the bucket if it is not there" checked=request.create_bucket/>
            </fieldset>
            <fieldset class="form-part">
                <legend>"How"</legend>
                <div class="field-row">
                    <Select label="Stored as" name="layout" choices=layouts value=request.layout.as_str()
                        hint="Batches take far fewer requests; objects can be read by dynamodb-replicator, too."/>
                    <Select label="Stream read by" name="mode" choices=modes value=request.mode.as_str()/>
                    <Field label="Units per second" name="capacity" kind="number" min="1"
                        value=number(request.capacity) hint="Read capacity that the first copy uses at most; empty for no limit."/>
                </div>
                <Tick name="replace_stream" label="Replace a stream that does not hold whole records" checked=request.replace_stream/>
            </fieldset>
            <fieldset class="form-part">
                <legend>"Protection of the bucket"</legend>
                <Tick name="versioning" label="Switch versions on" checked=request.versioning/>
                <Tick name="encryption" label="Switch encryption on" checked=request.encryption/>
                <Tick name="block_public_access" label="Block public access" checked=request.block_public_access/>
                <Tick name="deny_version_deletion" label="Deny everybody to delete versions" checked=request.deny_version_deletion/>
                <div class="field-row">
                    <Field label="Break-glass role" name="break_glass_role" value=request.break_glass_role.clone()
                        hint="ARN of the one role that may delete versions all the same."/>
                    <Field label="Days of lock" name="lock_days" kind="number" min="1" value=number(request.lock_days)
                        hint="For a new bucket: versions are locked in governance mode."/>
                </div>
            </fieldset>
            <TextArea label="Reason" name="reason" value=request.reason.clone() hint="For the audit log, in your words."/>
            <div class="form-actions"><button class="button button-primary">"Show what would be done"</button></div>
        </GetForm>
    }
}

/// A box to tick.
#[component]
fn Tick(name: &'static str, label: &'static str, checked: bool) -> impl IntoView {
    let id = format!("field-{name}");
    view! {
        <div class="check-box">
            <input type="checkbox" id=id.clone() name=name value="1" checked=checked/>
            <label for=id>{label}</label>
        </div>
    }
}
